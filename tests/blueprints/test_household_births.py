"""A baby is expected: it is born, or the pregnancy ends."""

from datetime import timedelta

import pytest

from portal.core import clock
from portal.domain.event_kinds import E
from portal.models.families import Sex
from tests.support.household import events, expected, expected_in, read, send
from tests.support.people import Council, a_family
from tests.support.web import SignIn, date_parts


class TestABabyIsExpected:
    def test_is_added_and_corrected_with_the_date(self, council: Council, sign_in: SignIn) -> None:
        home, due = a_family(council), clock.today() + timedelta(days=90)
        add = f"/families/{home.ref}/household/people/new"

        added = send(
            sign_in, council, add, {"kind": "child", "family_name": "O’Neill", **date_parts("expected_on", due)}
        )
        baby = expected_in(council, home)
        later = due + timedelta(days=9)
        corrected = send(
            sign_in, council, f"/people/{baby.ref}/edit", {"because": "changed", **date_parts("expected_on", later)}
        )

        assert (added.status, corrected.status) == (303, 303)
        assert read(council, baby).expected_on == later


class TestBirth:
    def test_the_unborn_becomes_a_child(self, council: Council, sign_in: SignIn) -> None:
        home = a_family(council)
        baby = expected(council, home)

        answers = {**date_parts("on", clock.today()), "given_name": "Aoife", "sex": "female"}
        send(sign_in, council, f"/people/{baby.ref}/born", answers)

        child = read(council, baby)
        assert (child.name, child.date_of_birth, child.expected_on) == ("Aoife O’Neill", clock.today(), None)
        assert child.sex is Sex.FEMALE
        (event,) = events(council, home, "person.")
        assert (event.kind, event.happened_on) == (E.PERSON_BORN, clock.today())

    @pytest.mark.parametrize(
        ("days", "words"),
        [(1, "Date of birth must be today or in the past"), (-200, "Date of birth must be nearer to")],
    )
    def test_on_a_day_that_can_be(self, council: Council, sign_in: SignIn, days: int, words: str) -> None:
        baby = expected(council, a_family(council))
        on = clock.today() + timedelta(days=days)

        answers = {**date_parts("on", on), "given_name": "Aoife"}
        page = send(sign_in, council, f"/people/{baby.ref}/born", answers)

        assert page.errors[0].startswith(words)
        assert page.form().values["given_name"] == ["Aoife"]

    def test_not_on_the_page_that_corrects(self, council: Council, sign_in: SignIn) -> None:
        baby = expected(council, a_family(council))

        answers = {
            **date_parts("date_of_birth", clock.today()),
            "expected_on-day": "",
            "expected_on-month": "",
            "expected_on-year": "",
            "given_name": "Aoife",
            "because": "changed",
        }
        page = send(sign_in, council, f"/people/{baby.ref}/edit", answers)

        assert page.errors == ["A birth is recorded on its own page: the baby was born"]

    def test_once(self, council: Council, sign_in: SignIn) -> None:
        home = a_family(council)

        page = sign_in(council.social_worker).get(f"/people/{home.children[0].ref}/born")

        assert "No baby is expected here any more" in page.main
        assert not page.soup.select("main form")


class TestAPregnancyEnded:
    def test_nobody_is_asked_about_the_baby_any_more(self, council: Council, sign_in: SignIn) -> None:
        home = a_family(council)
        baby = expected(council, home)

        answers = {**date_parts("on", clock.today()), "note": "Siobhán’s mother knows"}
        send(sign_in, council, f"/people/{baby.ref}/pregnancy-ended", answers)

        (event,) = events(council, home, "pregnancy.")
        assert event.text == "Siobhán’s mother knows"
        assert "Baby O’Neill" not in sign_in(council.social_worker).get(f"/families/{home.ref}/contacts/new").main
        assert "Pregnancy ended" in sign_in(council.social_worker).get(f"/families/{home.ref}/household").main

    def test_recorded_by_mistake(self, council: Council, sign_in: SignIn) -> None:
        home = a_family(council)
        baby = expected(council, home, pregnancy_ended_on=clock.today())

        send(
            sign_in,
            council,
            f"/people/{baby.ref}/pregnancy-ended",
            {"mistake": "y", "reason": "It was another family"},
        )

        assert read(council, baby).pregnancy_ended_on is None
        (event,) = events(council, home, "pregnancy.")
        assert event.data["new"] == "It was recorded by mistake"

    def test_not_of_somebody_who_was_born(self, council: Council, sign_in: SignIn) -> None:
        home = a_family(council)

        page = sign_in(council.social_worker).get(f"/people/{home.parent.ref}/pregnancy-ended")

        assert "No baby is expected here." in page.main
