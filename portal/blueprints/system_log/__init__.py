"""The system's log: read, narrowed, taken out as a file."""

from portal.web.gate import Feature

bp = Feature("system_log", __name__)

from portal.blueprints.system_log import views as views  # noqa: E402
