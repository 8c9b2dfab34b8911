"""Which family cannot wait, why, and for how long; and what a manager found afterwards."""

from portal.domain.dates import counted
from portal.domain.emergencies import WORDS, Emergency, lengths
from portal.domain.viewer import Viewer
from portal.models.restricting import EmergencyOpening
from portal.web.forms import LineField, PortalForm, RadiosField, Required, SelectChoice, TextField, choices
from portal.web.pages import settings

LONGEST = 300


class OpenForm(PortalForm):
    reference = LineField(
        "Reference of the {family}",
        [Required("Enter the reference of the {family}")],
        longest=40,
        called="The reference",
        description="Like F-1042, or the council’s own. Names find nothing here",
    )
    reason = RadiosField(
        "Why can it not wait?", [Required("Select why it cannot wait")], choices=choices(WORDS, Emergency)
    )
    why = TextField(
        "What has happened?",
        [Required("Enter what has happened")],
        longest=LONGEST,
        called="What has happened",
        description="One or two sentences. They stand in the history of the {family}",
    )
    hours = RadiosField("For how long do you need it?", [Required("Select for how long you need it")])


def open_form(_viewer: Viewer) -> OpenForm:
    form = OpenForm()
    form.hours.choices = [
        SelectChoice(str(hours), counted(hours, "hour", "hours")) for hours in lengths(settings().emergency_hours)
    ]
    return form


class CloseForm(PortalForm):
    """Only a button."""


def close_form(_opening: EmergencyOpening, _viewer: Viewer) -> CloseForm:
    return CloseForm()


class ReviewForm(PortalForm):
    review = TextField(
        "What did you find?",
        [Required("Enter what you found")],
        longest=500,
        called="What you found",
        description="Whether it was needed, whom you asked, and what follows",
    )


def review_form(_opening: EmergencyOpening, _viewer: Viewer) -> ReviewForm:
    return ReviewForm()
