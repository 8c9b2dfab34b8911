"""Signing in and out, and where each person begins."""

from portal.web.gate import Feature

bp = Feature("account", __name__)

from portal.blueprints.account import views as views  # noqa: E402
