"""The council's own sign-in: coming in by it, and connecting it to one's account."""

from portal.web.gate import Feature

bp = Feature("provider", __name__)

from portal.blueprints.provider import views as views  # noqa: E402
