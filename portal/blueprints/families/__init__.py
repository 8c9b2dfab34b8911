"""The worklist of families, a family's page, and its history."""

from portal.web.gate import Feature

bp = Feature("families", __name__)

from portal.blueprints.families import chosen_views as chosen_views  # noqa: E402
from portal.blueprints.families import views as views  # noqa: E402
