"""Reminders that somebody sends to whom things wait on, from any list or page of such a thing."""

from portal.web.gate import Feature

bp = Feature("reminders", __name__)

from portal.blueprints.reminders import views as views  # noqa: E402
