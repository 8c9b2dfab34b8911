"""What stands above every page of a family: who leads, how it stands, how its people can safely be reached."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, select

from portal.core.db import db
from portal.domain.episodes import Stage
from portal.domain.reach import Reach
from portal.facts.meetings import apart_words
from portal.models.families import Family, KeepApart, Person, SafeContact
from portal.models.people import User
from portal.models.record import FamilySummary
from portal.queries.shapes import Tag, tag

# The columns `safe_way` reads.
SAFE = (
    SafeContact.id.label("safe"),
    SafeContact.phone,
    SafeContact.email,
    SafeContact.by_phone,
    SafeContact.by_text,
    SafeContact.by_email,
    SafeContact.by_post,
    SafeContact.never_contact,
    SafeContact.note,
)
_TO_LEAD_NOBODY = frozenset({Stage.DRAFT, Stage.WAITING, Stage.NOT_ACCEPTED, Stage.FOLLOWING_UP, Stage.NOT_OPEN})


@dataclass(frozen=True)
class SafeWay:
    """How one person can safely be reached, in words; `never` where nobody may try."""

    name: str
    ways: str
    never: bool
    note: str | None


@dataclass(frozen=True)
class Header:
    """What stands above every page of a family. `lead` is a name, or words."""

    ref: str
    name: str
    restricted: bool
    lead: str
    coordinator: str | None
    stage: Tag
    safe_contact: list[SafeWay]
    apart: list[str]


def header(family: Family) -> Header:
    """Two statements."""
    row = db.session.execute(
        select(
            FamilySummary.stage,
            FamilySummary.lead_name,
            FamilySummary.lead_asked,
            User.name.label("coordinator"),
        )
        .outerjoin(User, User.id == FamilySummary.coordinator_id)
        .where(FamilySummary.family_id == family.id)
    ).one()
    ways, apart = safety(family.id)
    return Header(
        ref=family.ref,
        name=family.name,
        restricted=family.restricted,
        lead=lead_words(row.stage, row.lead_name, row.lead_asked),
        coordinator=row.coordinator,
        stage=tag(row.stage),
        safe_contact=ways,
        apart=apart,
    )


def lead_words(stage: Stage, name: str | None, asked: bool) -> str:
    """The name of who leads; who was asked and has not answered; or that there is nobody."""
    if name is None:
        return "Nobody to lead yet" if stage in _TO_LEAD_NOBODY else "Nobody yet"
    return f"{name}, who was asked and has not answered" if asked else name


def safety(family_id: int) -> tuple[list[SafeWay], list[str]]:
    """How each person can safely be reached, and who is to be kept apart from whom; in one statement."""
    rows = db.session.execute(
        select(
            Person.id,
            Person.given_name,
            Person.known_as,
            Person.family_name,
            Person.died_on,
            *SAFE,
            KeepApart.kind,
            KeepApart.other_id,
        )
        .outerjoin(SafeContact, SafeContact.person_id == Person.id)
        .outerjoin(KeepApart, and_(KeepApart.person_id == Person.id, KeepApart.ended_on.is_(None)))
        .where(Person.family_id == family_id)
        .order_by(Person.kind, Person.date_of_birth, Person.id, KeepApart.id)
    ).all()
    names = {row.id: f"{row.known_as or row.given_name} {row.family_name}" for row in rows}
    living = [row for row in rows if row.died_on is None]
    ways = {row.id: safe_way(names[row.id], row) for row in living if row.safe is not None}
    apart = [apart_words(row.kind, names[row.id], names[row.other_id]) for row in living if row.kind]
    return list(ways.values()), apart


def safe_way(name: str, safe: Any) -> SafeWay:
    """How a person can be reached, from a row with the columns of SAFE."""
    reach = Reach(
        phone=safe.phone,
        email=safe.email,
        by_phone=safe.by_phone,
        by_text=safe.by_text,
        by_email=safe.by_email,
        by_post=safe.by_post,
        never_contact=safe.never_contact,
    )
    return SafeWay(name, reach.words, safe.never_contact, safe.note)
