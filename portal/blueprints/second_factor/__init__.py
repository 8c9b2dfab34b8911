"""A second factor: asked for after the password, set up the first time, and looked after on one's own account."""

from portal.web.gate import Feature

bp = Feature("second_factor", __name__)

from portal.blueprints.second_factor import account_views as account_views  # noqa: E402
from portal.blueprints.second_factor import views as views  # noqa: E402
