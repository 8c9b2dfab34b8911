"""Where I am signed in: listed on my account, ended one by one or all at once, and never anybody else's."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from portal.core import clock
from portal.core.config import Settings
from portal.core.db import db
from portal.domain import browsers
from portal.models.people import UserSession
from tests.support.people import PASSWORD, Council
from tests.support.proving import after_password, code_of, with_an_app
from tests.support.web import Browser, SignIn

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
SAFARI = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 "
    "Mobile/15E148 Safari/604.1"
)
EDGE = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 "
    "Edg/140.0.0.0"
)
END, END_OTHERS = "/account/sessions/end", "/account/sessions/end-others"


def signed_in_with(council: Council, user_agent: str) -> Browser:
    browser = Browser(council.app.test_client())
    browser.client.environ_base["HTTP_USER_AGENT"] = user_agent
    assert browser.submit("/sign-in", {"email": council.partner.email, "password": PASSWORD}).status == 303
    return browser


def listed(browser: Browser) -> list[str]:
    return [" ".join(row.get_text(" ").split()) for row in browser.get("/account").soup.select("main tbody tr")]


class TestWhereIAmSignedIn:
    def test_lists_each_browser_with_when_it_was_used_this_one_first(self, council: Council) -> None:
        with time_machine.travel(clock.now(), tick=False) as now:
            desk = signed_in_with(council, FIREFOX)
            now.shift(timedelta(minutes=7))
            signed_in_with(council, SAFARI)

            rows = listed(desk)

        assert rows == [
            "Firefox on Windows 7 October 2026 at 10am 7 October 2026 at 10am This is where you are now",
            "Safari on an iPhone 7 October 2026 at 10:07am 7 October 2026 at 10:07am "
            "Sign out there : Safari on an iPhone, last used 7 October 2026 at 10:07am",
        ]

    def test_one_is_ended_from_another_and_the_rest_goes_on(self, council: Council) -> None:
        desk, phone, laptop = (signed_in_with(council, agent) for agent in (FIREFOX, SAFARI, EDGE))
        page = desk.get("/account")
        of_phone = next(
            form for form in page.soup.select(f"form[action='{END}']") if "iPhone" in form.get_text()
        ).select("input[name]")

        ended = desk.post(END, {str(field["name"]): str(field["value"]) for field in of_phone})

        assert "You are signed out there" in ended.follow().text
        assert [browser.get("/account").status for browser in (desk, phone, laptop)] == [200, 303, 200]

    def test_all_others_are_ended_at_once(self, council: Council, sign_in: SignIn) -> None:
        desk, phone, colleague = signed_in_with(council, FIREFOX), sign_in(council.partner), sign_in(council.lead)

        ended = desk.get("/account").form(END_OTHERS).send()

        assert "You are signed out everywhere but here" in ended.follow().text
        assert [browser.get("/account").status for browser in (desk, phone, colleague)] == [200, 303, 200]
        assert not desk.get("/account").soup.select(f"form[action='{END_OTHERS}']")

    @pytest.mark.parametrize("whose", ["colleague", "0", "-1", "12345678901234567890", "\u0663", ""])
    def test_nobody_ends_that_of_another(self, council: Council, sign_in: SignIn, whose: str) -> None:
        desk, colleague = sign_in(council.partner), sign_in(council.lead)
        sign_in(council.partner)
        with council.behind_the_scenes():
            theirs = db.session.scalars(select(UserSession.id).where(UserSession.user_id == council.lead.id)).one()

        page = desk.get("/account").form(END).send({"session": str(theirs) if whose == "colleague" else whose})

        assert page.status == 303
        assert colleague.get("/account").status == 200
        assert len(listed(desk)) == 2

    def test_one_that_ran_out_is_not_listed(self, council: Council, sign_in: SignIn) -> None:
        with time_machine.travel(clock.now(), tick=False) as now:
            sign_in(council.partner)
            now.shift(timedelta(minutes=31))

            assert len(listed(sign_in(council.partner))) == 1

    def test_one_that_still_waits_for_a_code_is_not_listed(
        self, council: Council, sign_in: SignIn, settings: Settings, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        desk = sign_in(council.partner)
        monkeypatch.setitem(council.app.config, "PORTAL", settings.model_copy(update={"second_factor": True}))
        with_an_app(council, council.partner)

        after_password(council.app, council.partner)

        assert len(listed(desk)) == 1

    @pytest.mark.parametrize("button", [END, END_OTHERS])
    def test_none_is_ended_by_whoever_sits_at_a_browser_that_was_left_alone(
        self,
        council: Council,
        sign_in: SignIn,
        settings: Settings,
        monkeypatch: pytest.MonkeyPatch,
        button: str,
    ) -> None:
        monkeypatch.setitem(council.app.config, "PORTAL", settings.model_copy(update={"second_factor": True}))
        with_an_app(council, council.partner)
        with time_machine.travel(clock.now(), tick=False) as now:
            desk = sign_in(council.partner)
            for _ in range(2):
                now.shift(timedelta(minutes=23))
                desk.get("/my-actions")
            phone = sign_in(council.partner)

            asked = desk.get("/account").form(button).send()
            assert asked.location == "/account/second-factor/confirm"
            assert phone.get("/account").status == 200

            confirmed = asked.follow().form().send({"code": code_of(council, council.partner)})
            assert confirmed.location == "/account"
            assert "Sign out" in confirmed.follow().main
            assert desk.get("/account").form(button).send().location == "/account"
            assert phone.get("/account").status == 303

    def test_where_no_second_factor_is_asked_for_the_password_is(self, council: Council, sign_in: SignIn) -> None:
        with time_machine.travel(clock.now(), tick=False) as now:
            desk = sign_in(council.partner)
            for _ in range(2):
                now.shift(timedelta(minutes=23))
                desk.get("/my-actions")
            phone = sign_in(council.partner)

            asked = desk.get("/account").form(END_OTHERS).send().follow()
            wrong = asked.form().send({"current_password": "not my password at all"})

            assert (wrong.status, wrong.errors) == (422, ["Enter the password that you sign in with now"])
            assert phone.get("/account").status == 200
            confirmed = wrong.form().send({"current_password": PASSWORD})
            assert confirmed.location == "/account"
            assert confirmed.follow().form(END_OTHERS).send().location == "/account"
            assert phone.get("/account").status == 303


class TestBrowsersInWords:
    @pytest.mark.parametrize(
        ("user_agent", "words"),
        [
            (FIREFOX, "Firefox on Windows"),
            (EDGE, "Edge on Windows"),
            (SAFARI, "Safari on an iPhone"),
            ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36", "Chrome on Linux"),
            ("Firefox/1", "Firefox"),
            ("curl/8.5.0", None),
            ("<script>alert(1)</script>", None),
            ("", None),
        ],
    )
    def test_says_what_people_call_it_and_never_what_it_was_sent(self, user_agent: str, words: str | None) -> None:
        with browsers.asked_from(user_agent):
            assert browsers.current() == words
