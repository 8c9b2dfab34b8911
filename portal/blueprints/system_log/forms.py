"""What the system's log is exported for."""

from portal.domain.viewer import Viewer
from portal.web.forms import LineField, PortalForm, Required


class ExportForm(PortalForm):
    purpose = LineField(
        "What do you need it for?",
        [Required("Enter what you need it for")],
        longest=300,
        called="What you need it for",
        description="It stands at the head of the file, and in the log, with your name and the time",
    )


def export_form(_viewer: Viewer) -> ExportForm:
    return ExportForm()
