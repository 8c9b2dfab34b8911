"""What reminders are sent of, and from which page."""

from portal.domain.viewer import Viewer
from portal.models.record import Event
from portal.web.chosen import ChosenForm
from portal.web.forms import PortalForm


def reminders_form(_viewer: Viewer) -> ChosenForm:
    return ChosenForm()


def back_form(_event: Event, _viewer: Viewer) -> PortalForm:
    return PortalForm()
