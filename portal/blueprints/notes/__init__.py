"""Write a note about a family."""

from portal.web.gate import Feature

bp = Feature("notes", __name__)

from portal.blueprints.notes import views as views  # noqa: E402
