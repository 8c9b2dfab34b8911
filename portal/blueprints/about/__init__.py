"""About the portal itself, for whoever uses it: help, privacy, cookies, accessibility."""

from portal.web.gate import Feature

bp = Feature("about", __name__)

from portal.blueprints.about import views as views  # noqa: E402
