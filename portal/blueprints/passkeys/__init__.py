"""Passkeys: made and removed on one's own account, used alone or after the password."""

from portal.web.gate import Feature

bp = Feature("passkeys", __name__)

from portal.blueprints.passkeys import views as views  # noqa: E402
