"""A code of an app, a recovery code, and buttons."""

from portal.domain.dates import counted
from portal.domain.viewer import Viewer
from portal.web import proving
from portal.web.forms import LineField, PasswordField, PortalForm, Required, TickField
from portal.web.pages import settings
from portal.web.refs import number_in


class CodeForm(PortalForm):
    code = LineField(
        "Code from your app",
        [Required("Enter the code that your app shows")],
        longest=40,
        called="The code",
        description="Six digits that change every half minute. Each counts once.",
    )


class SignInCodeForm(CodeForm):
    trust = TickField("")


class ConfirmForm(CodeForm):
    """What somebody signs in with: a code of their app, or their password alone."""

    current_password = PasswordField("Your password", [Required("Enter the password that you sign in with now")])


class DeviceForm(PortalForm):
    """A button beside one browser: its number stands in the form itself."""

    device = LineField("", longest=20)

    @property
    def number(self) -> int:
        return number_in(self.device.data)


class RecoveryForm(PortalForm):
    recovery_code = LineField(
        "One of your recovery codes",
        [Required("Enter one of your recovery codes")],
        longest=60,
        called="The recovery code",
        description="One that you have not used yet, with or without dashes.",
    )


def code_form(_viewer: Viewer) -> CodeForm:
    return CodeForm()


def confirm_form(viewer: Viewer) -> ConfirmForm:
    form = ConfirmForm()
    if proving.password_is_enough(viewer):
        del form.code
    else:
        del form.current_password
    return form


def sign_in_code_form(_viewer: Viewer) -> SignInCodeForm:
    form, days = SignInCodeForm(), settings().trusted_device_days
    if days:
        form.trust.label.text = f"Do not ask for a code in this browser for {counted(days, 'day', 'days')}"
        form.trust.description = "Only on a computer or phone that is yours alone."
    else:
        del form.trust
    return form


def device_form(_viewer: Viewer) -> DeviceForm:
    return DeviceForm()


def recovery_form(_viewer: Viewer) -> RecoveryForm:
    return RecoveryForm()


def button_form(_viewer: Viewer) -> PortalForm:
    return PortalForm()
