"""Who sets up their second factor anew, and why; and a button beside one that waits."""

from portal.domain.viewer import Viewer
from portal.queries import factor_resets as read
from portal.web.forms import LineField, PickField, PortalForm, Required, SelectChoice, TextField
from portal.web.refs import number_in


class AskForm(PortalForm):
    person = PickField("Who has to set up their codes anew?", [Required("Choose the person")])
    why = TextField(
        "How do you know that it is them who ask?",
        [Required("Enter how you know that it is them")],
        called="How you know that it is them",
        longest=500,
        description="Say how you made sure: you rang them on a number you knew before, or they came in person.",
    )


class WaitingForm(PortalForm):
    reset = LineField("", longest=20)

    @property
    def number(self) -> int:
        return number_in(self.reset.data)


def ask_form(viewer: Viewer) -> AskForm:
    form = AskForm()
    form.person.choices = [
        SelectChoice("", "Choose somebody"),
        *(SelectChoice(str(each.id), f"{each.name}, {each.organisation}") for each in read.people(viewer)),
    ]
    return form


def waiting_form(_viewer: Viewer) -> WaitingForm:
    return WaitingForm()
