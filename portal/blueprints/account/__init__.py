"""Signing in and out, where each person begins, and what they are told."""

from portal.web.gate import Feature

bp = Feature("account", __name__)

from portal.blueprints.account import link_views as link_views  # noqa: E402
from portal.blueprints.account import own_views as own_views  # noqa: E402
from portal.blueprints.account import views as views  # noqa: E402
