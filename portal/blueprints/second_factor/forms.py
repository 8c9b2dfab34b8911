"""A code of an app, a recovery code, and buttons."""

from portal.domain.viewer import Viewer
from portal.web.forms import LineField, PortalForm, Required


class CodeForm(PortalForm):
    code = LineField(
        "Code from your app",
        [Required("Enter the code that your app shows")],
        longest=40,
        called="The code",
        description="Six digits that change every half minute. Each counts once.",
    )


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


def recovery_form(_viewer: Viewer) -> RecoveryForm:
    return RecoveryForm()


def button_form(_viewer: Viewer) -> PortalForm:
    return PortalForm()
