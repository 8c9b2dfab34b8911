"""What reminders are sent of, and from which page."""

import re

from wtforms import HiddenField, SelectMultipleField

from portal.domain.viewer import Viewer
from portal.models.record import Event
from portal.web.forms import PortalForm

_LISTS = re.compile(r"/(?:home|families|checks|actions/A-[1-9][0-9]{0,8})(?:\?[\w=&.-]*)?", re.ASCII)
HOME = "/"


class RemindersForm(PortalForm):
    """References of actions and checks; `back`: the page they were chosen on."""

    thing = SelectMultipleField(validate_choice=False)
    back = HiddenField()

    @property
    def refs(self) -> list[str]:
        return self.thing.data or []

    @property
    def came_from(self) -> str:
        return back_to(self.back.data)


def back_to(asked: str | None) -> str:
    """One of the portal's own pages, or the first."""
    return asked if asked and _LISTS.fullmatch(asked) else HOME


def reminders_form(_viewer: Viewer) -> RemindersForm:
    return RemindersForm()


def back_form(_event: Event, _viewer: Viewer) -> PortalForm:
    return PortalForm()
