"""Who lives where, how they belong together, and how each can safely be reached."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.domain.dates import age_words, full
from portal.facts import confidential as hidden
from portal.models.families import (
    ConfidentialAddress,
    Household,
    HouseholdMembership,
    ParentalResponsibility,
    Person,
    PersonKind,
    Relationship,
    Sex,
    YesNo,
)

SEXES: Mapping[Sex, str] = {Sex.FEMALE: "Female", Sex.MALE: "Male", Sex.NOT_KNOWN: "Not known"}
YES_NO: Mapping[YesNo, str] = {YesNo.YES: "Yes", YesNo.NO: "No", YesNo.NOT_KNOWN: "Not known"}
KINDS: Mapping[PersonKind, str] = {PersonKind.CHILD: "A child", PersonKind.ADULT: "An adult"}
NOT_KNOWN = "Not known"
NOT_SAID = "The address is not known, or is not shown here."


@dataclass(frozen=True)
class Fact:
    """A question about somebody and what is known."""

    key: str
    value: str
    typed: bool = False


@dataclass(frozen=True)
class Somebody:
    """One person of the family, and what is known of them."""

    name: str
    facts: Sequence[Fact]


@dataclass(frozen=True)
class Home:
    """A home, and who lives in it. `address` is None where somebody's confidential one, shown below, says it."""

    name: str
    address: str | None
    people: Sequence[str]


@dataclass(frozen=True)
class FamilyHomes:
    """The household page."""

    homes: Sequence[Home]
    nowhere: Sequence[str]
    people: Sequence[Somebody]


@dataclass(frozen=True)
class Living:
    """Somebody alive, or expected, for a form to name."""

    id: int
    name: str
    called: str
    is_child: bool


def living(family_id: int) -> list[Living]:
    """Adults first, then children, eldest first. Who died, and a pregnancy that ended, are not named."""
    rows = db.session.execute(
        select(Person.id, Person.given_name, Person.known_as, Person.family_name, Person.kind)
        .where(Person.family_id == family_id, Person.died_on.is_(None), Person.pregnancy_ended_on.is_(None))
        .order_by(Person.kind, Person.date_of_birth.is_(None), Person.date_of_birth, Person.id)
    ).all()
    return [
        Living(
            row.id,
            f"{row.known_as or row.given_name} {row.family_name}",
            row.known_as or row.given_name,
            row.kind is PersonKind.CHILD,
        )
        for row in rows
    ]


def of_family(family_id: int) -> FamilyHomes:
    """In six statements. The confidential address is there only for those who may see it."""
    people = db.session.scalars(
        select(Person)
        .where(Person.family_id == family_id)
        .order_by(Person.kind, Person.date_of_birth.is_(None), Person.date_of_birth, Person.id)
    ).all()
    relations, responsible = _ties(family_id, {person.id: person.known_as or person.given_name for person in people})
    confidential = {
        row.person_id: _place(row)
        for row in db.session.execute(
            select(ConfidentialAddress.person_id, ConfidentialAddress.address, ConfidentialAddress.postcode).where(
                ConfidentialAddress.family_id == family_id
            )
        )
    }
    # The address of a home would tell the confidential one of whoever lives in it.
    homes, nowhere = _homes(
        family_id, people, told=confidential.keys(), kept_back=hidden.people(family_id) - confidential.keys()
    )
    today = clock.today()
    return FamilyHomes(
        homes=homes,
        nowhere=nowhere,
        people=[
            Somebody(
                person.name,
                [
                    *_birth(person, today),
                    *(
                        [Fact("Confidential address", confidential[person.id], typed=True)]
                        if person.id in confidential
                        else []
                    ),
                    Fact("Relationships", "; ".join(relations[person.id]) or NOT_KNOWN),
                    _responsibility(person, responsible),
                    *_about(person),
                ],
            )
            for person in people
        ],
    )


def _birth(person: Person, today: date) -> list[Fact]:
    if person.died_on:
        return [Fact("Died", full(person.died_on))]
    if person.pregnancy_ended_on:
        return [Fact("Pregnancy ended", full(person.pregnancy_ended_on))]
    if person.expected_on:
        return [Fact("Expected", full(person.expected_on))]
    if person.date_of_birth:
        return [Fact("Date of birth", f"{full(person.date_of_birth)} ({age_words(person.date_of_birth, today)})")]
    return [Fact("Date of birth", NOT_KNOWN)]


def _responsibility(person: Person, responsible: Mapping[int, Sequence[str]]) -> Fact:
    names = ", ".join(responsible[person.id]) or NOT_KNOWN
    if person.kind is PersonKind.CHILD:
        return Fact("Who has parental responsibility", names)
    return Fact("Has parental responsibility for", names)


def _about(person: Person) -> list[Fact]:
    facts = [("Sex", SEXES[person.sex])]
    if person.kind is PersonKind.CHILD:
        facts += [("School", person.school or NOT_KNOWN), ("GP or health visitor", person.health_contact or NOT_KNOWN)]
    facts += [
        ("Language", person.language or NOT_KNOWN),
        ("Interpreter needed", YES_NO[person.interpreter_needed]),
        ("Disability or additional needs", person.disability_or_send or NOT_KNOWN),
        ("Social care number", person.social_care_number or NOT_KNOWN),
    ]
    return [Fact(key, value) for key, value in facts]


def _homes(
    family_id: int, people: Sequence[Person], *, told: AbstractSet[int], kept_back: AbstractSet[int]
) -> tuple[list[Home], list[str]]:
    rows = db.session.execute(
        select(Household.id, Household.name, Household.address, Household.postcode, HouseholdMembership.person_id)
        .outerjoin(
            HouseholdMembership,
            (HouseholdMembership.household_id == Household.id) & HouseholdMembership.to_on.is_(None),
        )
        .where(Household.family_id == family_id)
        .order_by(Household.id)
    ).all()
    homes = {row.id: row for row in rows}
    lives = {home: {row.person_id for row in rows if row.id == home} for home in homes}
    alive = [person for person in people if not person.died_on and not person.pregnancy_ended_on]
    somewhere = set().union(*lives.values())
    return [
        Home(
            row.name,
            _address(row, lives[row.id], told, kept_back),
            [person.name for person in alive if person.id in lives[row.id]],
        )
        for row in homes.values()
    ], [person.name for person in alive if person.id not in somewhere]


def _address(
    row: Any, people: AbstractSet[int | None], told: AbstractSet[int], kept_back: AbstractSet[int]
) -> str | None:
    if people & kept_back:
        return NOT_SAID
    return _place(row) or (None if people & told else NOT_SAID)


def _place(row: Any) -> str:
    return "\n".join(part for part in (row.address, row.postcode) if part)


def _ties(family_id: int, names: Mapping[int, str]) -> tuple[Mapping[int, list[str]], Mapping[int, list[str]]]:
    """Of each person: whose what they are, and who has parental responsibility for whom."""
    relations: dict[int, list[str]] = defaultdict(list)
    for row in db.session.execute(
        select(Relationship.person_id, Relationship.other_id, Relationship.kind)
        .where(Relationship.family_id == family_id)
        .order_by(Relationship.id)
    ):
        relations[row.person_id].append(f"{row.kind} of {names[row.other_id]}")
        relations[row.other_id].append(f"{names[row.person_id]} is their {row.kind}")
    responsible: dict[int, list[str]] = defaultdict(list)
    for tie in db.session.execute(
        select(ParentalResponsibility.adult_id, ParentalResponsibility.child_id)
        .where(ParentalResponsibility.family_id == family_id)
        .order_by(ParentalResponsibility.id)
    ):
        responsible[tie.adult_id].append(names[tie.child_id])
        responsible[tie.child_id].append(names[tie.adult_id])
    return relations, responsible
