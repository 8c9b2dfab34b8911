"""A starter plan as it is adjusted before use: each need and action of it can be changed or left out."""

from dataclasses import dataclass
from typing import Any, ClassVar

from flask import request
from wtforms import HiddenField

from portal.blueprints.plans.forms import WHOLE_FAMILY
from portal.blueprints.plans.offering import AS_IF_READ, entries
from portal.core import clock
from portal.domain.dates import near
from portal.domain.plans import Headline, Offered
from portal.domain.starters import Starter, StarterNeed, starters
from portal.domain.viewer import Viewer
from portal.facts.practice import calendar
from portal.models.families import Family, PersonKind
from portal.queries import plan_forms as read
from portal.queries import plans
from portal.services.plans import Asked, Beginning
from portal.web.forms import LineField, PickField, PortalForm, SelectChoice, TextField, TickField, typed

WEEKS = (1, 2, 4, 6)


@dataclass(frozen=True)
class Asking:
    """The names of one need's questions, and of its actions'."""

    place: str
    need: StarterNeed
    actions: list[str]


class StarterForm(PortalForm):
    """Put together by `starter_form` for the plan that was chosen; without one there is nothing to ask."""

    starter: ClassVar[Starter | None] = None
    asking: ClassVar[list[Asking]] = []
    plan = HiddenField()

    def validate(self, extra_validators: Any = None) -> bool:
        whole = bool(super().validate(extra_validators))
        if not self.used:
            self.refusal = "Keep at least one {need}, or write the {plan} yourself."
            return False
        for each in self.used:
            for name, words in (
                ("what", "Enter what the {need} is, like “Getting to school on time”"),
                ("whose", "Select whose {need} it is"),
                ("outcome", "Enter what should be different, in the family’s own words"),
            ):
                field: Any = self[name + each.place]
                if not field.data and not field.errors:
                    field.errors = [words]
                    whole = False
        return whole

    @property
    def used(self) -> list[Asking]:
        return [each for each in self.asking if self["use" + each.place].data]

    def beginnings(self) -> list[Beginning]:
        return [
            Beginning(
                headline=Headline(each.need.headline),
                what=self["what" + each.place].data or "",
                person_id=None
                if self["whose" + each.place].data == WHOLE_FAMILY
                else int(self["whose" + each.place].data),
                outcome=self["outcome" + each.place].data or "",
                actions=[self._asked(place) for place in each.actions if self["do" + place].data],
            )
            for each in self.used
        ]

    def _asked(self, place: str) -> Asked:
        weeks = int(self["due" + place].data or WEEKS[0])
        return Asked(
            what=self["do" + place].data or "",
            need_id=0,
            who=self["who" + place].data or Offered.ME,
            due_on=calendar().due(calendar().weeks_after(clock.today(), weeks)),
            place=place,
        )


def starter_form(family: Family, viewer: Viewer) -> StarterForm:
    chosen = starters().get(typed("plan") or request.args.get("plan", ""))
    if chosen is None:
        return StarterForm()
    asking = [
        Asking(f"-{n}", need, [f"-{n}-{m}" for m, _action in enumerate(need.actions, start=1)])
        for n, need in enumerate(chosen.needs, start=1)
    ]
    fields: dict[str, Any] = {}
    for each in asking:
        fields |= _questions(each)
    kind = type("StarterFormOfPlan", (StarterForm,), {"starter": chosen, "asking": asking, **fields})
    form: StarterForm = kind(plan=chosen.key, **_offered(family, asking))
    days, today = calendar(), clock.today()
    whose = [SelectChoice(WHOLE_FAMILY, plans.WHOLE_FAMILY), *entries(read.whose(family.id))]
    people = entries(read.owners(family.id, viewer))
    weeks = [
        SelectChoice(str(n), f"In {n} week{'s' if n > 1 else ''}, {near(days.due(days.weeks_after(today, n)), today)}")
        for n in WEEKS
    ]
    for each in asking:
        _give(form, "whose" + each.place, whose)
        for place in each.actions:
            _give(form, "who" + place, people)
            _give(form, "due" + place, weeks)
    return form


def _give(form: StarterForm, name: str, choices: list[SelectChoice]) -> None:
    field: Any = form[name]
    field.choices = choices


def _questions(each: Asking) -> dict[str, Any]:
    at = each.place
    found: dict[str, Any] = {
        "use" + at: TickField("Use this {need}", default=True),
        "what" + at: LineField("What is the {need}?", called="The need", description=AS_IF_READ),
        "whose" + at: PickField("Whose {need} is it?"),
        "outcome" + at: TextField(
            "What should be different, in the family’s own words?",
            longest=500,
            called="What should be different",
            description="Change it to what the family says.",
        ),
    }
    for number, place in enumerate(each.actions, start=1):
        of = f"{{Action}} {number}: "
        found |= {
            "do" + place: LineField(
                of + "what will happen?", called="What will happen", description="Empty it to leave this out."
            ),
            "who" + place: PickField(of + "who will do this?"),
            "due" + place: PickField(of + "by when?"),
        }
    return found


def _offered(family: Family, asking: list[Asking]) -> dict[str, str]:
    people = read.everybody(family.id)
    first = {
        "child": next((str(one.id) for one in people if one.kind is PersonKind.CHILD), WHOLE_FAMILY),
        "parent": next((str(one.id) for one in people if one.kind is PersonKind.ADULT), WHOLE_FAMILY),
        "family": WHOLE_FAMILY,
    }
    found: dict[str, str] = {}
    for each in asking:
        need = each.need
        found |= {
            "what" + each.place: need.what,
            "whose" + each.place: first[need.whose],
            "outcome" + each.place: need.outcome,
        }
        for place, action in zip(each.actions, need.actions, strict=True):
            found |= {"do" + place: action.what, "who" + place: Offered.ME.value, "due" + place: str(action.weeks)}
    return found
