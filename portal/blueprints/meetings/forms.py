"""When and where the team meets, and who is asked."""

from datetime import datetime
from typing import Any

from portal.core import clock
from portal.domain.viewer import Viewer
from portal.models.families import Family
from portal.models.teamwork import Meeting
from portal.queries import meetings as read
from portal.web.forms import (
    DateField,
    LineField,
    PortalForm,
    Required,
    SelectChoice,
    TextField,
    TickField,
    TicksField,
)
from portal.web.times import TimeField, instant

THOUGHT_ABOUT = "We know this, and have thought about how everybody stays safe"


class WhenAndWhere:
    """Mixed into a form that sets a meeting. Its fields are named as the services refuse them."""

    on = DateField("What date?", called="Date of the meeting")
    at = TimeField("What time?", called="Time of the meeting", description="Like 14:30 or 2:30pm")
    place = LineField("Where?", called="Where", longest=300, description="A place, or the link of a video call")
    why_late = TextField("Why does the team meet so late? (optional)", called="The reason", longest=500)
    apart = TickField(THOUGHT_ABOUT)


def starts_at(form: Any) -> datetime | None:
    """The instant that was asked for; None where an answer lacks or cannot stand, which is said at the field."""
    lacking = [
        (form.on, f"Enter the {_within(form.on.called)}"),
        (form.at, f"Enter the {_within(form.at.called)}"),
        (form.place, "Enter where the meeting is, or its link"),
    ]
    for field, words in lacking:
        if not field.data and not field.errors:
            say(field, words)
    if form.on.data and not form.on.errors and form.on.data < clock.today():
        say(form.on, f"{form.on.called} must be today or later")
    found = instant(form.on, form.at)
    return None if form.place.errors else found


def _within(called: str) -> str:
    return called[:1].lower() + called[1:]


def say(field: Any, words: str) -> None:
    field.errors = [*field.errors, words]


class Invited:
    """Mixed into a form that asks members of the team to a meeting."""

    members = TicksField("Who is asked to come?", [Required("Select who is asked to come")])

    @property
    def asked(self) -> list[int]:
        return [int(id_) for id_ in self.members.data or []]

    def offer(self, members: list[tuple[int, str]]) -> None:
        self.members.choices = [SelectChoice(str(id_), name) for id_, name in members]
        self.members.wrong = "Select only people who are on the {team}"


class ArrangeForm(WhenAndWhere, Invited, PortalForm):
    kinds = TicksField(
        "Which meeting is it?",
        [Required("Select which meeting it is")],
        description="One meeting can be two of these.",
    )

    moment: datetime

    def validate(self, extra_validators: Any = None) -> bool:
        super().validate(extra_validators)
        found = starts_at(self)
        if found is not None:
            self.moment = found
        if {"first_team", "review"} <= self.of_kinds:
            say(self.kinds, "A meeting is the first or a review of the first: select one of the two")
        return not self.errors

    @property
    def of_kinds(self) -> set[str]:
        return set(self.kinds.data or [])


def arrange_form(family: Family, _viewer: Viewer) -> ArrangeForm:
    """Everybody who may be contacted is asked unless somebody takes a tick away."""
    found = read.arrangeable(family)
    only = [kind for kind, _words in found.kinds] if len(found.kinds) == 1 else []
    form = ArrangeForm(members=[str(id_) for id_ in found.asked], kinds=only)
    form.kinds.choices = [SelectChoice(kind, words) for kind, words in found.kinds]
    form.kinds.wrong = "Select only meetings in the list: another of these may be arranged already"
    form.offer(found.members)
    return form


class InviteForm(Invited, PortalForm):
    edits = True
    told_by_history = True
    apart = TickField(THOUGHT_ABOUT)


def invite_form(meeting: Meeting, _viewer: Viewer) -> InviteForm:
    found = read.invitable(meeting)
    form = InviteForm(version=str(meeting.version), members=[str(id_) for id_ in found.asked])
    form.offer(found.members)
    return form
