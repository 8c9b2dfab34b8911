"""What a manager proposes to the manager of the other side, and how that one answers."""

import enum
from dataclasses import replace
from datetime import date
from typing import Any, ClassVar

from portal.core import clock
from portal.domain.deciding import Proposal, Together
from portal.domain.step_downs import Destination, Gate
from portal.domain.viewer import Viewer
from portal.domain.wording import CHOICES
from portal.models.deciding import JointDecision
from portal.models.handover import StepDown
from portal.queries import deciding as read
from portal.web.branches import BranchingForm
from portal.web.forms import DateField, RadiosField, Required, SelectChoice, TextField

REASON, SHORT = 1000, 500


def today_or_later(field: DateField) -> bool:
    """Says so at the field, where the date has passed."""
    day: date | None = field.data
    if day is None or day >= clock.today():
        return True
    field.errors = [*field.errors, f"{field.called} must be today or later"]
    return False


class WaiveForm(BranchingForm):
    """To go on for a time without something that is missing."""

    gate = RadiosField("What would you go on without?", [Required("Select what you would go on without")])
    until = DateField(
        "Until when?",
        [Required("Enter the date until which this holds")],
        called="The date",
        description="When it has passed, this is due again",
    )
    reason = TextField(
        "Why?",
        [Required("Enter why you propose this")],
        called="The reason",
        longest=REASON,
        description="Write it as if the family will read it. They can ask to.",
    )
    meant: read.Proposing

    def validate(self, extra_validators: Any = None) -> bool:
        whole = super().validate(extra_validators)
        return today_or_later(self.until) and whole

    def proposal(self) -> Proposal:
        gate = self.said("gate")
        return Proposal(Together.WAIVE, self.until.data, self.reason.data or "", Gate(int(gate)) if gate else None)


class DecideForm(WaiveForm):
    """Past the standard: how it goes on at all."""

    branches: ClassVar[dict[str, tuple[str, str]]] = {
        "gate": ("kind", Together.WAIVE),
        "destination": ("kind", Together.OTHER_DESTINATION),
    }
    kind = RadiosField("What do you propose?", [Required("Select what you propose")])
    destination = RadiosField("Where would the {family} go?", [Required("Select where the {family} would go")])

    def proposal(self) -> Proposal:
        given = self.said("destination")
        return replace(
            super().proposal(), kind=Together(self.kind.data), destination=Destination(given) if given else None
        )


def waive_form(step_down: StepDown, _viewer: Viewer) -> WaiveForm:
    form = WaiveForm()
    _offer(form, read.proposing(step_down))
    return form


def decide_form(step_down: StepDown, _viewer: Viewer) -> DecideForm:
    form = DecideForm()
    _offer(form, read.proposing(step_down))
    form.kind.choices = [SelectChoice(kind.value, words) for kind, words in read.kinds(form.meant)]
    form.destination.choices = [SelectChoice(each.value, CHOICES[each]) for each in form.meant.destinations]
    return form


def _offer(form: WaiveForm, meant: read.Proposing) -> None:
    form.meant = meant
    form.gate.choices = [SelectChoice(str(int(gate)), words) for gate, words in meant.gates]
    form.gate.wrong = "This can never be waived, or it is not missing"


class Answer(enum.StrEnum):
    AGREE = "agree"
    END = "end"


class AnswerForm(BranchingForm):
    branches: ClassVar[dict[str, tuple[str, str]]] = {"ended_reason": ("answer", Answer.END)}
    answer = RadiosField("Do you agree?", [Required("Select whether you agree")])
    ended_reason = TextField("Why?", [Required("Enter why")], called="The reason", longest=SHORT)
    meant: read.Answering


def answer_form(decision: JointDecision, viewer: Viewer) -> AnswerForm:
    form = AnswerForm()
    form.meant = read.answering(decision, viewer)
    form.answer.choices = [
        *([SelectChoice(Answer.AGREE.value, "Yes, I agree")] if form.meant.may_agree else []),
        SelectChoice(Answer.END.value, "I take it back" if form.meant.mine else "No, I do not agree"),
    ]
    if not form.meant.may_agree:
        form.answer.label.text = "What do you want to do?"
        form.answer.wrong = "A manager of the other side agrees to this, not you"
    return form
