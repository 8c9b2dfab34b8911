"""Asking somebody to lead, and their answer."""

from portal.web.gate import Feature

bp = Feature("leads", __name__)

from portal.blueprints.leads import views as views  # noqa: E402
