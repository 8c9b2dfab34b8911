"""A second factor: set up with the first sign-in, asked for at every other, and looked after on one's account."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from portal.core import clock
from portal.core.config import Settings
from portal.core.db import db
from portal.models.people import UserSession
from portal.models.proving import RecoveryCode
from portal.models.record import Audit, AuditKind
from portal.services import second_factors
from tests.support.people import Council
from tests.support.proving import after_password, code_of, with_an_app
from tests.support.web import Browser, SignIn

CODE, RECOVERY, SET_UP, OWN = "/sign-in/code", "/sign-in/recovery-code", "/sign-in/set-up", "/account/second-factor"
WRONG = "Enter the code that your app shows now. Each code counts once"
WAIT = "There were too many wrong codes. Wait 5 minutes, then try again"


@pytest.fixture(autouse=True)
def asked(council: Council, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Outside the demonstration."""
    monkeypatch.setitem(council.app.config, "PORTAL", settings.model_copy(update={"second_factor": True}))


def half_way(council: Council) -> Browser:
    """The partner, who has an app, after the password."""
    page = after_password(council.app, council.partner)
    assert (page.status, page.location) == (303, CODE)
    return page.browser


def is_signed_in(browser: Browser) -> bool:
    return browser.get("/my-actions").status == 200


def kinds(council: Council) -> list[AuditKind]:
    with council.behind_the_scenes():
        return list(db.session.scalars(select(Audit.kind).order_by(Audit.id)))


class TestFirstSignIn:
    def test_sets_up_the_app_shows_recovery_codes_once_and_goes_on_to_what_was_asked_for(
        self, council: Council
    ) -> None:
        page = after_password(council.app, council.partner, next_="/sign-in?next=/account/notices")
        browser = page.browser

        set_up = page.follow()
        wrong = set_up.form(SET_UP).send({"code": "12 34"})
        done = wrong.form(SET_UP).send({"code": code_of(council, council.partner, waiting=True)})

        assert page.location == SET_UP
        assert set_up.soup.select("svg.app-square")
        assert (wrong.status, wrong.errors) == (422, [WRONG])
        assert done.status == 200
        codes = [found.get_text() for found in done.soup.select("main code")]
        assert len(set(codes)) == 10
        assert done.links() == ["/account/notices"]
        assert is_signed_in(browser)
        assert "Set up on" in browser.get(OWN).main
        assert not any(code in browser.get(OWN).html for code in codes)
        with council.behind_the_scenes():
            kept = db.session.scalars(select(RecoveryCode.code_hash)).all()
        assert not any(code.replace("-", "") in " ".join(kept) for code in codes)

    def test_opens_nothing_until_it_is_done(self, council: Council) -> None:
        browser = after_password(council.app, council.partner).browser

        assert browser.get("/my-actions").location == CODE
        assert browser.get(CODE).location == SET_UP
        assert browser.get(OWN).location == CODE

    def test_cannot_be_done_again_with_the_password_alone(self, council: Council) -> None:
        waiting = after_password(council.app, council.partner).follow()
        with_an_app(council, council.partner)
        with council.behind_the_scenes():
            second_factors.prepare(council.partner.id)

        refused = waiting.form(SET_UP).send({"code": code_of(council, council.partner, waiting=True)})

        assert refused.status == 409
        assert not is_signed_in(waiting.browser)
        assert waiting.browser.get(SET_UP).location == CODE
        assert "app-square" not in refused.html


class TestCode:
    @pytest.mark.parametrize("gap", ["", " ", "-"])
    def test_signs_in(self, council: Council, gap: str) -> None:
        with_an_app(council, council.partner)
        browser = half_way(council)
        code = code_of(council, council.partner)

        page = browser.submit(CODE, {"code": f" {code[:3]}{gap}{code[3:]} "})

        assert (page.status, page.location) == (303, "/")
        assert is_signed_in(browser)
        assert kinds(council).count(AuditKind.SIGN_IN) == 1

    def test_counts_once(self, council: Council) -> None:
        with_an_app(council, council.partner)
        first, second = half_way(council), half_way(council)
        code = code_of(council, council.partner)
        first.submit(CODE, {"code": code})

        again = second.submit(CODE, {"code": f"{code[:3]} {code[3:]}"})

        assert (again.status, again.errors) == (422, [WRONG])
        assert not is_signed_in(second)
        assert AuditKind.SIGN_IN_FAILED in kinds(council)

    def test_counts_for_half_a_minute_and_one_on_either_side(self, council: Council) -> None:
        with time_machine.travel(clock.now(), tick=False) as now:
            with_an_app(council, council.partner)
            code, browser = code_of(council, council.partner), half_way(council)
            now.shift(timedelta(seconds=90))
            assert browser.submit(CODE, {"code": code}).status == 422
            earlier = code_of(council, council.partner)
            now.shift(timedelta(seconds=30))
            assert browser.submit(CODE, {"code": earlier}).status == 303

    @pytest.mark.parametrize("typed", ["000000", "١٢٣٤٥٦", "1_2_3_4_5_6", "123456\u00007", "x" * 41])
    def test_anything_else_is_refused(self, council: Council, typed: str) -> None:
        with_an_app(council, council.partner)
        browser = half_way(council)

        page = browser.submit(CODE, {"code": typed})

        assert page.status == 422
        assert page.errors
        assert not is_signed_in(browser)

    def test_of_another_person_is_refused(self, council: Council) -> None:
        with_an_app(council, council.partner)
        with_an_app(council, council.lead)

        page = half_way(council).submit(CODE, {"code": code_of(council, council.lead)})

        assert page.errors == [WRONG]

    def test_has_to_wait_after_five_wrong_ones_from_any_browser(self, council: Council) -> None:
        with time_machine.travel(clock.now(), tick=False) as now:
            with_an_app(council, council.partner)
            for _ in range(5):
                assert half_way(council).submit(CODE, {"code": "000000"}).status == 422
            browser = half_way(council)

            for address, name in ((CODE, "code"), (RECOVERY, "recovery_code")):
                page = browser.submit(address, {name: code_of(council, council.partner)})
                assert page.status == 429
                assert WAIT in page.main

            now.shift(timedelta(minutes=5, seconds=1))
            assert browser.submit(CODE, {"code": code_of(council, council.partner)}).status == 303

    def test_is_waited_for_a_quarter_of_an_hour(self, council: Council) -> None:
        with_an_app(council, council.partner)
        with time_machine.travel(clock.now(), tick=False) as now:
            browser = half_way(council)
            form = browser.get(CODE).form(CODE)
            now.shift(timedelta(minutes=15, seconds=1))

            assert form.send({"code": code_of(council, council.partner)}).location.startswith("/sign-in")
            assert not is_signed_in(browser)

    def test_begins_a_session_with_a_new_id(self, council: Council) -> None:
        with_an_app(council, council.partner)
        browser = half_way(council)
        before = browser.client.get_cookie("portal")
        browser.submit(CODE, {"code": code_of(council, council.partner)})
        assert before is not None

        old = Browser(council.app.test_client())
        old.client.set_cookie("portal", before.value)

        assert not is_signed_in(old)
        assert is_signed_in(browser)
        with council.behind_the_scenes():
            rows = db.session.scalars(select(UserSession).order_by(UserSession.id)).all()
        assert [(row.proof, row.ended_at is None) for row in rows] == [(None, False), ("code", True)]


class TestRecoveryCode:
    def test_signs_in_once_in_any_case_and_with_any_gaps(self, council: Council) -> None:
        code, *_ = with_an_app(council, council.partner)
        browser = half_way(council)

        page = browser.submit(RECOVERY, {"recovery_code": f" {code.upper().replace('-', ' ')} "})
        again = half_way(council).submit(RECOVERY, {"recovery_code": code})

        assert page.status == 303
        assert "You have 9 recovery codes left" in browser.get("/my-actions").text
        assert again.errors == ["Enter one of your recovery codes that you have not used yet"]

    def test_of_another_person_is_refused(self, council: Council) -> None:
        with_an_app(council, council.partner)
        code, *_ = with_an_app(council, council.lead)

        assert half_way(council).submit(RECOVERY, {"recovery_code": code}).status == 422


class TestOwnAccount:
    def test_another_app_takes_over_once_its_code_was_entered(self, council: Council, sign_in: SignIn) -> None:
        with_an_app(council, council.partner)
        browser, before = sign_in(council.partner), code_of(council, council.partner)
        page = browser.submit(f"{OWN}/new-app", on=OWN).follow()
        assert code_of(council, council.partner) == before

        done = page.form(f"{OWN}/app").send({"code": code_of(council, council.partner, waiting=True)})

        assert len(done.soup.select("main code")) == 10
        assert half_way(council).submit(CODE, {"code": before}).status == 422

    def test_new_recovery_codes_replace_the_old_ones(self, council: Council, sign_in: SignIn) -> None:
        old, *_ = with_an_app(council, council.partner)
        browser = sign_in(council.partner)
        assert OWN in browser.get("/account").links()

        page = browser.submit(f"{OWN}/recovery-codes", on=OWN)

        new = [found.get_text() for found in page.soup.select("main code")]
        assert len(new) == 10
        assert half_way(council).submit(RECOVERY, {"recovery_code": old}).status == 422
        assert half_way(council).submit(RECOVERY, {"recovery_code": new[0]}).status == 303


class TestLongAfterSigningIn:
    @pytest.mark.parametrize("button", [f"{OWN}/new-app", f"{OWN}/recovery-codes"])
    def test_a_code_is_asked_before_anything_is_changed(self, council: Council, sign_in: SignIn, button: str) -> None:
        with time_machine.travel(clock.now(), tick=False) as now:
            with_an_app(council, council.partner)
            browser = sign_in(council.partner)
            for _ in range(2):
                now.shift(timedelta(minutes=23))
                browser.get("/my-actions")

            sent = browser.get(OWN).form(button).send()
            assert sent.location == f"{OWN}/confirm"
            assert browser.get("/account/passkeys").location == f"{OWN}/confirm"
            asked = browser.get(f"{OWN}/confirm")
            assert asked.form().send({"code": "000000"}).status == 422
            confirmed = asked.form().send({"code": code_of(council, council.partner)})

            assert confirmed.location == "/account/passkeys"
            assert confirmed.follow().status == 200
            assert browser.get(OWN).form(button).send().location != f"{OWN}/confirm"


class TestDemonstration:
    def test_asks_for_nothing_more_than_the_password(
        self, council: Council, settings: Settings, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        shown = settings.model_copy(update={"environment": "demonstration", "second_factor": None})
        monkeypatch.setitem(council.app.config, "PORTAL", shown)

        page = after_password(council.app, council.partner)

        assert page.location == "/"
        assert is_signed_in(page.browser)

    def test_asks_whoever_set_up_an_app_for_its_code(
        self, council: Council, settings: Settings, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        shown = settings.model_copy(update={"environment": "demonstration", "second_factor": None})
        monkeypatch.setitem(council.app.config, "PORTAL", shown)

        with_an_app(council, council.partner)

        page = after_password(council.app, council.partner)

        assert page.location == CODE
        assert not is_signed_in(page.browser)
