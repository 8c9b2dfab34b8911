"""Who lives where in a family, and how they belong together."""

from portal.web.gate import Feature

bp = Feature("household", __name__)

from portal.blueprints.household import views as views  # noqa: E402
from portal.blueprints.household import views_ties as views_ties  # noqa: E402
