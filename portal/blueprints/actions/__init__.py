"""One's own actions, an action, and its update."""

from portal.web.gate import Feature

bp = Feature("actions", __name__)

from portal.blueprints.actions import views as views  # noqa: E402
