"""Part 1: which children, from where, and why."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any, ClassVar

from wtforms import Field
from wtforms.validators import ValidationError

from portal.blueprints.drafts.asking import ByPerson, Needed, PartForm, PersonRow, leaving, words_of
from portal.domain.drafts import ChildDecision
from portal.domain.step_downs import Destination, Origin
from portal.domain.wording import CHOICES
from portal.facts.drafts import Someone
from portal.models.handover import StepDown
from portal.queries import drafts as read
from portal.web.forms import (
    LONG,
    DateField,
    FormField,
    RadiosField,
    SelectChoice,
    TextField,
    TickField,
    choices,
    not_later_than_today,
)

LEVELS = [SelectChoice(str(level), str(level)) for level in range(1, 5)]
STATUTORY = "4"
LEVEL_HINT = "1 is met by services that everybody has, 4 is statutory social care"


class ChildRow(PersonRow):
    """The decision about one child; nothing is asked about a child that is not included."""

    include = TickField("Include this child")
    origin = RadiosField(
        "What is this child stepping down from?",
        [Needed("Select what this child is stepping down from")],
        choices=choices(CHOICES, Origin),
    )
    origin_from = DateField(
        "When did that begin?",
        [Needed("Enter the date that began"), not_later_than_today],
        called="The date that began",
        description="For example, 27 3 2024",
    )
    origin_to = DateField(
        "When did it end, or when will it? (optional)",
        called="The date it ends",
        description="Leave this empty if there is no date yet",
    )
    decision_on = DateField(
        "When was it decided that this child can step down?",
        [Needed("Enter the date of the decision"), not_later_than_today],
        called="The date of the decision",
        description="Every time limit runs from the earliest of these dates",
    )
    why = TextField(
        "Why do this child’s needs no longer meet the threshold for statutory social care?",
        [Needed("Enter why this child’s needs no longer meet the threshold")],
        longest=LONG,
        called="Why",
        description="Write it as if the family will read it. They can ask to.",
    )
    level_before = RadiosField(
        "Which level of need was it before?",
        [Needed("Select the level of need before")],
        choices=LEVELS,
        description=LEVEL_HINT,
    )
    level_now = RadiosField("Which level of need is it now?", [Needed("Select the level of need now")], choices=LEVELS)

    @property
    def is_empty(self) -> bool:
        return not self.include.data

    def validate(self, extra_validators: Any = None) -> bool:
        return self.is_empty or bool(super().validate(extra_validators))

    def validate_origin_to(self, field: Field) -> None:
        begun: date | None = self.origin_from.data
        if begun and field.data and field.data < begun:
            raise ValidationError("The date it ends must be the same as or after the date it began")

    @property
    def decision(self) -> ChildDecision:
        return ChildDecision(
            person_id=self.person.id,
            origin=Origin(self.origin.data) if self.origin.data else None,
            origin_from=self.origin_from.data,
            origin_to=self.origin_to.data,
            decision_on=self.decision_on.data,
            why=words_of(self.why),
            level_before=int(self.level_before.data) if self.level_before.data else None,
            level_now=int(self.level_now.data) if self.level_now.data else None,
        )


class ChildrenForm(PartForm):
    SHARED: ClassVar[tuple[str, ...]] = ("decision_on", "why", "level_before", "level_now")
    PERIOD: ClassVar[tuple[str, ...]] = ("origin_from", "origin_to")

    children = ByPerson(FormField(ChildRow))
    destination = RadiosField(
        "Where does the {family} go from here?",
        [Needed("Select where the {family} goes from here")],
        choices=choices(CHOICES, Destination),
        default=Destination.TEAM.value,
    )

    @property
    def included(self) -> list[ChildRow]:
        return [entry.form for entry in self.children if not entry.form.is_empty]

    def validate(self, extra_validators: Mapping[str, Any] | None = None) -> bool:
        self._fill_from_first()
        valid = bool(super().validate(extra_validators))
        if not self.included and not leaving():
            self.refuse("children", "Select at least one child")
            return False
        return valid

    def _fill_from_first(self) -> None:
        """What was left empty for a later child is what was said of the first. The dates of a plan go with the
        plan: they are only taken where the child steps down from the same."""
        for later in self.included[1:]:
            first = self.included[0]
            _fill(later, first, "origin")
            for name in self.SHARED:
                _fill(later, first, name)
            if later.origin.data == first.origin.data and not any(_typed(later[name]) for name in self.PERIOD):
                for name in self.PERIOD:
                    _fill(later, first, name)

    @property
    def decisions(self) -> list[ChildDecision]:
        return [row.decision for row in self.included]

    @property
    def chosen_destination(self) -> Destination | None:
        return Destination(self.destination.data) if self.destination.data else None


def _typed(field: Any) -> bool:
    return any(field.parts.values()) if hasattr(field, "parts") else bool(field.data)


def _fill(later: ChildRow, first: ChildRow, name: str) -> None:
    if not _typed(later[name]):
        later[name].data = first[name].data


def make(step_down: StepDown) -> ChildrenForm:
    part = read.children(step_down)
    form = ChildrenForm(
        version=str(step_down.version),
        children=[
            {
                "person": child,
                # With one child there is nothing to choose.
                "include": child.id in part.decisions or (not part.decisions and len(part.people) == 1),
                **_answers(part.decisions.get(child.id), first=place == 0),
            }
            for place, child in enumerate(part.people)
        ],
        **({"destination": step_down.destination.value} if step_down.destination else {}),
    )
    for row in form.children:
        row.form.include.label.text = row.form.person.name
        row.form.include.description = _known(row.form.person, part.taken.get(row.form.person.id))
    return form


def _known(child: Someone, taken: str | None) -> str:
    words = read.born_words(child)
    return f"{words}. In another open {{step_down}}, {taken}" if taken else words


def _answers(decision: ChildDecision | None, *, first: bool) -> dict[str, Any]:
    if decision is None:
        # Whoever steps down from social care was at its level; of later children what is empty is as of the first.
        return {"level_before": STATUTORY} if first else {}
    return {
        **asdict(decision),
        "origin": decision.origin.value if decision.origin else None,
        "level_before": str(decision.level_before or ""),
        "level_now": str(decision.level_now or ""),
    }
