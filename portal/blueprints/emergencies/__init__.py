"""Families opened in an emergency, and who looks into that afterwards."""

from portal.web.gate import Feature

bp = Feature("emergencies", __name__)

from portal.blueprints.emergencies import views as views  # noqa: E402
