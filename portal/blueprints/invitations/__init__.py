"""Whom an administrator invites, and who has not come yet."""

from portal.web.gate import Feature

bp = Feature("invitations", __name__)

from portal.blueprints.invitations import views as views  # noqa: E402
