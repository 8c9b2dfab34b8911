"""On which days the council is closed."""

from datetime import date

from portal.domain.viewer import Viewer
from portal.web.forms import DateField, LineField, PortalForm, Required


class CloseForm(PortalForm):
    name = LineField(
        "What is it called?",
        [Required("Enter what it is called")],
        called="What it is called",
        description="For example, Between Christmas and New Year",
    )
    first = DateField("First day", [Required("Enter the first day")], called="The first day")
    last = DateField("Last day (optional)", called="The last day", description="Leave it empty where it is one day")


def close_form(_viewer: Viewer) -> CloseForm:
    return CloseForm()


class TakeOutForm(PortalForm):
    """One of several on a page: which days are meant stands in the form itself."""

    days = LineField("", longest=21)

    def span(self) -> tuple[date, date]:
        """From no day to none where the form was not one of the page’s."""
        first, _, last = (self.days.data or "").partition(":")
        try:
            return date.fromisoformat(first), date.fromisoformat(last)
        except ValueError:
            return date.min, date.min


def take_out_form(_viewer: Viewer) -> TakeOutForm:
    return TakeOutForm()
