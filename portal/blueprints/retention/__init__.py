"""How long records are kept, what holds one back, and that two people destroy it."""

from portal.web.gate import Feature

bp = Feature("retention", __name__)

from portal.blueprints.retention import views as views  # noqa: E402
