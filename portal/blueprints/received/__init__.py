"""What was sent to the viewer's own service: seen, and answered."""

from portal.web.gate import Feature

bp = Feature("received", __name__)

from portal.blueprints.received import views as views  # noqa: E402
