"""Copies of what is held about one person: which were asked for, and whether one can still be opened."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.domain.dates import moment
from portal.models.families import Person
from portal.models.subjects import DataCopy

# After so long it is asked again what it is for: the record has changed.
LIVES = timedelta(days=1)


@dataclass(frozen=True)
class Asked:
    """`open`: can still be opened."""

    ref: str
    when: str
    made_by: str
    asked_by: str
    identity: str
    why: str
    open: bool


def of_person(person: Person) -> list[Asked]:
    """Newest first."""
    rows = db.session.scalars(select(DataCopy).where(DataCopy.person_id == person.id).order_by(DataCopy.id.desc()))
    return [asked(row) for row in rows]


def asked(row: DataCopy) -> Asked:
    return Asked(row.ref, moment(row.made_at), row.made_by_name, row.asked_by, row.identity, row.why, is_open(row))


def is_open(row: DataCopy) -> bool:
    return clock.now() - row.made_at < LIVES


def person_of(row: DataCopy) -> Person:
    return db.session.scalars(select(Person).where(Person.id == row.person_id)).one()
