"""Words that must not stand: hide them, see who had read them, put them back."""

from portal.web.gate import Feature

bp = Feature("hiding", __name__)

from portal.blueprints.hiding import views as views  # noqa: E402
