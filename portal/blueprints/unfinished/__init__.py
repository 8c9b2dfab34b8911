"""Forms that somebody has not sent yet, and the time they have for it."""

from portal.web.gate import Feature

bp = Feature("unfinished", __name__)

from portal.blueprints.unfinished import views as views  # noqa: E402
