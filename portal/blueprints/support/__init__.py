"""What was suggested to a family: record it, and see what became of it."""

from portal.web.gate import Feature

bp = Feature("support", __name__)

from portal.blueprints.support import found_views as found_views  # noqa: E402
from portal.blueprints.support import move_views as move_views  # noqa: E402
from portal.blueprints.support import suggest_this_views as suggest_this_views  # noqa: E402
from portal.blueprints.support import views as views  # noqa: E402
