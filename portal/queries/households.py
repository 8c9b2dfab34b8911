"""Who lives where, how they belong together, and how each can safely be reached."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import literal, null, select, union_all

from portal.core import clock
from portal.core.db import db
from portal.domain.dates import age_words, full
from portal.facts import confidential as hidden
from portal.facts.people import KINDS, NOT_KNOWN, SEXES, YES_NO, shown
from portal.models.families import (
    ConfidentialAddress,
    EarlierAddress,
    Household,
    HouseholdMembership,
    ParentalResponsibility,
    Person,
    PersonKind,
    Relationship,
    SafeContact,
)
from portal.queries import addresses, apart
from portal.queries.apart import Apart
from portal.queries.families import SAFE, SECRET, safe_way, secret_of

__all__ = ["KINDS", "NOT_SAID", "SEXES", "YES_NO", "FamilyHomes", "Living", "living", "of_family"]
NOT_SAID = "The address is not known, or is not shown here."


@dataclass(frozen=True)
class Fact:
    """A question about somebody and what is known."""

    key: str
    value: str
    typed: bool = False
    unprinted: bool = False


@dataclass(frozen=True)
class Somebody:
    """One person of the family, and what is known of them. `unborn`, `lost`: what can be recorded of them differs;
    `hidden`: they have a confidential address that this viewer reads."""

    id: int
    ref: str
    name: str
    called: str
    born: str
    facts: Sequence[Fact]
    is_child: bool
    unborn: bool
    died: bool
    ended: bool
    hidden: bool


@dataclass(frozen=True)
class Home:
    """A home, who lives there now and who did before. `address` is None where somebody's confidential one, shown
    below, says it; `may_change` is false where this viewer may not read it."""

    id: int
    ref: str
    name: str
    address: str | None
    people: Sequence[str]
    before: Sequence[str]
    earlier: Sequence[str]
    person_ids: Sequence[int]
    may_change: bool


@dataclass(frozen=True)
class Bond:
    """`person` is the `kind` of `other`; without a kind they have parental responsibility for them."""

    person_id: int
    other_id: int
    kind: str | None

    @property
    def inside(self) -> str:
        """The kind inside a sentence: people write it as it begins a line."""
        return self.kind[:1].lower() + self.kind[1:] if self.kind else ""


@dataclass(frozen=True)
class FamilyHomes:
    """The household page."""

    homes: Sequence[Home]
    nowhere: Sequence[str]
    people: Sequence[Somebody]
    bonds: Sequence[Bond]
    apart: Sequence[Apart]


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
    """In six statements, one more where people are kept apart. The confidential address is there only for those who
    may see it."""
    rows = _people(family_id)
    lost = {row.Person.id for row in rows if not _is_living(row.Person)}
    # Parental responsibility ends with a life; what people were to each other does not.
    bonds = [bond for bond in _bonds(family_id) if bond.kind or not {bond.person_id, bond.other_id} & lost]
    names = {row.Person.id: row.Person.known_as or row.Person.given_name for row in rows}
    told = {row.Person.id for row in rows if row.secret_address}
    # The address of a home would tell the confidential one of whoever lives in it.
    homes = _homes(family_id, rows, told=told, kept_back=hidden.people(family_id) - told)
    at_home = {person_id for home in homes for person_id in home.person_ids}
    today = clock.today()
    return FamilyHomes(
        homes=homes,
        nowhere=[row.Person.name for row in rows if _is_living(row.Person) and row.Person.id not in at_home],
        people=[_somebody(row, bonds, names, today) for row in rows],
        bonds=bonds,
        apart=apart.of_family(
            family_id,
            {row.Person.id: row.Person.name for row in rows},
            homes={home.name: home.person_ids for home in homes},
            lost=lost,
        ),
    )


def _people(family_id: int) -> Sequence[Any]:
    return db.session.execute(
        select(
            Person,
            *SECRET,
            *SAFE,
        )
        .outerjoin(ConfidentialAddress, ConfidentialAddress.person_id == Person.id)
        .outerjoin(SafeContact, SafeContact.person_id == Person.id)
        .where(Person.family_id == family_id)
        .order_by(Person.kind, Person.date_of_birth.is_(None), Person.date_of_birth, Person.id)
    ).all()


def _is_living(person: Person) -> bool:
    return person.died_on is None and person.pregnancy_ended_on is None


def _somebody(row: Any, bonds: Sequence[Bond], names: Mapping[int, str], today: date) -> Somebody:
    person: Person = row.Person
    facts = [_birth(person, today)]
    if row.secret_address:
        facts.append(Fact("Confidential address", "\n".join(secret_of(row)), typed=True, unprinted=True))
    if row.safe is not None and _is_living(person):
        way = safe_way(person.name, row.safe, row)
        facts.append(Fact("Safe contact", ". ".join(part for part in (way.ways, way.note) if part)))
    facts += [Fact("Relationships", "; ".join(_relations(person.id, bonds, names)) or NOT_KNOWN)]
    facts += [_responsibility(person, bonds, names), *_about(person)]
    return Somebody(
        id=person.id,
        ref=person.ref,
        name=person.name,
        called=person.known_as or person.given_name,
        born=_picture_words(person, today),
        facts=facts,
        is_child=person.kind is PersonKind.CHILD,
        unborn=person.expected_on is not None,
        died=person.died_on is not None,
        ended=person.pregnancy_ended_on is not None,
        hidden=bool(row.secret_address),
    )


def _birth(person: Person, today: date) -> Fact:
    if person.died_on:
        return Fact("Died", full(person.died_on))
    if person.pregnancy_ended_on:
        return Fact("Pregnancy ended", full(person.pregnancy_ended_on))
    if person.expected_on:
        return Fact("Expected", full(person.expected_on))
    if person.date_of_birth:
        return Fact("Date of birth", f"{full(person.date_of_birth)} ({age_words(person.date_of_birth, today)})")
    return Fact("Date of birth", NOT_KNOWN)


def _picture_words(person: Person, today: date) -> str:
    if person.died_on:
        return f"died {full(person.died_on)}"
    if person.expected_on:
        return f"expected {full(person.expected_on)}"
    if person.kind is PersonKind.ADULT:
        return "adult"
    return age_words(person.date_of_birth, today) if person.date_of_birth else "age not known"


def _relations(person_id: int, bonds: Sequence[Bond], names: Mapping[int, str]) -> list[str]:
    """What they are to others, then what others are to them."""
    told = [bond for bond in bonds if bond.kind]
    return [
        *(f"{bond.kind} of {names[bond.other_id]}" for bond in told if bond.person_id == person_id),
        *(f"{names[bond.person_id]} is their {bond.inside}" for bond in told if bond.other_id == person_id),
    ]


def _responsibility(person: Person, bonds: Sequence[Bond], names: Mapping[int, str]) -> Fact:
    held = [bond for bond in bonds if bond.kind is None]
    if person.kind is PersonKind.CHILD:
        who = [names[bond.person_id] for bond in held if bond.other_id == person.id]
        return Fact("Who has parental responsibility", ", ".join(who) or NOT_KNOWN)
    whom = [names[bond.other_id] for bond in held if bond.person_id == person.id]
    return Fact("Has parental responsibility for", ", ".join(whom) or NOT_KNOWN)


# The questions of the household page, and of a child alone.
_SHOWN = {
    "known_as": "Likes to be called",
    "sex": "Sex",
    "gender": "Gender",
    "ethnicity": "Ethnicity",
    "school": "School",
    "health_contact": "GP or health visitor",
    "language": "Language",
    "interpreter_needed": "Interpreter needed",
    "disability_or_send": "Disability or additional needs",
    "social_care_number": "Social care number",
    "nhs_number": "NHS number",
    "upn": "Unique pupil number",
}
_OF_CHILDREN = {"school", "upn"}


def _about(person: Person) -> list[Fact]:
    return [
        Fact(key, shown(column, getattr(person, column)))
        for column, key in _SHOWN.items()
        if (person.kind is PersonKind.CHILD or column not in _OF_CHILDREN) and (column != "known_as" or person.known_as)
    ]


def _homes(family_id: int, people: Sequence[Any], *, told: Collection[int], kept_back: Collection[int]) -> list[Home]:
    rows = db.session.execute(
        select(
            Household.id,
            Household.name,
            Household.address_sealed,
            Household.postcode_sealed,
            HouseholdMembership.person_id,
            HouseholdMembership.from_on,
            HouseholdMembership.to_on,
        )
        .outerjoin(HouseholdMembership, HouseholdMembership.household_id == Household.id)
        .where(Household.family_id == family_id)
        .order_by(Household.id, HouseholdMembership.id)
    ).all()
    earlier = _earlier(family_id)
    living = {row.Person.id: row.Person.name for row in people if _is_living(row.Person)}
    by_home = {row.id: [other for other in rows if other.id == row.id] for row in rows}
    return [_home(stays, living, told, kept_back, earlier[home_id]) for home_id, stays in by_home.items()]


def _home(
    stays: Sequence[Any],
    living: Mapping[int, str],
    told: Collection[int],
    kept_back: Collection[int],
    earlier: Iterable[str],
) -> Home:
    first = stays[0]
    now = {stay.person_id: stay for stay in stays if stay.person_id and stay.to_on is None}
    kept = bool(now.keys() & set(kept_back))
    address = "\n".join(addresses.parts(first.address_sealed, first.postcode_sealed, first.id))
    without = None if now.keys() & set(told) else NOT_SAID
    return Home(
        id=first.id,
        ref=f"{Household.ref_prefix}-{first.id}",
        name=first.name,
        address=NOT_SAID if kept else address or without,
        people=[_since(name, now[id_].from_on) for id_, name in living.items() if id_ in now],
        before=[
            f"{living[stay.person_id]}, until {full(stay.to_on)}"
            for stay in stays
            if stay.to_on and stay.person_id in living
        ],
        earlier=[] if kept else list(earlier),
        person_ids=[id_ for id_ in living if id_ in now],
        may_change=not kept,
    )


def _since(name: str, from_on: date | None) -> str:
    return f"{name}, since {full(from_on)}" if from_on else name


def _earlier(family_id: int) -> Mapping[int, list[str]]:
    """By home: what its address was said to be before, and until when."""
    found: defaultdict[int, list[str]] = defaultdict(list)
    for row in db.session.execute(
        select(
            EarlierAddress.id,
            EarlierAddress.household_id,
            EarlierAddress.address_sealed,
            EarlierAddress.postcode_sealed,
            EarlierAddress.corrected_on,
        )
        .where(EarlierAddress.family_id == family_id)
        .order_by(EarlierAddress.id.desc())
    ):
        place = ", ".join(addresses.parts(row.address_sealed, row.postcode_sealed, row.id))
        found[row.household_id].append(f"{place}, corrected on {full(row.corrected_on)}")
    return found


def _bonds(family_id: int) -> list[Bond]:
    """Relationships, then who has parental responsibility for whom; in one statement."""
    related = select(
        literal(1).label("part"), Relationship.id, Relationship.person_id, Relationship.other_id, Relationship.kind
    ).where(Relationship.family_id == family_id)
    responsible = select(
        literal(2),
        ParentalResponsibility.id,
        ParentalResponsibility.adult_id,
        ParentalResponsibility.child_id,
        null(),
    ).where(ParentalResponsibility.family_id == family_id)
    rows: Any = db.session.execute(union_all(related, responsible).order_by("part", "id"))
    return [Bond(row.person_id, row.other_id, row.kind) for row in rows]
