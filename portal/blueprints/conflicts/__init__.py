"""Whose own family it is: declared on one's account, recorded and ended by managers."""

from portal.web.gate import Feature

bp = Feature("conflicts", __name__)

from portal.blueprints.conflicts import views as views  # noqa: E402
