"""What an administrator begins with, and never a family."""

from portal.web.gate import Feature

bp = Feature("admin", __name__)

from portal.blueprints.admin import views as views  # noqa: E402
