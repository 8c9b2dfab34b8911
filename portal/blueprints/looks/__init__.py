"""Who has looked at a family, and looks that somebody should ask about."""

from portal.web.gate import Feature

bp = Feature("looks", __name__)

from portal.blueprints.looks import export_views as export_views  # noqa: E402
from portal.blueprints.looks import views as views  # noqa: E402
