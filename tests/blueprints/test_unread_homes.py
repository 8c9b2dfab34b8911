"""An address that cannot be opened: its page says so in its place, and no form saves over it in silence."""

from datetime import date

import pytest
from sqlalchemy import select

from portal.core.db import db
from portal.models.families import ConfidentialAddress
from tests.support.copies import the_copy
from tests.support.hiding import a_note
from tests.support.household import first_home
from tests.support.keys import KEPT, UNREAD, damage, lie_there
from tests.support.merging import Two, added_twice
from tests.support.people import Council, Home, a_family, an_active_family
from tests.support.situations import confidential
from tests.support.web import SignIn, date_parts

HOME = ("household.address_sealed", "household.postcode_sealed")
EARLIER = ("earlier_address.address_sealed", "earlier_address.postcode_sealed")
SECRET = ("confidential_address.address_sealed", "confidential_address.postcode_sealed")


@pytest.fixture
def two(council: Council, sign_in: SignIn) -> Two:
    return added_twice(council, sign_in)


@pytest.fixture
def home(council: Council) -> Home:
    return a_family(council)


def edit_of(council: Council, home: Home) -> str:
    return f"/homes/{first_home(council, home).ref}/edit"


class TestAConfidentialAddress:
    def test_its_keepers_read_that_it_cannot_be_read_and_can_enter_it_anew(
        self, council: Council, sign_in: SignIn
    ) -> None:
        team = an_active_family(council)
        home = team.home
        confidential(council, home)
        before = damage(council.app, *SECRET)
        browser, path = sign_in(council.coordinator), f"/people/{home.parent.ref}/confidential-address"

        assert UNREAD in browser.get(f"/families/{home.ref}/household").main
        assert browser.get(f"/families/{home.ref}").status == 200
        form = browser.get(path).form(path)
        assert (form.values["address"], form.values["postcode"]) == ([""], [""])
        form.send()
        assert lie_there(council.app, *SECRET) == before

        browser.submit(path, {"address": "Refuge, 3 New Row"})

        with council.behind_the_scenes():
            assert db.session.scalars(select(ConfidentialAddress)).one().address == "Refuge, 3 New Row"
        assert lie_there(council.app, SECRET[1]) == {SECRET[1]: before[SECRET[1]]}

    def test_what_may_tell_it_is_kept_back_until_then(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        a_note(council, team.home, council.lead, "She moved to 12 Hidden Row")
        confidential(council, team.home)
        a_note(council, team.home, council.lead, "She likes the school")
        damage(council.app, *SECRET)

        page = the_copy(council, sign_in, team.home.parent)

        assert page.status == 200
        assert "Hidden Row" not in page.html
        assert "She likes the school" in page.main


class TestWhereSomebodyLives:
    def test_every_page_says_it(self, council: Council, sign_in: SignIn, home: Home) -> None:
        browser = sign_in(council.coordinator)
        browser.submit(edit_of(council, home), {"address": "11 Mill Lane", "reason": "The number was wrong"})
        damage(council.app, HOME[0], *EARLIER)

        household = browser.get(f"/families/{home.ref}/household").main
        page = browser.get(f"/families/{home.ref}")

        assert f"({UNREAD[:1].lower()}{UNREAD[1:-1]}) AF1 1AA" in household
        assert f"Recorded before as {UNREAD}, corrected on" in household
        assert f"({UNREAD[:1].lower()}{UNREAD[1:-1]}), AF1 1AA" in page.main
        damage(council.app, HOME[1])
        assert f"Home {UNREAD} " in browser.get(f"/families/{home.ref}").main

    def test_form_offers_nothing_of_it_and_leaves_it_as_it_is(
        self, council: Council, sign_in: SignIn, home: Home
    ) -> None:
        places = (*HOME, "household.postcode_mark")
        damage(council.app, *HOME)
        before = lie_there(council.app, *places)
        path = edit_of(council, home)
        page = sign_in(council.coordinator).get(path)
        form = page.form(path)

        assert (form.values["address"], form.values["postcode"]) == ([""], [""])
        assert page.main.count(KEPT) == len(HOME)
        form.send()
        sign_in(council.coordinator).submit(path, {"name": "The flat"})

        assert lie_there(council.app, *places) == before
        assert first_home(council, home).name == "The flat"

    def test_what_is_typed_anew_takes_its_place_and_is_found(
        self, council: Council, sign_in: SignIn, home: Home
    ) -> None:
        before = damage(council.app, *HOME)
        browser = sign_in(council.coordinator)

        browser.submit(edit_of(council, home), {"postcode": "AF2 2BB", "reason": "It could not be read"})

        assert first_home(council, home).postcode == "AF2 2BB"
        assert lie_there(council.app, HOME[0]) == {HOME[0]: before[HOME[0]]}
        assert "Recorded before" not in browser.get(f"/families/{home.ref}/household").main
        child = {"surname": "O’Neill", **date_parts("born_on", date(2017, 3, 1)), "reason": "A call"}
        looked = sign_in(council.front_door).submit("/look-up", {**child, "postcode": "AF2 2BB"})
        assert home.ref in looked.text_of(".app-found")

    def test_home_that_may_be_the_confidential_one_keeps_back_what_may_tell_it(
        self, council: Council, sign_in: SignIn
    ) -> None:
        team = an_active_family(council)
        a_note(council, team.home, council.lead, "She is back at 1 Mill Lane")
        confidential(council, team.home)
        a_note(council, team.home, council.lead, "She likes the school")
        damage(council.app, *HOME)

        page = the_copy(council, sign_in, team.home.parent)

        assert page.status == 200
        assert "1 Mill Lane" not in page.html
        assert "She likes the school" in page.main

    def test_two_homes_that_cannot_be_read_are_not_taken_for_one(self, two: Two) -> None:
        before = damage(two.council.app, *HOME)

        page = two.merge()

        household = page.follow().browser.get(f"/families/{two.kept.ref}/household").main
        assert household.count(UNREAD) == 2
        assert lie_there(two.council.app, *HOME) == before
