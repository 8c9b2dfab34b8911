"""What is asked to accept a step-down, not to accept it, and to settle what was outstanding."""

import enum
from typing import Any, ClassVar

from portal.core import clock
from portal.domain.step_downs import DeclineCode
from portal.domain.viewer import Viewer
from portal.domain.wording import CHOICES
from portal.models.handover import OutstandingAction, StepDown
from portal.queries import leads
from portal.queries import outstanding as read
from portal.web.branches import BranchingForm
from portal.web.due_dates import DueDate, Meant, offer, resolve
from portal.web.forms import (
    DateField,
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
SHORT = 500


class AcceptForm(PortalForm):
    edits = True
    lead = PickField(
        "Who will be asked to be the {lead_professional}?",
        [Required("Choose who will be asked to be the {lead_professional}")],
    )
    meant: leads.Acceptance


def accept_form(step_down: StepDown, _viewer: Viewer) -> AcceptForm:
    meant = leads.acceptance(step_down)
    form = AcceptForm(version=str(step_down.version), lead=meant.chosen)
    form.meant = meant
    if meant.asks:
        form.lead.choices = [
            SelectChoice("", "Choose a person"),
            *(SelectChoice(each.value, each.words) for each in meant.candidates),
        ]
    else:
        del form.lead
    return form


class DeclineForm(PortalForm):
    edits = True
    decline_code = RadiosField(
        "Why is this {step_down} not accepted?",
        [Required("Select why this {step_down} is not accepted")],
        choices=choices(CHOICES, DeclineCode),
    )
    decline_reason = TextField(
        "What would have to change, or what should happen instead?",
        [Required("Enter why this {step_down} is not accepted")],
        called="The reason",
        longest=REASON,
        description="The {social_worker} reads this. Write it as if the family will read it. They can ask to.",
    )


def decline_form(step_down: StepDown, _viewer: Viewer) -> DeclineForm:
    return DeclineForm(
        version=str(step_down.version), decline_code=step_down.decline_code, decline_reason=step_down.decline_reason
    )


class Outcome(enum.StrEnum):
    CARRY = "carry"
    COMPLETE = "complete"
    DROP = "drop"


class Agreed(enum.StrEnum):
    YES = "yes"
    ASK = "ask"


class Told(enum.StrEnum):
    YES = "yes"
    LATER = "later"


class SettleForm(DueDate, BranchingForm):
    told_by_history = True
    edits = True
    branches: ClassVar[dict[str, tuple[str, str]]] = {
        "owner": ("outcome", Outcome.CARRY),
        "agreed": ("outcome", Outcome.CARRY),
        "due": ("outcome", Outcome.CARRY),
        "due_on": ("outcome", Outcome.CARRY),
        "evidence": ("outcome", Outcome.COMPLETE),
        "drop_reason": ("outcome", Outcome.DROP),
        "told": ("outcome", Outcome.DROP),
    }
    outcome = RadiosField(
        "What becomes of it?",
        [Required("Select what becomes of it")],
        choices=[
            SelectChoice(Outcome.CARRY.value, "It is carried into the {plan}"),
            SelectChoice(Outcome.COMPLETE.value, "It has been completed"),
            SelectChoice(Outcome.DROP.value, "It is dropped"),
        ],
    )
    owner = PickField("Who will do it?", [Required("Choose who will do it")])
    agreed = RadiosField(
        "Have they agreed?",
        [Required("Select whether they have agreed")],
        choices=[
            SelectChoice(Agreed.YES.value, "Yes, they have agreed"),
            SelectChoice(Agreed.ASK.value, "No, ask them"),
        ],
    )
    evidence = TextField(
        "How do you know?", [Required("Enter how you know it is completed")], called="How you know", longest=SHORT
    )
    drop_reason = TextField("Why is it dropped?", [Required("Enter why it is dropped")], called="Why", longest=SHORT)
    told = RadiosField(
        "Does the {family} know?",
        [Required("Select whether the {family} knows")],
        choices=[
            SelectChoice(Told.YES.value, "Yes, they have been told"),
            SelectChoice(Told.LATER.value, "Not yet"),
        ],
    )
    meant: read.Settling
    by: Meant | None = None

    def validate(self, extra_validators: Any = None) -> bool:
        """The due date is asked only where it is carried."""
        whole = super().validate(extra_validators)
        if self.said("outcome") != Outcome.CARRY:
            return whole
        self.by = resolve(self, self.meant.calendar, next_meeting=self.meant.next_meeting)
        return whole and self.by is not None


def settle_form(outstanding: OutstandingAction, viewer: Viewer) -> SettleForm:
    form = SettleForm(
        version=str(outstanding.version),
        outcome=_outcome_of(outstanding),
        evidence=outstanding.evidence,
        drop_reason=outstanding.drop_reason,
    )
    form.meant = read.settling(outstanding, viewer)
    if form.meant.kept and _outcome_of(outstanding) != Outcome.DROP:
        offered: Any = form.outcome.choices
        form.outcome.choices = [each for each in offered if each.value != Outcome.DROP]
        form.outcome.wrong = form.meant.kept
    form.owner.choices = [
        SelectChoice("", "Choose a person"),
        *(SelectChoice(str(each.member_id), each.words) for each in form.meant.members),
    ]
    offer(form, form.meant.calendar, next_meeting=form.meant.next_meeting)
    return form


class ToldForm(PortalForm):
    """Nothing of the action is changed but that the family knows."""

    told_on = DateField(
        "When was the {family} told?",
        [Required("Enter the date the {family} was told"), not_later_than_today],
        called="The date the {family} was told",
        default=clock.today,
    )
    meant: read.Settling


def told_form(outstanding: OutstandingAction, viewer: Viewer) -> ToldForm:
    form = ToldForm()
    form.meant = read.settling(outstanding, viewer)
    return form


def _outcome_of(outstanding: OutstandingAction) -> str | None:
    """What somebody else made of it meanwhile."""
    if outstanding.plan_action_id is not None:
        return Outcome.CARRY.value
    if outstanding.evidence is not None:
        return Outcome.COMPLETE.value
    return Outcome.DROP.value if outstanding.drop_reason is not None else None
