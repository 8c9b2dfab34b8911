"""Meetings of the team: arranged, held and written up."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from portal.core.db import db
from portal.core.errors import FieldRefused
from portal.domain.dates import full, moment
from portal.domain.events import E
from portal.domain.meetings import Attendance
from portal.domain.viewer import Viewer
from portal.models.families import Person, PersonKind
from portal.models.handover import StepDown
from portal.models.teamwork import Meeting, MeetingInvitee, MeetingVoice, TeamMember
from portal.services import history
from portal.services.moves import walk


@dataclass(frozen=True)
class Kinds:
    """One meeting can be of two kinds."""

    step_down: bool = False
    first_team: bool = False
    review: bool = False

    @property
    def words(self) -> str:
        """As an event tells it: a concept in braces, which the council's word replaces."""
        if self.step_down:
            return "{step_down_meeting:a}"
        return "{first_team_meeting:a}" if self.first_team else "a review"


@dataclass(frozen=True)
class Voice:
    """What one child wanted to say, or why it was not heard."""

    person_id: int
    voice: str | None
    not_heard: str | None


@dataclass(frozen=True)
class WriteUp:
    """What is known after a meeting."""

    held_on: date
    attendance: Mapping[int, Attendance]
    family_views: str
    voices: list[Voice]
    decisions: str


def kinds_of(meeting: Meeting) -> Kinds:
    return Kinds(meeting.is_step_down, meeting.is_first_team, meeting.is_review)


def arrange(
    family_id: int,
    kinds: Kinds,
    *,
    starts_at: datetime,
    place: str | None,
    members: Iterable[int],
    by: Viewer,
    episode_id: int | None = None,
    step_down: StepDown | None = None,
) -> Meeting:
    """Set a meeting and whom it asks. `starts_at` is an instant; `members` are ids of team members."""
    meeting = Meeting(
        family_id=family_id,
        episode_id=episode_id,
        step_down_id=step_down.id if step_down else None,
        is_step_down=kinds.step_down,
        is_first_team=kinds.first_team,
        is_review=kinds.review,
        starts_at=starts_at,
        place=place,
    )
    db.session.add(meeting)
    db.session.flush()
    for member_id in dict.fromkeys(members):
        db.session.add(MeetingInvitee(family_id=family_id, meeting_id=meeting.id, member_id=member_id))
    history.record(E.MEETING_ARRANGED, meeting, by=by, data={"what": kinds.words, "when": moment(starts_at)})
    return meeting


def hold(meeting: Meeting, what: WriteUp, *, by: Viewer) -> None:
    """Record that it was held. Everybody asked has come, sent apologies or not come; each child was heard, or why
    not. Raises FieldRefused at the answer that lacks."""
    invitees = db.session.scalars(
        select(MeetingInvitee).where(MeetingInvitee.meeting_id == meeting.id).order_by(MeetingInvitee.id)
    ).all()
    for invitee in invitees:
        came = what.attendance.get(invitee.member_id)
        if came is None:
            raise FieldRefused(f"attendance-{invitee.member_id}", "Select whether each person came")
        invitee.attendance = came
    _hear(meeting, what.voices)
    walk(
        meeting,
        "hold",
        by=by,
        happened_on=what.held_on,
        text=what.decisions,
        held_on=what.held_on,
        family_views=what.family_views,
        decisions=what.decisions,
        data={"what": kinds_of(meeting).words, "when": full(what.held_on)},
    )


def _hear(meeting: Meeting, voices: list[Voice]) -> None:
    heard = {voice.person_id: voice for voice in voices if voice.voice or voice.not_heard}
    children = db.session.execute(
        select(Person.id, Person.given_name)
        .where(
            Person.family_id == meeting.family_id,
            Person.kind == PersonKind.CHILD,
            Person.died_on.is_(None),
            Person.pregnancy_ended_on.is_(None),
        )
        .order_by(Person.id)
    ).all()
    for child in children:
        voice = heard.get(child.id)
        if voice is None:
            raise FieldRefused(
                f"voice-{child.id}", f"Enter what {child.given_name} wanted to say, or why it was not heard"
            )
        db.session.add(
            MeetingVoice(
                family_id=meeting.family_id,
                meeting_id=meeting.id,
                person_id=child.id,
                voice=voice.voice,
                not_heard=None if voice.voice else voice.not_heard,
            )
        )


def invited(meeting: Meeting) -> list[TeamMember]:
    """Who is asked to a meeting, in the order they were put on the team."""
    return list(
        db.session.scalars(
            select(TeamMember)
            .join(MeetingInvitee, MeetingInvitee.member_id == TeamMember.id)
            .where(MeetingInvitee.meeting_id == meeting.id)
            .order_by(TeamMember.id)
        )
    )
