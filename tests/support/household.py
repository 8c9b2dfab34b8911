"""A family whose people and homes are changed: what the pages about them are sent, and what was recorded."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.models.families import Household, Person, PersonKind
from portal.models.record import Event
from tests.support.people import Council, Home
from tests.support.web import Page, SignIn


def somebody(council: Council, home: Home, given_name: str, **about: Any) -> Person:
    """One more person of the family, an adult unless told."""
    with council.behind_the_scenes():
        person = Person(
            family_id=home.id,
            **{"kind": PersonKind.ADULT, "family_name": "O’Neill", "given_name": given_name, **about},
        )
        db.session.add(person)
    return person


def read(council: Council, person: Person) -> Person:
    """The person as stored now."""
    with council.behind_the_scenes():
        return db.session.get_one(Person, person.id)


def first_home(council: Council, home: Home) -> Household:
    with council.behind_the_scenes():
        return db.session.scalars(select(Household).where(Household.family_id == home.id).order_by(Household.id)).one()


def events(council: Council, home: Home, prefix: str) -> list[Event]:
    """The family's events of these kinds, oldest first."""
    with council.behind_the_scenes():
        found = db.session.scalars(select(Event).where(Event.family_id == home.id).order_by(Event.id)).all()
    return [event for event in found if event.kind.startswith(prefix)]


def expected(council: Council, home: Home, **about: Any) -> Person:
    """A baby of the family, due in ten days."""
    return somebody(
        council, home, "Baby", kind=PersonKind.CHILD, expected_on=clock.today() + timedelta(days=10), **about
    )


def send(sign_in: SignIn, council: Council, path: str, answers: dict[str, Any]) -> Page:
    """The form there, filled in by the social worker."""
    return sign_in(council.social_worker).submit(path, answers)


def expected_in(council: Council, home: Home) -> Person:
    """The one child of the family that is not born yet."""
    with council.behind_the_scenes():
        unborn = Person.family_id == home.id, Person.expected_on.is_not(None), Person.date_of_birth.is_(None)
        return db.session.scalars(select(Person).where(*unborn)).one()
