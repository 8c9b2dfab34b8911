"""Part 2: each need and what became of it, and each action that is still outstanding."""

from collections.abc import Mapping
from typing import Any

from portal.blueprints.drafts.asking import PartForm, leaving
from portal.domain.drafts import NeedLeft, StillToDo
from portal.domain.plans import HEADLINES, Headline
from portal.domain.step_downs import NeedOutcome
from portal.domain.wording import CHOICES
from portal.models.handover import StepDown
from portal.queries import drafts as read
from portal.web.forms import (
    FieldList,
    FormField,
    PickField,
    RadiosField,
    Required,
    Row,
    SelectChoice,
    TextField,
    TickField,
    choices,
)

SHORT = 500
MOST = 40


class NeedRow(Row):
    headline = PickField(
        "Which outcome is it about?",
        [Required("Choose which outcome the {need} is about")],
        choices=choices(HEADLINES, Headline, empty="Choose an outcome"),
    )
    person = PickField("Whose {need} is it?", choices=[])
    what = TextField(
        "What is the {need}?",
        [Required("Enter what the {need} is")],
        longest=SHORT,
        called="The need",
        description="In words the family would use, like “Getting to school on time”",
    )
    outcome = RadiosField(
        "How does it stand now?",
        [Required("Select how the {need} stands now")],
        choices=choices(CHOICES, NeedOutcome),
        default=NeedOutcome.LEFT.value,
    )

    @property
    def is_empty(self) -> bool:
        # How it stands is chosen beforehand, so it says nothing by itself.
        return not (self.headline.data or self.person.data or self.what.data)

    @property
    def need(self) -> NeedLeft:
        return NeedLeft(
            headline=Headline(self.headline.data),
            what=self.what.data or "",
            outcome=NeedOutcome(self.outcome.data),
            person_id=int(self.person.data) if self.person.data else None,
        )


class OutstandingRow(Row):
    what = TextField(
        "What does social work still have to do?",
        [Required("Enter what is still to be done")],
        longest=SHORT,
        called="What is still to be done",
        description="One thing only, like “Write to the housing association”",
    )
    concerns_safety = TickField("It concerns somebody’s safety")


class NeedsForm(PartForm):
    needs = FieldList(FormField(NeedRow), min_entries=1, max_entries=MOST)
    outstanding = FieldList(FormField(OutstandingRow), min_entries=1, max_entries=MOST)
    nothing_outstanding = TickField("Nothing is outstanding")

    def offer(self, people: list[SelectChoice]) -> None:
        """Whose a need can be; and what each row is called where it stands by itself."""
        self._people = people
        for number, row in enumerate(self.needs, start=1):
            row.form.person.choices, row.form.about = people, f"{{Need}} {number}"
        for number, row in enumerate(self.outstanding, start=1):
            row.form.about = f"Outstanding action {number}"

    def grow(self) -> bool:
        grown = super().grow()
        self.offer(self._people)
        return grown

    def validate(self, extra_validators: Mapping[str, Any] | None = None) -> bool:
        valid = bool(super().validate(extra_validators))
        if not self.said_needs and not leaving():
            self.refuse("needs", "Enter at least one {need}, and what became of it")
            valid = False
        said = bool(self.said_outstanding)
        if said and self.nothing_outstanding.data:
            self.refuse("nothing_outstanding", "Take this tick away, or empty the actions that are outstanding")
            valid = False
        # Stored needs stand for an answer here, so that this question is not left open behind them.
        if not said and not self.nothing_outstanding.data and (self.said_needs or not leaving()):
            self.refuse("nothing_outstanding", "Enter what is outstanding, or select that nothing is")
            valid = False
        return valid

    @property
    def said_needs(self) -> list[NeedRow]:
        return [row.form for row in self.needs if not row.form.is_empty]

    @property
    def said_outstanding(self) -> list[OutstandingRow]:
        return [row.form for row in self.outstanding if not row.form.is_empty]

    @property
    def needs_left(self) -> list[NeedLeft]:
        return [row.need for row in self.said_needs]

    @property
    def still_to_do(self) -> list[StillToDo]:
        return [StillToDo(row.what.data or "", bool(row.concerns_safety.data)) for row in self.said_outstanding]


def make(step_down: StepDown) -> NeedsForm:
    part = read.needs(step_down)
    form = NeedsForm(
        version=str(step_down.version),
        needs=[
            {
                "headline": need.headline.value,
                "person": str(need.person_id or ""),
                "what": need.what,
                "outcome": need.outcome.value,
            }
            for need in part.needs
        ],
        outstanding=[{"what": action.what, "concerns_safety": action.concerns_safety} for action in part.outstanding],
        nothing_outstanding=bool(part.needs and not part.outstanding),
    )
    form.offer(
        [
            SelectChoice("", "The whole {family}"),
            *(SelectChoice(str(person.id), person.name) for person in part.people),
        ]
    )
    return form
