"""Taking back a change that was just made."""

from portal.web.gate import Feature

bp = Feature("undo", __name__)

from portal.blueprints.undo import views as views  # noqa: E402
