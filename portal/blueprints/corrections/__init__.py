"""A mistake in a family's history, put right by a further line."""

from portal.web.gate import Feature

bp = Feature("corrections", __name__)

from portal.blueprints.corrections import views as views  # noqa: E402
