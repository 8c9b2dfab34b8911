"""Where coordinators and leads begin."""

from portal.web.gate import Feature

bp = Feature("home", __name__)

from portal.blueprints.home import views as views  # noqa: E402
