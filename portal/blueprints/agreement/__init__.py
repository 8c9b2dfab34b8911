"""Agreement to early help, and what is shared with whom."""

from portal.web.gate import Feature

bp = Feature("agreement", __name__)

from portal.blueprints.agreement import views as views  # noqa: E402
