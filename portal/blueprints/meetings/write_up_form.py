"""The write-up of a meeting: one form for all that came of it, put together for the people and things it is about."""

from datetime import date, datetime
from typing import Any, ClassVar

from portal.blueprints.meetings.forms import WhenAndWhere, say, starts_at
from portal.core import clock
from portal.domain.dates import full
from portal.domain.meetings import Attendance, Rater
from portal.domain.wording import CHOICES
from portal.facts import meetings as known
from portal.facts.scales import lacking
from portal.queries.write_ups import DoneAction, Invitee, ToSettle, ToWriteUp
from portal.services.meetings import Voice, WriteUp
from portal.services.scales import Reading
from portal.services.write_ups import Carried, Completed, Dropped, Minutes, Next
from portal.web import due_dates
from portal.web.due_dates import Meant
from portal.web.forms import (
    LONG,
    DateField,
    HiddenField,
    PortalForm,
    Required,
    TextField,
    TickField,
    TicksField,
    not_later_than_today,
)
from portal.web.refs import number_in
from portal.web.times import TimeField

_PAGE = (
    ("held_on", "long_ago"),
    ("attendance",),
    ("also_came",),
    ("came_apart",),
    ("family_views",),
    ("voice", "not_heard"),
    ("scale_parent", "scale_child", "scale_worker"),
    ("done_shown", "discussed"),
    ("decisions",),
    ("outcome", "owner", "due", "due_on", "agreed", "evidence", "drop_reason"),
    ("brought",),
    ("was_first_team", "on", "at", "place", "members", "why_late", "apart"),
)
_PLACES = {name: place for place, names in enumerate(_PAGE, start=1) for name in names}


class WriteUpForm(WhenAndWhere, PortalForm):
    edits = True
    offered = ("on", "at", "place", "members", "why_late", "apart", "due", "agreed")
    begin_with: ClassVar[dict[str, str]] = {
        "voice-": "What did a child want to say?",
        "not_heard-": "Or why was a child not heard?",
        "evidence-": "How do you know?",
        "drop_reason-": "Why is it dropped?",
    }
    about: ClassVar[ToWriteUp]
    starts_at: datetime | None = None
    meant: dict[int, Meant]
    held_on = DateField(
        "When was it held?",
        [Required("Enter the date the meeting was held"), not_later_than_today],
        called="The date the meeting was held",
    )
    long_ago = TickField("The date is right")
    also_came = TicksField("Who else of the {team} came?")
    came_apart = TickField("They did meet, and we have thought about how everybody stays safe")
    family_views = TextField(
        "What did the family say?",
        called="What the family said",
        longest=LONG,
        description="Their views in their words. You can leave this empty if somebody of the family came.",
    )
    decisions = TextField(
        "What was decided?",
        [Required("Enter what was decided")],
        called="What was decided",
        longest=LONG,
        description="Write it as if the family will read it. They can ask to.",
    )
    done_shown = HiddenField()
    discussed = TickField("We went through these, and they are done")
    was_first_team = TickField("This was the {first_team_meeting} too")
    on = DateField("What date?", called="Date of the next meeting")
    at = TimeField("What time?", called="Time of the next meeting", description="Like 14:30 or 2:30pm")
    members = TicksField("Who is asked to the next meeting?")
    apart = TickField("We know this, and have thought about how everybody stays safe at the next meeting")

    def put_in_order(self) -> None:
        """As the page asks them, so that the summary of errors leads down the page."""
        found = sorted(self._fields.items(), key=lambda item: _PLACES.get(item[0].partition("-")[0], 0))
        self._fields.clear()
        self._fields.update(found)

    def validate(self, extra_validators: Any = None) -> bool:
        super().validate(extra_validators)
        if not self.about.arranged:
            return not self.errors  # It was written up meanwhile: that is what has to be said, not what lacks.
        if self.about.ahead:
            self.held_on.errors = [known.ahead_words(self.about.arranged_on)]
            return False
        self._people()
        self._children()
        self._scales()
        self._done()
        self._next()
        self._outcomes()
        self._needs()
        return not self.errors

    def _people(self) -> None:
        for invitee in self.invited:
            if not self[f"attendance-{invitee.id}"].data:
                say(self[f"attendance-{invitee.id}"], f"Select whether {invitee.name} came")
        came = self._attendance
        if came and len(came) >= len(self.invited) and Attendance.ATTENDED not in came.values():
            say(self[f"attendance-{min(came)}"], known.NOBODY_CAME)
            return
        family_came = any(
            invitee.of_family and came.get(invitee.id) is Attendance.ATTENDED for invitee in self.about.invitees
        )
        if not self.family_views.data and not family_came and not self.family_views.errors:
            say(self.family_views, "Enter what the family said, or their views")

    def _children(self) -> None:
        for child in self.about.children:
            voice, not_heard = self[f"voice-{child.id}"], self[f"not_heard-{child.id}"]
            if voice.data and not_heard.data:
                say(not_heard, f"Enter what {child.called} wanted to say, or why it was not heard, but not both")
            elif not (voice.data or not_heard.data or voice.errors or not_heard.errors):
                say(voice, f"Enter what {child.called} wanted to say, or why it was not heard")

    def _scales(self) -> None:
        if not (self.about.must_measure or self.first_team_too):
            return
        for need in self.about.measured:
            fields = [self[name] for name, _who in self.of_scale(need.id)]
            if not any(field.data or field.errors for field in fields):
                say(fields[0], lacking(need.what))

    def _done(self) -> None:
        """What was done after the meeting was not gone through there: it is refused, and taken off the list."""
        if "discussed" not in self or not self.discussed.data or not self.held_on.data:
            return
        shown, held_on = self.shown_done, self.held_on.data
        later = [action for action in shown if action.on > held_on]
        for action in later:
            say(
                self.discussed,
                f"{action.ref} was done on {full(action.on)}, after this meeting, so it was not gone through there. "
                "It is taken off this list: check it on its own page",
            )
        if later:
            self.done_shown.data = " ".join(str(action.id) for action in shown if action not in later)

    def _next(self) -> None:
        if self.next_is_asked and (self.next_is_needed or any(self.on.parts.values()) or self.at.data):
            self.starts_at = starts_at(self)
            if not self.members.data and not self.members.errors:
                say(self.members, "Select who is asked to the next meeting")

    def _outcomes(self) -> None:
        for action in self.to_settle:
            end = f"-{action.id}"
            match self["outcome" + end].data:
                case "carried":
                    if not self["owner" + end].data:
                        say(self["owner" + end], "Choose who does this now")
                    meant = due_dates.resolve(self, self.about.calendar, next_meeting=self.next_on, end=end)
                    if meant is not None:
                        self.meant[action.id] = meant
                case "completed":
                    self._needed("evidence" + end, "Enter how you know it is completed")
                case "dropped":
                    self._needed("drop_reason" + end, "Enter why it is dropped")
                case _:
                    say(self["outcome" + end], f"Select what becomes of {action.ref}")

    def _needs(self) -> None:
        for need in self.about.needs:
            field = self[f"brought-{need.id}"]
            if field.data and self.first_team_too:
                say(
                    field,
                    "This was the {first_team_meeting}, so nobody brings it to one: give it an action in the {plan}",
                )

    def _needed(self, name: str, words: str) -> None:
        if not self[name].data and not self[name].errors:
            say(self[name], words)

    # What the page asks, and what was answered

    @property
    def invited(self) -> list[Invitee]:
        return [invitee for invitee in self.about.invitees if invitee.invited]

    @property
    def to_settle(self) -> list[ToSettle]:
        return [action for action in self.about.outstanding if f"outcome-{action.id}" in self]

    @staticmethod
    def of_scale(need_id: int) -> list[tuple[str, str]]:
        """The questions about one need by name, and who is asked, in the order of the page."""
        return [(f"scale_{rater}-{need_id}", CHOICES[rater]) for rater in Rater]

    @property
    def _readings(self) -> list[Reading]:
        found = []
        for need in self.about.measured:
            for rater in Rater:
                field: Any = self[f"scale_{rater}-{need.id}"]
                if field.number is not None:
                    found.append(Reading(need.id, rater, field.number))
        return found

    @property
    def _discussed(self) -> list[int]:
        """Those that stood on the page that was ticked: what was done since was not talked about."""
        if "discussed" not in self or not self.discussed.data:
            return []
        return [action.id for action in self.shown_done]

    @property
    def shown_done(self) -> list[DoneAction]:
        """Of the actions that are done, those that stood on the page when it was first shown."""
        shown = set((self.done_shown.data or "").split()) if "done_shown" in self else set()
        return [action for action in self.about.done if str(action.id) in shown]

    @property
    def next_is_asked(self) -> bool:
        return self.about.next is None

    @property
    def next_is_needed(self) -> bool:
        return self.about.next_needed or self.first_team_too

    @property
    def first_team_too(self) -> bool:
        return "was_first_team" in self and bool(self.was_first_team.data)

    @property
    def next_on(self) -> date | None:
        """The day of the next meeting: it stands already, or is given here."""
        if self.about.next is not None:
            return self.about.next.on
        return None if self.on.errors else self.on.data

    @property
    def moved(self) -> list[str]:
        """What is due on another day than was given, as that was no working day."""
        return [
            f"{action.ref} is due {self.meant[action.id].words}"
            for action in self.to_settle
            if action.id in self.meant and self.meant[action.id].moved
        ]

    @property
    def _attendance(self) -> dict[int, Attendance]:
        found = {
            invitee.id: Attendance(self[f"attendance-{invitee.id}"].data)
            for invitee in self.invited
            if self[f"attendance-{invitee.id}"].data in list(Attendance)
        }
        also = self.also_came.data or [] if "also_came" in self else []
        # Asked while the form is judged, too: what was never offered is no number.
        return found | {number: Attendance.ATTENDED for number in map(number_in, also) if number}

    @property
    def minutes(self) -> Minutes:
        """All that was answered, once it is valid."""
        return Minutes(
            held=WriteUp(
                held_on=self.held_on.data or clock.today(),
                attendance=self._attendance,
                family_views=self.family_views.data or None,
                voices=[
                    Voice(child.id, self[f"voice-{child.id}"].data or None, self[f"not_heard-{child.id}"].data or None)
                    for child in self.about.children
                ],
                decisions=self.decisions.data or "",
                apart_considered=bool(self.came_apart.data),
                long_ago=bool(self.long_ago.data),
            ),
            next=Next(
                self.starts_at,
                self.place.data or None,
                [int(id_) for id_ in self.members.data or []],
                self.why_late.data or None,
                bool(self.apart.data),
            )
            if self.starts_at
            else None,
            settled={action.id: self._outcome(action.id) for action in self.to_settle if not self.about.held},
            brought={
                need.id: int(self[f"brought-{need.id}"].data)
                for need in self.about.needs
                if self[f"brought-{need.id}"].data
            },
            was_first_team=self.first_team_too,
            readings=self._readings,
            discussed=self._discussed,
        )

    def _outcome(self, id_: int) -> Carried | Completed | Dropped:
        match self[f"outcome-{id_}"].data:
            case "carried":
                return Carried(int(self[f"owner-{id_}"].data), self.meant[id_].on, bool(self[f"agreed-{id_}"].data))
            case "completed":
                return Completed(self[f"evidence-{id_}"].data)
            case _:
                return Dropped(self[f"drop_reason-{id_}"].data)
