"""Whom to ask to lead, and what the person says, here or as told."""

import enum
from collections.abc import Iterable
from typing import ClassVar

from portal.core import clock
from portal.domain.support import Method
from portal.domain.viewer import Viewer
from portal.domain.wording import CHOICES
from portal.models.families import Family
from portal.models.handover import LeadAssignment
from portal.queries import leads as read
from portal.queries.candidates import OUTSIDE, Candidate
from portal.services.actions import Told
from portal.services.leads import Whom
from portal.web.branches import BranchingForm
from portal.web.forms import (
    DateField,
    LineField,
    PickField,
    PortalForm,
    RadiosField,
    Required,
    SelectChoice,
    TextField,
    choices,
    not_later_than_today,
)

REASON = 1000
HOW = (Method.CALL, Method.MEETING, Method.VISIT, Method.EMAIL, Method.TEXT, Method.LETTER)


class Answer(enum.StrEnum):
    YES = "yes"
    NO = "no"


def listed(candidates: Iterable[Candidate]) -> list[SelectChoice]:
    """The choices of a list of people."""
    return [SelectChoice("", "Choose a person"), *(SelectChoice(each.value, each.words) for each in candidates)]


def whom(value: str) -> Whom:
    """Who is meant by an entry of that list."""
    if value.startswith(OUTSIDE):
        return Whom(member_id=int(value.removeprefix(OUTSIDE)))
    return Whom(int(value))


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


class ToldForm(BranchingForm):
    """What somebody without a sign-in said."""

    told_by_history = True

    branches: ClassVar[dict[str, tuple[str, str]]] = {"answer_reason": ("answer", Answer.NO)}
    answer = RadiosField(
        "What did they say?",
        [Required("Select what they said")],
        choices=[SelectChoice(Answer.YES.value, "They will lead"), SelectChoice(Answer.NO.value, "They cannot lead")],
    )
    answer_reason = TextField(
        "Why can they not lead?",
        [Required("Enter why they cannot lead")],
        called="Why they cannot lead",
        longest=REASON,
    )
    told_by = LineField("Who told you?", [Required("Enter who told you")], called="Who told you")
    told_how = RadiosField("How?", [Required("Select how you were told")], choices=choices(CHOICES, HOW))
    told_on = DateField(
        "When?", [Required("Enter the date you were told"), not_later_than_today], called="The date you were told"
    )

    def told(self) -> Told:
        return Told(self.told_by.data or "", self.told_on.data, Method(self.told_how.data))


def told_form(nomination: LeadAssignment, _viewer: Viewer) -> ToldForm:
    return ToldForm(told_by=nomination.name, told_on=clock.today())


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
    form = AskForm(version=str(family.version), lead=meant.chosen if meant.nominee else None)
    form.meant, form.history_of = meant, meant.chosen_ref
    form.lead.choices = listed(meant.candidates)
    return form


class WithdrawForm(PortalForm):
    told_by_history = True


def withdraw_form(_nomination: LeadAssignment, _viewer: Viewer) -> WithdrawForm:
    return WithdrawForm()
