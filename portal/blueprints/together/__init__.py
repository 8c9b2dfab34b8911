"""Families that are ticked in the list: another lead for each of them, or the day of their next review."""

from portal.web.gate import Feature

bp = Feature("together", __name__)

from portal.blueprints.together import views as views  # noqa: E402
