"""The team around a family, and who joins it."""

from portal.web.gate import Feature

bp = Feature("team", __name__)

from portal.blueprints.team import member_views as member_views  # noqa: E402
from portal.blueprints.team import views as views  # noqa: E402
