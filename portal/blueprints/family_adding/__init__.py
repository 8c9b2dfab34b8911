"""Add a family that is not known here yet."""

from portal.web.gate import Feature

bp = Feature("family_adding", __name__)

from portal.blueprints.family_adding import views as views  # noqa: E402
