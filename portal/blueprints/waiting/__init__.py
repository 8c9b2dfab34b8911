"""What waits longest, and on whom."""

from portal.web.gate import Feature

bp = Feature("waiting", __name__)

from portal.blueprints.waiting import views as views  # noqa: E402
