"""Somebody died, or a pregnancy ended: everything that would reach out to them stops at once, the record stays."""

from datetime import date, timedelta

from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.core.errors import FieldRefused, Refused
from portal.domain.dates import full
from portal.domain.event_kinds import E
from portal.domain.meetings import MeetingState
from portal.domain.viewer import Viewer
from portal.models.families import Person, SafeContact
from portal.models.record import Event, OutboxMessage
from portal.models.teamwork import Meeting, MeetingInvitee, TeamMember
from portal.services import history, team

LONGEST_PREGNANCY = timedelta(weeks=44)
MISTAKE = "It was recorded by mistake"
TOLD = ("coordinator", "lead_professional")


def die(person: Person, on: date, *, note: str | None, by: Viewer) -> None:
    """Raises FieldRefused at `on` where that cannot be, Refused where it is recorded already."""
    if person.died_on:
        raise Refused("This is recorded already. You can correct it.")
    if person.expected_on:
        raise Refused("This baby is not born yet. Record that the pregnancy has ended.")
    _demand_after_birth(person, on)
    person.died_on = on
    _stop(person)
    data = {"whom": person.name, "when": full(on)}
    history.record(E.PERSON_DIED, person, by=by, data=data, text=note, happened_on=on, notify=TOLD)


def correct_death(person: Person, on: date | None, reason: str, *, by: Viewer) -> None:
    """The date was wrong, or (None) nobody died. What was stopped stays off until somebody records it anew."""
    if person.died_on is None:
        raise Refused("No death is recorded here any more.")
    if on is not None:
        _demand_after_birth(person, on)
    person.died_on = on
    data = {"whom": person.name, "new": full(on) if on else MISTAKE}
    event = history.record(E.DEATH_CORRECTED, person, by=by, data=data, text=reason)
    event.corrects_id = _last(person, E.PERSON_DIED)


def end_pregnancy(person: Person, on: date, *, note: str | None, by: Viewer) -> None:
    """Raises FieldRefused at `on` where that cannot be, Refused where no baby is expected."""
    if person.expected_on is None or person.pregnancy_ended_on:
        raise Refused("No baby is expected here any more. Look at what is recorded of the {family}.")
    _demand_while_pregnant(person, on)
    person.pregnancy_ended_on = on
    _stop(person)
    history.record(E.PREGNANCY_ENDED, person, by=by, data={"when": full(on)}, text=note, happened_on=on, notify=TOLD)


def correct_end_of_pregnancy(person: Person, on: date | None, reason: str, *, by: Viewer) -> None:
    """The date was wrong, or (None) the baby is still expected."""
    if person.pregnancy_ended_on is None:
        raise Refused("No end of a pregnancy is recorded here any more.")
    if on is not None:
        _demand_while_pregnant(person, on)
    person.pregnancy_ended_on = on
    data = {"new": full(on) if on else MISTAKE}
    event = history.record(E.PREGNANCY_CORRECTED, person, by=by, data=data, text=reason)
    event.corrects_id = _last(person, E.PREGNANCY_ENDED)


def _demand_after_birth(person: Person, on: date) -> None:
    if person.date_of_birth and on < person.date_of_birth:
        raise FieldRefused("on", f"The date must be on or after {full(person.date_of_birth)}, the date of birth")


def _demand_while_pregnant(person: Person, on: date) -> None:
    first = person.expected_on - LONGEST_PREGNANCY if person.expected_on else on
    if on < first:
        raise FieldRefused("on", f"The date must be after {full(first)}")


def _last(person: Person, kind: E) -> int | None:
    return db.session.scalars(
        select(Event.id)
        .where(Event.family_id == person.family_id, Event.subject == person.ref, Event.kind == kind)
        .order_by(Event.id.desc())
        .limit(1)
    ).first()


def _stop(person: Person) -> None:
    """No way of contact is safe any more, nothing unsent about them is sent, no meeting asks them."""
    for safe in db.session.scalars(select(SafeContact).where(SafeContact.person_id == person.id)):
        safe.by_phone = safe.by_text = safe.by_email = safe.by_post = False
    for message in db.session.scalars(
        select(OutboxMessage).where(
            OutboxMessage.family_id == person.family_id,
            OutboxMessage.subject == person.ref,
            OutboxMessage.expires_at > clock.now(),
        )
    ):
        message.expires_at = clock.now()
    members = db.session.scalars(
        select(TeamMember).where(TeamMember.person_id == person.id, TeamMember.left_on.is_(None))
    ).all()
    for member in members:
        team.leave(member)
    asked = (
        select(MeetingInvitee)
        .join(Meeting, Meeting.id == MeetingInvitee.meeting_id)
        .where(MeetingInvitee.member_id.in_([member.id for member in members]), Meeting.state == MeetingState.ARRANGED)
    )
    for invitee in db.session.scalars(asked).all():
        db.session.delete(invitee)
