"""What is ticked in a list, from when the list is, and the page one comes back to."""

import re
from datetime import datetime

from wtforms import HiddenField, SelectMultipleField

from portal.web.forms import PortalForm

_LISTS = re.compile(r"/(?:home|families|checks|actions/A-[1-9][0-9]{0,8})(?:\?[\w=&.-]*)?", re.ASCII)
HOME = "/"


class ChosenForm(PortalForm):
    """References of what stands in the lines that are ticked; `back`: the page they were chosen on; `until`: when that
    page was made."""

    thing = SelectMultipleField("What you ticked", validate_choice=False)
    until = HiddenField()
    back = HiddenField()

    @property
    def refs(self) -> list[str]:
        return self.thing.data or []

    @property
    def came_from(self) -> str:
        return back_to(self.back.data)

    @property
    def moment(self) -> datetime | None:
        return moment_of(self.until.data)


def back_to(asked: str | None) -> str:
    """One of the portal's own pages, or the first."""
    return asked if asked and _LISTS.fullmatch(asked) else HOME


def moment_of(text: str | None) -> datetime | None:
    """When a page was made, as it says itself; None where that is no moment."""
    try:
        found = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return found if found.tzinfo else None
