"""Record a visit, a call or another contact with a family."""

from portal.web.gate import Feature

bp = Feature("contacts", __name__)

from portal.blueprints.contacts import views as views  # noqa: E402
