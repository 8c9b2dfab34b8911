"""Practice standards: every default limit, and the council's own."""

from portal.web.gate import Feature

bp = Feature("standards", __name__)

from portal.blueprints.standards import views as views  # noqa: E402
