"""Families: write one down with its people, its homes and how they can safely be reached."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from portal.core import clock
from portal.core.db import db
from portal.core.errors import FieldRefused
from portal.domain.event_kinds import E
from portal.domain.reach import Reach
from portal.domain.viewer import Viewer
from portal.models.families import (
    Family,
    Household,
    HouseholdMembership,
    ParentalResponsibility,
    Person,
    PersonKind,
    Relationship,
    SafeContact,
    Sex,
    YesNo,
)
from portal.services import history

UNBORN = "Baby"


@dataclass(frozen=True)
class NewPerson:
    """Somebody of a family that is being added. `homes`: the places in the list of homes where they live."""

    kind: PersonKind
    given_name: str
    family_name: str
    born_on: date | None = None
    expected_on: date | None = None
    sex: Sex = Sex.NOT_KNOWN
    relation: str | None = None
    responsible: bool = False
    school: str | None = None
    social_care_number: str | None = None
    language: str | None = None
    interpreter: YesNo = YesNo.NOT_KNOWN
    reach: Reach = field(default_factory=Reach)
    homes: Sequence[int] = (0,)


@dataclass(frozen=True)
class NewHome:
    """A home; what is empty is not known."""

    address: str | None = None
    postcode: str | None = None


def add(name: str, *, people: Sequence[NewPerson], homes: Sequence[NewHome], by: Viewer) -> Family:
    """Write a family down. Added by social care, its social worker is who added it."""
    if not any(person.kind is PersonKind.CHILD for person in people):
        raise FieldRefused("people", "Enter at least one child, or a child who is not born yet")
    family = Family(
        name=name,
        added_by_id=by.user_id,
        added_at=clock.now(),
        social_worker_id=by.user_id if by.is_social_worker else None,
        social_care_team_id=by.social_care_team_id if by.is_social_worker else None,
    )
    db.session.add(family)
    db.session.flush()
    rows = [_person(family, person) for person in people]
    houses = [_home(family, number, home, of=len(homes)) for number, home in enumerate(homes, start=1)]
    db.session.add_all([*rows, *houses])
    db.session.flush()
    for person, row in zip(people, rows, strict=True):
        _lives(row, person, houses)
        _ties(row, person, [other for other in rows if other is not row and other.kind is PersonKind.CHILD])
    history.record(E.FAMILY_ADDED, family, by=by)
    return family


def _person(family: Family, person: NewPerson) -> Person:
    return Person(
        family_id=family.id,
        kind=person.kind,
        given_name=person.given_name or UNBORN,
        family_name=person.family_name,
        date_of_birth=person.born_on,
        expected_on=person.expected_on,
        sex=person.sex,
        school=person.school,
        social_care_number=person.social_care_number,
        language=person.language,
        interpreter_needed=person.interpreter,
    )


def _home(family: Family, number: int, home: NewHome, *, of: int) -> Household:
    name = ("First home", "Second home")[number - 1] if of > 1 else "Home"
    return Household(family_id=family.id, name=name, address=home.address, postcode=home.postcode)


def _lives(row: Person, person: NewPerson, houses: Sequence[Household]) -> None:
    for place in person.homes:
        db.session.add(HouseholdMembership(family_id=row.family_id, household_id=houses[place].id, person_id=row.id))
    if person.reach.is_known:
        reach = person.reach
        db.session.add(
            SafeContact(
                family_id=row.family_id,
                person_id=row.id,
                phone=reach.phone,
                email=reach.email,
                by_phone=reach.by_phone,
                by_text=reach.by_text,
                by_email=reach.by_email,
                never_contact=reach.never_contact,
                note=reach.note,
            )
        )


def _ties(row: Person, person: NewPerson, children: Sequence[Person]) -> None:
    for child in children:
        if person.relation:
            db.session.add(
                Relationship(family_id=row.family_id, person_id=row.id, other_id=child.id, kind=person.relation)
            )
        if person.responsible and row.kind is PersonKind.ADULT:
            db.session.add(ParentalResponsibility(family_id=row.family_id, adult_id=row.id, child_id=child.id))
