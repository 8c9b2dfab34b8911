"""Passwords: one's own changed, a forgotten one set by a link."""

from portal.blueprints.account.forms import EmailForm
from portal.domain.passwords import SHORTEST
from portal.domain.viewer import Viewer
from portal.web.forms import PasswordField, PortalForm, Required


def _new_password() -> PasswordField:
    return PasswordField(
        "New password",
        [Required("Enter a new password")],
        description=f"{SHORTEST} characters or more. Three or four words that do not belong together are easy to "
        "remember and hard to guess. Spaces count.",
    )


class OwnPasswordForm(PortalForm):
    current_password = PasswordField("Your password now", [Required("Enter the password that you sign in with now")])
    new_password = _new_password()


class NewPasswordForm(PortalForm):
    new_password = _new_password()


def own_password_form(_viewer: Viewer) -> OwnPasswordForm:
    return OwnPasswordForm()


def new_password_form(_viewer: Viewer | None, **_address: str) -> NewPasswordForm:
    return NewPasswordForm()


def forgotten_form(_viewer: Viewer | None) -> EmailForm:
    return EmailForm()
