"""Whom to ask to lead, and what the person says."""

import enum
from typing import ClassVar

from portal.domain.viewer import Viewer
from portal.models.families import Family
from portal.models.handover import LeadAssignment
from portal.queries import leads as read
from portal.web.branches import BranchingForm
from portal.web.forms import PickField, PortalForm, RadiosField, Required, SelectChoice, TextField

REASON = 1000


class Answer(enum.StrEnum):
    YES = "yes"
    NO = "no"


class AnswerForm(BranchingForm):
    """Only the person who was asked can answer, so there is nobody to be faster."""

    told_by_history = True

    branches: ClassVar[dict[str, tuple[str, str]]] = {"answer_reason": ("answer", Answer.NO)}
    answer = RadiosField(
        "Will you be the {lead_professional}?",
        [Required("Select whether you will lead")],
        choices=[SelectChoice(Answer.YES.value, "I will lead"), SelectChoice(Answer.NO.value, "I cannot lead")],
    )
    answer_reason = TextField(
        "Why can you not lead?",
        [Required("Enter why you cannot lead")],
        called="Why you cannot lead",
        longest=REASON,
        description="The {coordinator} reads this, and asks somebody else.",
    )


def answer_form(_nomination: LeadAssignment, _viewer: Viewer) -> AnswerForm:
    return AnswerForm()


class AskForm(PortalForm):
    edits = True
    lead = PickField(
        "Who will be asked to be the {lead_professional}?",
        [Required("Choose who will be asked to be the {lead_professional}")],
    )
    meant: read.Asking


def ask_form(family: Family, _viewer: Viewer) -> AskForm:
    """Judged by the family's version; what tells of a faster one is the history of their own request."""
    meant = read.asking(family)
    form = AskForm(version=str(family.version), lead=meant.chosen)
    form.meant, form.history_of = meant, meant.chosen_ref
    form.lead.choices = [
        SelectChoice("", "Choose a person"),
        *(SelectChoice(str(each.user_id), each.words) for each in meant.candidates),
    ]
    return form
