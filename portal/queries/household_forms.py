"""What the forms about people and homes start from."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import or_, select

from portal.core.db import db
from portal.domain.dates import full
from portal.domain.reach import Reach
from portal.facts import homes as homes_facts
from portal.facts.meetings import apart_words
from portal.models.families import (
    ConfidentialAddress,
    Family,
    Household,
    HouseholdMembership,
    KeepApart,
    ParentalResponsibility,
    Person,
    PersonKind,
    Relationship,
    SafeContact,
)


@dataclass(frozen=True)
class Caption:
    """Whose record a page is part of."""

    name: str
    ref: str


@dataclass(frozen=True)
class Other:
    """Somebody else of the family, and what the person is to them. `opposite`: one of the two is a child, the other
    an adult."""

    id: int
    name: str
    relation: str | None
    responsible: bool
    opposite: bool


@dataclass(frozen=True)
class Stays:
    """Where a person lives and could live, and who could move with them: (id, words)."""

    now: Sequence[tuple[int, str]]
    elsewhere: Sequence[tuple[int, str]]
    others: Sequence[tuple[int, str]]


@dataclass(frozen=True)
class Secret:
    address: str
    postcode: str | None


def caption(family_id: int) -> Caption:
    family = db.session.execute(select(Family.id, Family.name).where(Family.id == family_id)).one()
    return Caption(family.name, f"{Family.ref_prefix}-{family.id}")


def others(person: Person) -> list[Other]:
    """Three statements."""
    people = db.session.scalars(
        select(Person)
        .where(Person.family_id == person.family_id, Person.id != person.id, Person.pregnancy_ended_on.is_(None))
        .order_by(Person.kind, Person.date_of_birth.is_(None), Person.date_of_birth, Person.id)
    ).all()
    relations = {
        row.other_id: row.kind
        for row in db.session.execute(
            select(Relationship.other_id, Relationship.kind).where(Relationship.person_id == person.id)
        )
    }
    held = {
        row.child_id if row.adult_id == person.id else row.adult_id
        for row in db.session.execute(
            select(ParentalResponsibility.adult_id, ParentalResponsibility.child_id).where(
                or_(ParentalResponsibility.adult_id == person.id, ParentalResponsibility.child_id == person.id)
            )
        )
    }
    return [
        Other(other.id, other.name, relations.get(other.id), other.id in held, other.kind is not person.kind)
        for other in people
    ]


def responsibility_words(person: Person, other: Other) -> str:
    adult, child = (person.name, other.name) if person.kind is PersonKind.ADULT else (other.name, person.name)
    return f"{adult} has parental responsibility for {child}"


def homes(family_id: int) -> list[tuple[int, str]]:
    rows = db.session.execute(
        select(Household.id, Household.name).where(Household.family_id == family_id).order_by(Household.id)
    )
    return [(row.id, row.name) for row in rows]


def stays(person: Person) -> Stays:
    """Three statements."""
    now = {
        row.household_id: row.from_on
        for row in db.session.execute(
            select(HouseholdMembership.household_id, HouseholdMembership.from_on).where(
                HouseholdMembership.person_id == person.id, HouseholdMembership.to_on.is_(None)
            )
        )
    }
    known = homes(person.family_id)
    people = db.session.scalars(
        select(Person)
        .where(
            Person.family_id == person.family_id,
            Person.id != person.id,
            Person.died_on.is_(None),
            Person.pregnancy_ended_on.is_(None),
        )
        .order_by(Person.kind, Person.date_of_birth, Person.id)
    ).all()
    return Stays(
        now=[
            (id_, f"{name}, since {full(since)}" if (since := now[id_]) else name) for id_, name in known if id_ in now
        ],
        elsewhere=[(id_, name) for id_, name in known if id_ not in now],
        others=[(other.id, other.name) for other in people],
    )


def reach_of(person: Person) -> Reach:
    row = db.session.scalars(select(SafeContact).where(SafeContact.person_id == person.id)).first()
    if row is None:
        return Reach()
    return Reach(
        phone=row.phone,
        email=row.email,
        by_phone=row.by_phone,
        by_text=row.by_text,
        by_email=row.by_email,
        by_post=row.by_post,
        never_contact=row.never_contact,
        note=row.note,
    )


def secret_of(person: Person) -> Secret | None:
    """Through the seat-belt: nothing for whoever may not read it."""
    row = db.session.execute(
        select(ConfidentialAddress).where(ConfidentialAddress.person_id == person.id)
    ).scalar_one_or_none()
    return Secret(row.address, row.postcode) if row else None


def may_change(home: Household) -> bool:
    return homes_facts.may_read_address(home)


def apart_line(row: KeepApart) -> str:
    names = {
        person.id: person.name
        for person in db.session.scalars(select(Person).where(Person.id.in_((row.person_id, row.other_id))))
    }
    return apart_words(row.kind, names[row.person_id], names[row.other_id])
