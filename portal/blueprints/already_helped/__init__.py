"""A family that was in early help before the portal came."""

from portal.web.gate import Feature

bp = Feature("already_helped", __name__)

from portal.blueprints.already_helped import views as views  # noqa: E402
