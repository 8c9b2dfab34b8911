"""What is kept back from one person of a family."""

import pytest

from portal.core import clock
from portal.core.db import db
from portal.facts import keep_apart
from portal.models.families import KeepApart, KeepApartKind, Person, PersonKind
from tests.support.people import Council, Home, a_family

LEARN, MEET = KeepApartKind.MUST_NOT_LEARN, KeepApartKind.MUST_NOT_MEET


@pytest.fixture
def home(council: Council) -> Home:
    return a_family(council, children=2)


@pytest.fixture
def father(council: Council, home: Home) -> Person:
    with council.behind_the_scenes():
        father = Person(family_id=home.id, kind=PersonKind.ADULT, given_name="Kevin", family_name="O’Neill")
        db.session.add(father)
    return father


def apart(council: Council, person: Person, other: Person, kind: KeepApartKind, *, ended: bool = False) -> None:
    with council.behind_the_scenes():
        ended_on = clock.today() if ended else None
        of = {"family_id": person.family_id, "kind": kind, "ended_on": ended_on}
        db.session.add(KeepApart(**of, person_id=person.id, other_id=other.id))


class TestWhomTheyMustNotLearnOf:
    def test_it_holds_for_one_of_the_two(self, council: Council, home: Home, father: Person) -> None:
        apart(council, father, home.parent, LEARN)

        with council.as_(council.social_worker):
            assert keep_apart.kept_from(home.id, father.id) == {home.parent.id}
            assert keep_apart.kept_from(home.id, home.parent.id) == set()
            assert keep_apart.kept_from(home.id, None) == set()

    def test_words_that_name_them_are_found(self, council: Council, home: Home, father: Person) -> None:
        apart(council, father, home.parent, LEARN)

        with council.as_(council.social_worker):
            kept = keep_apart.kept_back(home.id, father.id)
        assert kept.tells("Ring siobhán, about the flat")
        assert not kept.tells("The O’Neill children like Siobhánova’s club")
        assert not kept.tells(None)

    def test_once_ended_nothing_is_kept_back(self, council: Council, home: Home, father: Person) -> None:
        apart(council, father, home.parent, LEARN, ended=True)

        with council.as_(council.social_worker):
            assert keep_apart.kept_back(home.id, father.id) == keep_apart.NOTHING


class TestWhomTheyMustNotMeet:
    def test_it_holds_for_both_and_keeps_no_name(self, council: Council, home: Home, father: Person) -> None:
        apart(council, father, home.parent, MEET)

        with council.as_(council.social_worker):
            kept = keep_apart.kept_back_from_each(home.id, [father.id, home.parent.id, home.children[0].id])
        assert kept.keys() == {father.id, home.parent.id}
        assert kept[father.id].meet == {home.parent.id}
        assert kept[home.parent.id].people == {father.id}
        assert kept[father.id].learn == set()
        assert not kept[father.id].tells("Siobhán")

    def test_their_school_is_kept_back_from_both(self, council: Council, home: Home, father: Person) -> None:
        child = home.children[0]
        with council.behind_the_scenes():
            db.session.get_one(Person, child.id).school = "St Brigid’s"
        for one, other in ((father, child), (child, home.parent)):
            apart(council, one, other, MEET)

        with council.as_(council.social_worker):
            kept = keep_apart.kept_back_from_each(home.id, [father.id, home.parent.id])
        assert all(each.tells("Meet at St Brigid’s gate") for each in kept.values())
