"""Ask somebody of a family by a link: choose whom and how, print it, stop it."""

from portal.web.gate import Feature

bp = Feature("asking", __name__)

from portal.blueprints.asking import views as views  # noqa: E402
