"""Who holds families: coordinators changed, covered, and what somebody held passed on."""

from portal.web.gate import Feature

bp = Feature("holding", __name__)

from portal.blueprints.holding import views as views  # noqa: E402
