"""The people of a family: add somebody, change or correct what is known of them, record that a baby was born."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm.attributes import flag_modified

from portal.core.db import db
from portal.core.errors import FieldRefused, Refused
from portal.domain.dates import full
from portal.domain.event_kinds import E
from portal.domain.viewer import Viewer
from portal.facts import numbers
from portal.facts.people import QUESTIONS, is_known, shown
from portal.models.families import (
    Family,
    HouseholdMembership,
    ParentalResponsibility,
    Person,
    PersonKind,
    Sex,
    YesNo,
)
from portal.models.handover import StepDownChild
from portal.models.record import Event
from portal.models.teamwork import TeamMember
from portal.services import history
from portal.services.families import UNBORN

TOLD = (E.PERSON_ADDED, E.PERSON_TOLD, E.PERSON_CHANGED, E.PERSON_CORRECTED, E.PERSON_BORN)
NUMBERS = ("social_care_number", "nhs_number", "upn")
CALLED = {"nhs_number": "NHS number", "upn": "unique pupil number"}
EARLY, LATE = timedelta(weeks=24), timedelta(weeks=8)


@dataclass(frozen=True)
class Why:
    """Why something that was known is recorded differently now: things changed, or it was `wrong` from the start."""

    wrong: bool | None = None
    reason: str | None = None

    def demand(self) -> None:
        """Raises FieldRefused where it was not said which, or not what was wrong."""
        if self.wrong is None:
            raise FieldRefused("because", "Select whether this has changed or was recorded wrongly")
        if self.wrong and not self.reason:
            raise FieldRefused("reason", "Enter what was wrong")


@dataclass(frozen=True)
class About:
    """What is known of somebody. The names are those of the columns."""

    kind: PersonKind
    given_name: str
    family_name: str
    known_as: str | None = None
    date_of_birth: date | None = None
    expected_on: date | None = None
    sex: Sex = Sex.NOT_KNOWN
    gender: str | None = None
    ethnicity: str | None = None
    language: str | None = None
    interpreter_needed: YesNo = YesNo.NOT_KNOWN
    disability_or_send: str | None = None
    school: str | None = None
    health_contact: str | None = None
    social_care_number: str | None = None
    nhs_number: str | None = None
    upn: str | None = None


def add(family: Family, about: About, *, homes: Sequence[int], by: Viewer) -> Person:
    """Somebody more in the family, living in these homes. Raises FieldRefused at `given_name` where they are here
    already, or at a number that somebody else of the family has."""
    person = Person(family_id=family.id, kind=about.kind, given_name="", family_name=about.family_name)
    _demand_own_numbers(person, about)
    for column in QUESTIONS:
        setattr(person, column, getattr(about, column))
    person.given_name = about.given_name or UNBORN
    _demand_new(person)
    db.session.add(person)
    db.session.flush()
    for home_id in homes:
        db.session.add(HouseholdMembership(family_id=family.id, household_id=home_id, person_id=person.id))
    history.record(E.PERSON_ADDED, person, by=by, data={"whom": person.name})
    return person


def change(person: Person, about: About, why: Why, *, by: Viewer) -> int:
    """Record what is different now, an event for each answer; the number of them. Raises FieldRefused where a number
    is somebody else's, or something known would change and it was not said why."""
    changes = [
        (column, getattr(person, column), getattr(about, column))
        for column in QUESTIONS
        if getattr(person, column) != getattr(about, column)
    ]
    if not changes:
        return 0
    _demand_possible(person, about)
    if any(is_known(old) for _column, old, _new in changes):
        why.demand()
    whom = person.name
    for column, old, new in changes:
        setattr(person, column, new)
        _record(person, whom, (column, old, new), why, by=by)
    rename_member(person)
    return len(changes)


def be_born(person: Person, *, given_name: str, family_name: str, sex: Sex, on: date, by: Viewer) -> None:
    """The baby who was expected was born. Raises FieldRefused at `on` where that is no date for this baby."""
    if person.expected_on is None or person.pregnancy_ended_on:
        raise Refused("No baby is expected here any more. Look at what is recorded of the {family}.")
    expected = person.expected_on
    if not expected - EARLY <= on <= expected + LATE:
        raise FieldRefused(
            "on",
            f"Date of birth must be nearer to {full(expected)}, when the baby was expected. "
            "If the expected date is wrong, correct it first",
        )
    person.date_of_birth, person.expected_on = on, None
    person.given_name, person.family_name, person.sex = given_name, family_name, sex
    rename_member(person)
    data = {"whom": person.name, "when": full(on), "expected": full(expected)}
    history.record(E.PERSON_BORN, person, by=by, data=data, happened_on=on)


def touch(person: Person) -> None:
    """Something that belongs to this person changed in another table: a form about them that was opened before is
    now old."""
    flag_modified(person, "kind")


def corrected(person: Person, column: str) -> int | None:
    """The event that told last what is now put right; the one that added the family where none is about it."""
    rows = db.session.execute(
        select(Event.id, Event.kind, Event.data)
        .where(
            Event.family_id == person.family_id,
            Event.subject == person.ref,
            Event.kind.in_(TOLD),
        )
        .order_by(Event.id.desc())
    )
    for row in rows:
        if row.data.get("field") == column or row.kind is E.PERSON_ADDED:
            return int(row.id)
    return db.session.scalars(
        select(Event.id)
        .where(Event.family_id == person.family_id, Event.kind == E.FAMILY_ADDED)
        .order_by(Event.id)
        .limit(1)
    ).first()


def _record(person: Person, whom: str, change: tuple[str, Any, Any], why: Why, *, by: Viewer) -> None:
    column, old, new = change
    told, wrong = not is_known(old), bool(why.wrong)
    kind = E.PERSON_TOLD if told else E.PERSON_CORRECTED if wrong else E.PERSON_CHANGED
    corrects = corrected(person, column) if kind is E.PERSON_CORRECTED else None
    event = history.record(
        kind,
        person,
        by=by,
        data={
            "whom": whom,
            "field": column,
            "what": QUESTIONS[column],
            "old": shown(column, old),
            "new": shown(column, new),
        },
        text=None if told else why.reason,
    )
    event.corrects_id = corrects


def _demand_possible(person: Person, about: About) -> None:
    if person.expected_on and about.date_of_birth:
        raise FieldRefused("date_of_birth", "A birth is recorded on its own page: the baby was born")
    if person.kind is not about.kind:
        _demand_free_to_be(person)
    _demand_own_numbers(person, about)


def _demand_free_to_be(person: Person) -> None:
    """Somebody who is a child to other things cannot simply become an adult, nor the other way about."""
    ties = select(ParentalResponsibility.id).where(
        (ParentalResponsibility.adult_id == person.id) | (ParentalResponsibility.child_id == person.id)
    )
    handed = select(StepDownChild.id).where(StepDownChild.person_id == person.id)
    if db.session.scalars(ties.limit(1)).first():
        raise FieldRefused("kind", "First take away the parental responsibility that is recorded")
    if db.session.scalars(handed.limit(1)).first():
        raise FieldRefused("kind", "A child of {step_down:a} cannot become an adult")


def _demand_own_numbers(person: Person, about: About) -> None:
    others = db.session.scalars(
        select(Person).where(Person.family_id == person.family_id, Person.id.is_distinct_from(person.id))
    ).all()
    for column in NUMBERS:
        number = getattr(about, column)
        other = next((each for each in others if number and getattr(each, column) == number), None)
        if other is not None:
            raise FieldRefused(column, f"{other.name} has this number already. Check whose it is")
    _demand_free_numbers(person, about)


def _demand_free_numbers(person: Person, about: About) -> None:
    """Whoever of another family has it is not named: that family may be out of reach."""
    new = {
        column: getattr(about, column)
        for column in numbers.OF_ONE_PERSON
        if getattr(about, column) and getattr(person, column) != getattr(about, column)
    }
    for (column, _number), ids in numbers.holders(new.items()).items():
        if ids - {person.id}:
            words = f"This {CALLED[column]} is already that of another person in the portal. Check whose it is"
            raise FieldRefused(column, words)


def _demand_new(person: Person) -> None:
    same = db.session.scalars(
        select(Person).where(
            Person.family_id == person.family_id,
            Person.name_key == person.name_key,
            Person.given_name == person.given_name,
            Person.date_of_birth.is_not_distinct_from(person.date_of_birth),
            Person.expected_on.is_not_distinct_from(person.expected_on),
            Person.pregnancy_ended_on.is_(None),
        )
    ).first()
    # Twins who are not born yet have no names to tell them apart.
    if same is not None and person.expected_on is None:
        raise FieldRefused("given_name", f"{same.name} is in this family already. Change what is known of them instead")


def rename_member(person: Person) -> None:
    """On the team they go by the name they have now."""
    for member in db.session.scalars(select(TeamMember).where(TeamMember.person_id == person.id)):
        member.name = person.name
