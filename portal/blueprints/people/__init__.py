"""Those who can sign in: found, changed, closed, opened again, signed out."""

from portal.web.gate import Feature

bp = Feature("people", __name__)

from portal.blueprints.people import views as views  # noqa: E402
