"""When a family's team meets next, and who must not be brought together there."""

from collections.abc import Collection
from datetime import date, datetime, time

from sqlalchemy import select
from sqlalchemy.orm import aliased

from portal.core import clock
from portal.core.db import db
from portal.domain.dates import london_date, to_utc
from portal.domain.meetings import MeetingState
from portal.models.families import KeepApart, KeepApartKind, Person
from portal.models.teamwork import Meeting


def next_on(family_id: int) -> date | None:
    """The day of the next meeting that is arranged, today or later."""
    found = db.session.scalars(
        select(Meeting.starts_at)
        .where(
            Meeting.family_id == family_id,
            Meeting.state == MeetingState.ARRANGED,
            Meeting.starts_at >= start_of_today(),
        )
        .order_by(Meeting.starts_at, Meeting.id)
        .limit(1)
    ).first()
    return london_date(found) if found else None


def start_of_today() -> datetime:
    """The first instant of London's day: a meeting this morning has not gone by."""
    return to_utc(clock.today(), time(0))


APART = {
    KeepApartKind.MUST_NOT_LEARN: "{person} must not learn about {other}",
    KeepApartKind.MUST_NOT_MEET: "{person} must not meet {other}",
}


def apart(family_id: int, among: Collection[int]) -> list[str]:
    """A sentence for each two of these people of the family who are to be kept apart."""
    one, other = aliased(Person), aliased(Person)
    rows = db.session.execute(
        select(KeepApart.kind, one, other)
        .join(one, one.id == KeepApart.person_id)
        .join(other, other.id == KeepApart.other_id)
        .where(KeepApart.family_id == family_id, KeepApart.person_id.in_(among), KeepApart.other_id.in_(among))
        .order_by(KeepApart.id)
    ).all()
    return [APART[kind].format(person=person.name, other=kept_from.name) for kind, person, kept_from in rows]
