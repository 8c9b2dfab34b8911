"""The page behind a family's link: one question, no sign-in, no script, nothing of the family."""

from portal.web.gate import Feature

bp = Feature("family_link", __name__)

from portal.blueprints.family_link import views as views  # noqa: E402
