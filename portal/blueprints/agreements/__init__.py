"""Sharing agreements that end, and extending one."""

from portal.web.gate import Feature

bp = Feature("agreements", __name__)

from portal.blueprints.agreements import views as views  # noqa: E402
