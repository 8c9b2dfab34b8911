"""A family's plan: its needs, its actions, and when it comes into force."""

from portal.web.gate import Feature

bp = Feature("plans", __name__)

from portal.blueprints.plans import copy_views as copy_views  # noqa: E402
from portal.blueprints.plans import need_views as need_views  # noqa: E402
from portal.blueprints.plans import review_views as review_views  # noqa: E402
from portal.blueprints.plans import starter_views as starter_views  # noqa: E402
from portal.blueprints.plans import version_views as version_views  # noqa: E402
from portal.blueprints.plans import views as views  # noqa: E402
