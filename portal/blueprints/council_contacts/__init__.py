"""Whom pages and letters tell people to ring."""

from portal.web.gate import Feature

bp = Feature("council_contacts", __name__)

from portal.blueprints.council_contacts import views as views  # noqa: E402
