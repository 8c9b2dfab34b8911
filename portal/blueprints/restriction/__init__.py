"""Who may see a restricted family: ask for it, restrict it, clear people, lift it; and all of them on one page."""

from portal.web.gate import Feature

bp = Feature("restriction", __name__)

from portal.blueprints.restriction import views as views  # noqa: E402
