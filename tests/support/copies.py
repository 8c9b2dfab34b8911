"""Copies of what is held about somebody, as the manager makes them for whoever asks."""

from portal.models.families import Person
from tests.support.people import Council
from tests.support.web import Page, SignIn

ANSWERS = {"asked_by": "Siobhán O’Neill", "identity": "Passport seen at the office", "why": "She asked in a letter"}


def the_copy(council: Council, sign_in: SignIn, person: Person) -> Page:
    return sign_in(council.manager).submit(f"/people/{person.ref}/copy", ANSWERS).follow()
