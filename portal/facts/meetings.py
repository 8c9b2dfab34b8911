"""When a family's team meets next, and who must not be brought together there."""

from collections.abc import Collection
from datetime import date, datetime, time

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import aliased

from portal.core import clock
from portal.core.db import db
from portal.domain.dates import full, london_date, to_utc
from portal.domain.meetings import STANDING, Attendance, MeetingState
from portal.domain.step_downs import GATES_OF, Destination, Gate, StepDownState
from portal.models.families import KeepApart, KeepApartKind, Person, SafeContact
from portal.models.handover import StepDown
from portal.models.teamwork import Meeting, MeetingInvitee, TeamMember


def next_on(family_id: int) -> date | None:
    """The day of the next meeting that is arranged, today or later."""
    found = next_of(family_id)
    return london_date(found.starts_at) if found else None


def next_of(family_id: int) -> Meeting | None:
    """The next meeting that is arranged, today or later."""
    return db.session.scalars(
        select(Meeting)
        .where(
            Meeting.family_id == family_id,
            Meeting.state == MeetingState.ARRANGED,
            Meeting.starts_at >= start_of_today(),
        )
        .order_by(Meeting.starts_at, Meeting.id)
        .limit(1)
    ).first()


def start_of_today() -> datetime:
    """The first instant of London's day: a meeting this morning has not gone by."""
    return to_utc(clock.today(), time(0))


APART = {
    KeepApartKind.MUST_NOT_LEARN: "must not learn about",
    KeepApartKind.MUST_NOT_MEET: "must not meet",
}


def apart_words(kind: KeepApartKind, person: str, other: str) -> str:
    return f"{person} {APART[kind]} {other}"


def apart(family_id: int, among: Collection[int]) -> list[str]:
    """A sentence for each two of these people of the family who are to be kept apart, and for each of them who must
    never be contacted."""
    never = db.session.scalars(
        select(Person)
        .join(SafeContact, SafeContact.person_id == Person.id)
        .where(Person.family_id == family_id, Person.id.in_(among), SafeContact.never_contact)
        .order_by(Person.id)
    ).all()
    return [*kept_apart(family_id, among), *(f"{person.name} must never be contacted" for person in never)]


def kept_apart(family_id: int, among: Collection[int]) -> list[str]:
    """A sentence for each two of these people of the family who are to be kept apart."""
    one, other = aliased(Person), aliased(Person)
    rows = db.session.execute(
        select(KeepApart.kind, one, other)
        .join(one, one.id == KeepApart.person_id)
        .join(other, other.id == KeepApart.other_id)
        .where(
            KeepApart.family_id == family_id,
            KeepApart.ended_on.is_(None),
            KeepApart.person_id.in_(among),
            KeepApart.other_id.in_(among),
        )
        .order_by(KeepApart.id)
    ).all()
    return [apart_words(kind, person.name, kept_from.name) for kind, person, kept_from in rows]


def step_down_to_meet_about(family_id: int) -> StepDown | None:
    """The accepted step-down whose meeting is neither arranged nor held."""
    arranged = select(Meeting.id).where(
        Meeting.step_down_id == StepDown.id, Meeting.is_step_down, Meeting.state.in_(STANDING)
    )
    return db.session.scalars(
        select(StepDown)
        .where(StepDown.family_id == family_id, StepDown.state == StepDownState.ACCEPTED, ~arranged.exists())
        .order_by(StepDown.id)
        .limit(1)
    ).first()


def family_came(meeting_id: int) -> bool:
    """Whether somebody of the family was there."""
    found = db.session.scalars(
        select(MeetingInvitee.id)
        .join(TeamMember, TeamMember.id == MeetingInvitee.member_id)
        .where(
            MeetingInvitee.meeting_id == meeting_id,
            MeetingInvitee.attendance == Attendance.ATTENDED,
            TeamMember.person_id.is_not(None),
        )
        .limit(1)
    ).first()
    return found is not None


def others(meeting: Meeting) -> list[Meeting]:
    """The meetings of the family that stand beside this one, earliest first."""
    return list(
        db.session.scalars(
            select(Meeting)
            .where(Meeting.family_id == meeting.family_id, *beside(meeting))
            .order_by(Meeting.starts_at, Meeting.id)
        )
    )


def beside(meeting: Meeting) -> list[ColumnElement[bool]]:
    return [Meeting.id != meeting.id, Meeting.state.in_(STANDING)]


def asks_for_first(meeting: Meeting, standing: Collection[Meeting]) -> bool:
    """Whether the next meeting after this is the first of the team: after a step-down meeting, unless it was that
    meeting too or the team of this episode has one already, among those that stand."""
    if not meeting.is_step_down or meeting.is_first_team:
        return False
    return not any(other.is_first_team and other.episode_id == meeting.episode_id for other in standing)


def following(standing: Collection[Meeting]) -> Meeting | None:
    """The meeting that already stands as the next one: the earliest still to come, or a first one not written up."""
    today = start_of_today()
    ahead = (other for other in standing if other.state is MeetingState.ARRANGED)
    return next((other for other in ahead if other.is_first_team or other.starts_at >= today), None)


NOBODY_CAME = "Nobody came, so it was not held: cancel it or move it"


def ahead_words(on: date) -> str:
    """Why a meeting that lies ahead is not written up."""
    return (
        f"This meeting is on {full(on)}: attendance of a meeting in the future cannot be written down. "
        "If it was held earlier, move it to today first"
    )


def next_is_needed(meeting: Meeting, destination: Destination | None) -> bool:
    """Whether its write-up has to say when the team meets next; a step-down that brings no team together needs no
    first meeting of one."""
    if not meeting.is_step_down or meeting.is_first_team:
        return True
    return destination is not None and Gate.FIRST_TEAM in GATES_OF[destination]
