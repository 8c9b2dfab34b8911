"""Days on which the council is closed."""

from portal.web.gate import Feature

bp = Feature("closed_days", __name__)

from portal.blueprints.closed_days import views as views  # noqa: E402
