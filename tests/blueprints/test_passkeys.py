"""Passkeys: made on one's own account, and used alone or after the password."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from portal.core import clock
from portal.core.config import Settings
from portal.core.db import db
from portal.models.people import User, UserSession
from portal.models.proving import Passkey
from tests.support.authenticator import Phone, asked_on
from tests.support.people import Council
from tests.support.proving import after_password, with_an_app
from tests.support.web import Browser, Page, SignIn

ALONE, AFTER, OWN = "/sign-in/passkey", "/sign-in/code/passkey", "/account/passkeys"
NOT_KNOWN = "This passkey is not known here, or it waited too long"


@pytest.fixture(autouse=True)
def asked(council: Council, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(council.app.config, "PORTAL", settings.model_copy(update={"second_factor": True}))


Make = Callable[..., Phone]


@pytest.fixture
def make(sign_in: SignIn) -> Make:
    """make(person) puts a passkey into a phone of theirs."""

    def made(person: User, *, verifies: bool = True) -> Phone:
        phone = Phone(verifies=verifies)
        page = sign_in(person).get(OWN)
        saved = page.form(OWN).send({"name": "My phone", "answer": phone.make(page)})
        assert saved.status == 303, saved.main
        return phone

    return made


def sign_in_page(council: Council, next_: str = "") -> Page:
    return Browser(council.app.test_client()).get(f"/sign-in{next_}")


def alone(page: Page, answer: str) -> Page:
    return page.form(ALONE).send({"answer": answer})


class TestPasskeyAlone:
    def test_signs_in_and_goes_on_to_what_was_asked_for(self, council: Council, make: Make) -> None:
        phone = make(council.partner)
        page = sign_in_page(council, "?next=/account/notices")
        assert asked_on(page, "get")["userVerification"] == "required"

        done = alone(page, phone.use(page))

        assert (done.status, done.location) == (303, "/account/notices")
        assert "Last used" in page.browser.get(OWN).main
        with council.behind_the_scenes():
            assert "passkey" in db.session.scalars(select(UserSession.proof)).all()

    def test_counts_once_and_for_what_this_browser_was_asked(self, council: Council, make: Make) -> None:
        phone = make(council.partner)
        page, other = sign_in_page(council), sign_in_page(council)
        answer = phone.use(page)
        elsewhere = alone(other, answer)
        cookie = page.browser.client.get_cookie("portal")
        assert cookie is not None
        assert alone(page, answer).status == 303

        page.browser.client.set_cookie("portal", cookie.value)
        again = page.form(ALONE).send({"answer": answer, "idempotency_key": "another-click-on-it"})

        for refused in (elsewhere, again):
            assert refused.status == 422
            assert NOT_KNOWN in refused.main
            assert refused.browser.get(OWN).location.startswith("/sign-in")

    def test_has_to_be_asked_on_this_portals_own_page(self, council: Council, make: Make) -> None:
        phone = make(council.partner)
        phone.origin = "https://portal.evil.example"
        page = sign_in_page(council)

        assert alone(page, phone.use(page)).status == 422

    def test_needs_a_finger_a_face_or_a_pin(self, council: Council, make: Make) -> None:
        phone = make(council.partner, verifies=False)
        page = sign_in_page(council)

        assert alone(page, phone.use(page)).status == 422

    @pytest.mark.parametrize("answer", ["", "{}", "nonsense", '{"id": "AA", "rawId": "AA"}', "[]", "9" * 21_000])
    def test_anything_else_is_refused(self, council: Council, answer: str) -> None:
        assert alone(sign_in_page(council), answer).status == 422

    def test_has_to_wait_after_ten_wrong_ones_from_one_place(self, council: Council, make: Make) -> None:
        phone = make(council.partner)
        with time_machine.travel(clock.now(), tick=False) as now:
            page = sign_in_page(council)
            assert [alone(sign_in_page(council), "{}").status for _ in range(10)] == [422] * 10

            waits = alone(page, phone.use(page))
            assert waits.status == 429
            assert "Wait 5 minutes, then try again" in waits.main

            now.shift(timedelta(minutes=5, seconds=1))
            later = sign_in_page(council)
            assert alone(later, phone.use(later)).status == 303

    def test_is_waited_for_half_an_hour(self, council: Council, make: Make) -> None:
        phone = make(council.partner)
        with time_machine.travel(clock.now(), tick=False) as now:
            page = sign_in_page(council)
            now.shift(timedelta(minutes=30, seconds=1))
            late = alone(page, phone.use(page))
            assert late.status == 422
            assert alone(late, phone.use(late)).status == 303

    def test_opens_nothing_once_it_is_removed_or_the_account_is_closed(
        self, council: Council, make: Make, sign_in: SignIn
    ) -> None:
        phone, other = make(council.partner), make(council.lead)
        removed = sign_in(council.partner).get(OWN).form(f"{OWN}/remove").send().follow()
        with council.behind_the_scenes():
            db.session.get_one(User, council.lead.id).active = False

        assert "You have none" in removed.main
        for each in (phone, other):
            page = sign_in_page(council)
            assert alone(page, each.use(page)).status == 422


class TestPasskeyAfterThePassword:
    def test_stands_for_the_code(self, council: Council, make: Make) -> None:
        with_an_app(council, council.partner)
        phone = make(council.partner, verifies=False)
        page = after_password(council.app, council.partner).follow()

        done = page.form(AFTER).send({"answer": phone.use(page)})

        assert (done.status, done.location) == (303, "/")
        assert page.browser.get("/my-actions").status == 200

    def test_of_another_person_is_refused(self, council: Council, make: Make) -> None:
        with_an_app(council, council.partner)
        make(council.partner)
        phone = make(council.lead)
        page = after_password(council.app, council.partner).follow()

        refused = page.form(AFTER).send({"answer": phone.use(page)})

        assert refused.status == 422
        assert page.browser.get("/my-actions").location == "/sign-in/code"

    def test_is_not_offered_to_whoever_has_none(self, council: Council) -> None:
        with_an_app(council, council.partner)

        assert "passkey" not in after_password(council.app, council.partner).follow().main


class TestMakingOne:
    def test_is_refused_without_a_name_and_twice_and_from_another_page(
        self, council: Council, make: Make, sign_in: SignIn
    ) -> None:
        known, stranger = make(council.lead), Phone(origin="https://portal.evil.example")
        browser = sign_in(council.partner)

        for phone, name in ((Phone(), ""), (known, "A phone"), (stranger, "A phone")):
            page = browser.get(OWN)
            assert page.form(OWN).send({"name": name, "answer": phone.make(page)}).status == 422

        with council.behind_the_scenes():
            assert db.session.scalars(select(Passkey.user_id)).all() == [council.lead.id]

    def test_of_somebody_else_cannot_be_removed(self, council: Council, make: Make, sign_in: SignIn) -> None:
        make(council.lead)
        make(council.partner)
        with council.behind_the_scenes():
            theirs = db.session.scalars(select(Passkey.id).where(Passkey.user_id == council.lead.id)).one()

        sign_in(council.partner).get(OWN).form(f"{OWN}/remove").send({"passkey": str(theirs)})

        assert "My phone" in sign_in(council.lead).get(OWN).main
