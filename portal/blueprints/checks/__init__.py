"""Follow-up checks: lists of what is due, and the page on which one is recorded."""

from portal.web.gate import Feature

bp = Feature("checks", __name__)

from portal.blueprints.checks import views as views  # noqa: E402
