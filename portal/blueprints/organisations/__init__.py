"""Organisations and what was agreed with each about sharing."""

from portal.web.gate import Feature

bp = Feature("organisations", __name__)

from portal.blueprints.organisations import agreement_views as agreement_views  # noqa: E402
from portal.blueprints.organisations import views as views  # noqa: E402
