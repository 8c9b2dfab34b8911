"""What is asked when actions are added: up to three on one page, each offered to oneself and for the next meeting."""

from datetime import date
from typing import Any, ClassVar

from flask import request

from portal.blueprints.plans.offering import AS_IF_READ, SAID, SAID_HINT, entries
from portal.domain.dates import Calendar
from portal.domain.plans import Offered
from portal.domain.viewer import Viewer
from portal.facts.practice import calendar
from portal.models.families import Family
from portal.queries import plan_forms as read
from portal.services.plans import Asked
from portal.web import due_dates
from portal.web.due_dates import Meant, When
from portal.web.forms import LineField, PickField, PortalForm, RadiosField, TickField
from portal.web.pages import phrase

# What the names of an action's questions end with, and how the further ones are told apart.
PLACES = ("", "_2", "_3")
CALLED = {"": "", "_2": "Second {action}: ", "_3": "Third {action}: "}
WHAT = "Enter what will happen, like “Visit the nursery”"


class ActionsForm(PortalForm):
    """Put together by `actions_form`. The first action is always asked for; a further one counts as soon as anything
    of it was answered otherwise than it was offered."""

    given: ClassVar[dict[str, str]] = {}
    begin_with: ClassVar[dict[str, str]] = {"what": "What will happen?", "said": SAID}
    days: Calendar
    next_meeting: date | None
    # Known once the form is whole.
    meant: dict[str, Meant]

    def validate(self, extra_validators: Any = None) -> bool:
        whole = bool(super().validate(extra_validators))
        self.meant = {}
        for place in self.places:
            for name, words in (
                ("what", WHAT),
                ("need", "Select which {need} it is for"),
                ("who", "Choose who will do this"),
            ):
                field: Any = self[name + place]
                if not field.data and not field.errors:
                    field.errors = [words]
                    whole = False
            meant = due_dates.resolve(self, self.days, next_meeting=self.next_meeting, end=place)
            if meant is None:
                whole = False
            else:
                self.meant[place] = meant
        for field in self:
            field.errors = [self._of_which(field.name, words) for words in field.errors]
        return whole

    def refuse(self, name: str, words: str) -> None:
        super().refuse(name, self._of_which(name, words))

    @staticmethod
    def _of_which(name: str, words: str) -> str:
        """A further action's questions read like the first's, so its problems say whose they are."""
        of = next((CALLED[place] for place in PLACES if place and name.endswith(place)), "")
        return phrase(f"{of}{words[:1].lower()}{words[1:]}") if of else words

    @property
    def places(self) -> list[str]:
        """Which of the actions count."""
        return [place for place in PLACES if not place or self.is_begun(place)]

    def is_begun(self, place: str) -> bool:
        """Whether a further action was answered at all, and is to be shown unfolded."""
        # The need may come from the address, so it says nothing by itself.
        answered = (self[name + place].data not in (None, "", self.given[name]) for name in ("who", "due"))
        day: Any = self[due_dates.DUE_ON + place]
        return (
            any(self[name + place].data for name in ("what", "said", "agreed"))
            or any(day.parts.values())
            or any(answered)
        )

    def asked(self) -> list[Asked]:
        return [
            Asked(
                what=self["what" + place].data or "",
                need_id=int(self["need" + place].data),
                who=self["who" + place].data,
                due_on=self.meant[place].on,
                agreed=bool(self["agreed" + place].data),
                place=place,
                family_words=self["said" + place].data or None,
            )
            for place in self.places
        ]


def _questions(place: str) -> dict[str, Any]:
    of = CALLED[place]

    def words(question: str) -> str:
        return of + question[:1].lower() + question[1:] if of else question

    return {
        "what" + place: LineField(words("What will happen?"), called="What will happen", description=AS_IF_READ),
        "said" + place: LineField(
            words(SAID), called="How it is said to the family", longest=300, description=SAID_HINT
        ),
        "need" + place: RadiosField(words("Which {need} is it for?")),
        "who" + place: PickField(words("Who will do this?")),
        **due_dates.fields(place, label=words("When should this be done by?")),
        "agreed" + place: TickField(
            words("They agreed to this at a meeting"),
            description="Otherwise they are asked. What you take on yourself is agreed at once.",
        ),
    }


def actions_form(family: Family, viewer: Viewer) -> ActionsForm:
    """Offered: the need one came from, or the only one; oneself; the next meeting."""
    found = read.for_action(family, viewer)
    given = {
        "need": found.needs[0].value if len(found.needs) == 1 else request.args.get("need", "").removeprefix("N-"),
        "who": Offered.ME.value,
        "due": (When.MEETING if found.next_meeting else When.FORTNIGHT).value,
    }
    asked = {name: question for place in PLACES for name, question in _questions(place).items()}
    kind = type("ActionsFormOfFamily", (ActionsForm,), {"given": given, **asked})
    form: ActionsForm = kind(**{name + place: value for place in PLACES for name, value in given.items()})
    form.days, form.next_meeting = calendar(), found.next_meeting
    for place in PLACES:
        need: Any = form["need" + place]
        who: Any = form["who" + place]
        need.choices, who.choices = entries(found.needs), entries(found.people)
        due_dates.offer(form, form.days, next_meeting=form.next_meeting, end=place)
    return form
