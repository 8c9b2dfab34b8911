"""What is asked when social work closes, opens again, or goes to another worker."""

from typing import ClassVar

from portal.core import clock
from portal.domain.step_downs import HolderAnswer
from portal.domain.viewer import Viewer
from portal.domain.wording import CHOICES
from portal.models.families import Family
from portal.queries import candidates
from portal.queries import social_work as read
from portal.web.branches import BranchingForm
from portal.web.forms import (
    DateField,
    PickField,
    PortalForm,
    RadiosField,
    Required,
    SelectChoice,
    TextField,
    TicksField,
    choices,
    not_later_than_today,
)

LONG = 1000


class ClosedForm(PortalForm):
    edits = True
    on = DateField(
        "When did social work close?",
        [Required("Enter the date social work closed"), not_later_than_today],
        called="The date social work closed",
        default=clock.today,
    )


def closed_form(family: Family, _viewer: Viewer) -> ClosedForm:
    return ClosedForm(version=str(family.version))


class HolderForm(BranchingForm):
    told_by_history = True
    branches: ClassVar[dict[str, tuple[str, str]]] = {"holder": ("answer", HolderAnswer.NAMED)}
    answer = RadiosField(
        "Who holds this family?",
        [Required("Select whether somebody holds the family, or social work should be opened again")],
        choices=choices(CHOICES, HolderAnswer),
    )
    holder = PickField("Who?", [Required("Choose who holds the family for now")])
    words = TextField("Why?", [Required("Enter why")], called="Why", longest=LONG)


def holder_form(_family: Family, _viewer: Viewer) -> HolderForm:
    form = HolderForm()
    form.holder.choices = [
        SelectChoice("", "Choose a person"),
        *(SelectChoice(each.value, each.words) for each in candidates.candidates()),
    ]
    return form


class ReopenForm(PortalForm):
    words = TextField("Why is social work opened again?", [Required("Enter why")], called="Why", longest=LONG)


def reopen_form(_family: Family, _viewer: Viewer) -> ReopenForm:
    return ReopenForm()


class PassOnForm(PortalForm):
    families = TicksField("Which families?", [Required("Select at least one family")])
    worker = PickField("Who does social work with them now?", [Required("Choose who does social work with them now")])
    words = TextField("Why?", [Required("Enter why")], called="Why", longest=LONG)
    found: read.Passing


def pass_on_form(viewer: Viewer) -> PassOnForm:
    form = PassOnForm()
    form.found = read.passing(viewer)
    form.families.choices = [SelectChoice(str(each.id), each.words) for each in form.found.families]
    form.worker.choices = [
        SelectChoice("", "Choose a person"),
        *(SelectChoice(str(each.id), each.words) for each in form.found.workers),
    ]
    return form
