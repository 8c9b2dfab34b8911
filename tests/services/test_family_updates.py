"""A second spreadsheet of families: what it brings up to date, and what it leaves as the portal has it."""

import pytest
from sqlalchemy import select

from portal.core.db import db
from portal.domain.reach import Reach
from portal.models.families import (
    Family,
    ParentalResponsibility,
    Person,
    Relationship,
)
from portal.services import safety
from tests.support.family_sheets import CHILD, GOOD, HEAD, MOTHER, TakeIn, count, the_family, told_of
from tests.support.people import Council
from tests.support.web import SignIn

SAFE = HEAD + ",Phone,Safe to ring,NHS number"
FIRST = (MOTHER + ",01632 960 300,yes,", CHILD + ",,,943 476 5919")


class TestASecondFile:
    def test_says_that_a_number_is_not_safe_any_more(self, council: Council, take_in: TakeIn, sign_in: SignIn) -> None:
        take_in(SAFE, *FIRST)

        result = take_in(SAFE, MOTHER + ",01632 960300,no,", FIRST[1])

        assert "1 brought up to date" in result.output, result.output
        assert told_of(council) == ["Safe to ring of Siobhán O’Neill from yes to no"]
        page = sign_in(council.coordinator).get(f"/families/{the_family(council).ref}")
        assert "01632 960 300" not in page.text_of(".app-safe-contact")

    def test_with_the_adult_alone_brings_number_relation_and_responsibility_up_to_date(
        self, council: Council, take_in: TakeIn, sign_in: SignIn
    ) -> None:
        take_in(SAFE, *FIRST)
        again = MOTHER.replace("mother,yes", "grandmother,no") + ",01632 960 301,yes,"

        result = take_in(SAFE, again)
        third = take_in(SAFE, again)

        assert "1 brought up to date, 0 as before; 0 faults" in result.output, result.output
        assert "0 brought up to date, 1 as before; 0 faults" in third.output, third.output
        assert told_of(council) == [
            "Phone of Siobhán O’Neill from 01632 960 300 to 01632 960 301; "
            "Relationship of Siobhán O’Neill to Child1 O’Neill from mother to grandmother; "
            "Parental responsibility of Siobhán O’Neill for Child1 O’Neill from yes to no"
        ]
        page = sign_in(council.coordinator).get(f"/families/{the_family(council).ref}")
        assert "Siobhán O’Neill: call 01632 960 301" in page.text_of(".app-safe-contact")

    def test_that_does_not_say_whether_a_new_number_is_safe_makes_it_unsafe(
        self, council: Council, take_in: TakeIn
    ) -> None:
        take_in(SAFE, *FIRST)

        take_in(SAFE, MOTHER + ",01632 960 301,,", FIRST[1])

        assert told_of(council) == [
            "Phone of Siobhán O’Neill from 01632 960 300 to 01632 960 301; "
            "Safe to ring of Siobhán O’Neill from yes to no"
        ]

    def test_never_undoes_what_was_recorded_in_the_portal(self, council: Council, take_in: TakeIn) -> None:
        take_in(SAFE, *FIRST)
        with council.as_(council.coordinator) as viewer:
            mother = db.session.scalars(select(Person).where(Person.given_name == "Siobhán")).one()
            safety.reach(mother, Reach(phone="01632 960 300", by_text=True), by=viewer)

        result = take_in(SAFE, *FIRST)

        assert "Noted: line 2, Safe to ring: was changed in the portal since" in result.output
        assert told_of(council) == []

    def test_joins_a_child_with_what_the_adults_are_to_it(self, council: Council, take_in: TakeIn) -> None:
        take_in(HEAD, MOTHER, CHILD)

        take_in(HEAD, MOTHER, CHILD, CHILD.replace("Child1", "Child2").replace("2017", "2019"))

        assert count(council, Person, Relationship, ParentalResponsibility) == [3, 2, 2]

    @pytest.mark.parametrize(
        ("row", "words"),
        [
            # A name that was corrected, or a twin: nobody is doubled or renamed on a guess.
            ("EH-1,,Robert,O’Neill,child,2017-03-01,,,,,,,,,", "line 2, First name: may be Child1 O’Neill"),
            ("EH-1,,Sam,Other,child,2011-03-01,,,,,,,,,9434765919", "line 2, NHS number: is that of Child1 O’Neill"),
            ("EH-2,,Ann,Good,child,2015-01-01,,,,,,,,,9434765919", "line 2, NHS number: is already that of another"),
        ],
    )
    def test_asks_who_is_meant(self, council: Council, take_in: TakeIn, row: str, words: str) -> None:
        take_in(SAFE, *FIRST)

        result = take_in(SAFE, row)

        assert f"Left out: {words}" in result.output, result.output
        assert count(council, Family, Person) == [1, 2]
        with council.behind_the_scenes():
            assert "Robert" not in db.session.scalars(select(Person.given_name)).all()

    def test_knows_by_the_number_whose_name_was_corrected(self, council: Council, take_in: TakeIn) -> None:
        take_in(SAFE, *FIRST)

        take_in(SAFE, FIRST[1].replace("Child1", "Robert"))

        assert told_of(council) == ["Given name of Child1 O’Neill from Child1 to Robert"]

    def test_with_a_number_on_two_lines_tells_both(self, council: Council, take_in: TakeIn) -> None:
        result = take_in(SAFE, *FIRST, GOOD[0] + ",,,943 476 5919", write=False)

        assert "Left out: line 4, NHS number: is that of the person on line 3 too" in result.output
        assert "1 family would be added" in result.output
