"""Signing in, staying signed in, and what ends it."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select, update

from portal.core import clock
from portal.core.db import db
from portal.models.people import User, UserRole, UserSession
from portal.models.record import Audit, AuditKind
from portal.models.throttles import LimitedUse
from portal.services import remember
from portal.services.remember import Entry
from tests.support.people import PASSWORD, Council, an_action, an_active_family
from tests.support.web import Browser, Page, SignIn

WRONG = "Enter the email address and password that belong together"
START = datetime(2025, 3, 3, 9, 0, tzinfo=UTC)


def attempt(app: Flask, email: str, password: str = PASSWORD, *, next_: str | None = None) -> Page:
    path = "/sign-in" if next_ is None else f"/sign-in?next={next_}"
    return Browser(app.test_client()).submit("/sign-in", {"email": email, "password": password}, on=path)


def is_signed_in(browser: Browser) -> bool:
    page = browser.get("/account")
    if page.status == 200:
        return True
    assert page.status == 303
    assert page.location.startswith("/sign-in")
    return False


class TestSigningIn:
    def test_leads_to_where_the_person_begins(self, council: Council) -> None:
        page = attempt(council.app, council.partner.email)

        assert (page.status, page.location) == (303, "/")
        assert page.follow().location == "/my-actions"

    def test_address_in_any_case_and_with_spaces(self, council: Council) -> None:
        assert attempt(council.app, f"  {council.partner.email.upper()} ").status == 303

    @pytest.mark.parametrize(
        ("email", "password"),
        [("pat.partner@ambleford.example", "wrong"), ("nobody@ambleford.example", PASSWORD)],
    )
    def test_wrong_password_and_unknown_address_read_the_same(
        self, council: Council, email: str, password: str
    ) -> None:
        page = attempt(council.app, email, password)

        assert page.status == 422
        assert page.errors == [WRONG]
        assert password not in page.html

    def test_a_disabled_account_reads_the_same(self, council: Council) -> None:
        with council.behind_the_scenes():
            db.session.get_one(User, council.partner.id).active = False

        assert attempt(council.app, council.partner.email).errors == [WRONG]

    def test_empty_fields_are_asked_for(self, council: Council) -> None:
        page = attempt(council.app, "", "")

        assert page.status == 422
        assert page.errors == ["Enter your email address", "Enter your password"]

    def test_is_recorded_and_so_is_a_failure(self, council: Council) -> None:
        attempt(council.app, council.partner.email)
        attempt(council.app, council.partner.email, "wrong")
        attempt(council.app, "nobody@ambleford.example", "wrong")

        with council.behind_the_scenes():
            rows = db.session.execute(select(Audit.kind, Audit.subject).order_by(Audit.id)).all()
        assert [tuple(row) for row in rows] == [
            (AuditKind.SIGN_IN, council.partner.ref),
            (AuditKind.SIGN_IN_FAILED, council.partner.ref),
            (AuditKind.SIGN_IN_FAILED, None),
        ]

    def test_gets_a_new_session_each_time_and_the_cookie_is_not_its_stored_form(
        self, council: Council, sign_in: SignIn
    ) -> None:
        sign_in(council.partner)
        sign_in(council.partner)

        with council.behind_the_scenes():
            hashes = db.session.scalars(select(UserSession.token_hash)).all()
        assert len(set(hashes)) == 2
        assert all(len(found) == 64 for found in hashes)


class TestGuessing:
    def test_the_eleventh_try_has_to_wait_even_with_the_right_password(self, council: Council) -> None:
        with time_machine.travel(START, tick=False) as now:
            for _ in range(10):
                assert attempt(council.app, council.partner.email, "wrong").status == 422

            page = attempt(council.app, council.partner.email)
            assert page.status == 429
            with council.behind_the_scenes():
                assert db.session.scalars(select(Audit.kind).order_by(Audit.id.desc())).first() is AuditKind.REFUSAL
            assert page.errors == ["There were too many tries. Wait 5 minutes, then try again"]

            now.shift(timedelta(minutes=5, seconds=1))
            assert attempt(council.app, council.partner.email).status == 303

    def test_it_holds_up_nobody_else(self, council: Council) -> None:
        for _ in range(10):
            attempt(council.app, council.partner.email, "wrong")

        assert attempt(council.app, council.lead.email).status == 303
        from_elsewhere = Browser(council.app.test_client())
        from_elsewhere.client.environ_base["REMOTE_ADDR"] = "192.0.2.7"
        page = from_elsewhere.submit("/sign-in", {"email": council.partner.email, "password": PASSWORD})
        assert page.status == 303

    def test_who_tried_is_kept_as_a_hash_only(self, council: Council) -> None:
        attempt(council.app, council.partner.email, "wrong")

        with council.behind_the_scenes():
            (row,) = db.session.scalars(select(LimitedUse)).all()
        assert council.partner.email not in row.who_hash


class TestWayBack:
    @pytest.mark.parametrize("target", ["/my-actions", "/actions/A-1?from=list"])
    def test_leads_inside_the_portal(self, council: Council, target: str) -> None:
        assert attempt(council.app, council.partner.email, next_=target.replace("?", "%3F")).location == target

    @pytest.mark.parametrize(
        "target",
        [
            "https://evil.example/",
            "//evil.example",
            "/\\evil.example",
            "/%5Cevil.example",
            "javascript:alert(1)",
            "evil.example",
            "https:evil.example",
            "%09//evil.example",
            "/%09/evil.example",
            "/%0a/evil.example",
            "///evil.example",
            "////evil.example/%2e%2e",
            "%5C%5Cevil.example",
            "/%5C/evil.example",
            "https:///evil.example",
            "https://localhost@evil.example/",
            "//localhost:80@evil.example",
            "%20//evil.example",
            "%00//evil.example",
            "/%0d%0aLocation: https://evil.example",
            "\u2028//evil.example",
            "data:text/html,evil",
            "/%09/[evil.example",
            "//[evil.example",
        ],
    )
    def test_never_leads_out_of_it(self, council: Council, target: str) -> None:
        page = attempt(council.app, council.partner.email, next_=target)

        assert (page.status, page.location) in ((303, "/"), (422, ""))
        assert "Location: https" not in str(page.response.headers)

    def test_a_page_asked_for_before_signing_in_is_where_one_arrives(self, council: Council) -> None:
        action = an_action(council, an_active_family(council))
        browser = Browser(council.app.test_client())

        asked = browser.get(f"/actions/{action.ref}/update")

        assert asked.status == 303
        signed_in = asked.follow().form().send({"email": council.partner.email, "password": PASSWORD})
        assert signed_in.location == f"/actions/{action.ref}/update"


class TestStayingSignedIn:
    def test_ends_after_half_an_hour_without_a_click(self, council: Council, sign_in: SignIn) -> None:
        with time_machine.travel(START, tick=False) as now:
            browser = sign_in(council.partner)
            for _ in range(3):
                now.shift(timedelta(minutes=29))
                browser.get("/my-actions")
            assert is_signed_in(browser)
            now.shift(timedelta(minutes=31))
            assert not is_signed_in(browser)

    def test_ends_after_ten_hours_in_any_case(self, council: Council, sign_in: SignIn) -> None:
        with time_machine.travel(START, tick=False) as now:
            browser = sign_in(council.partner)
            for _ in range(20):
                now.shift(timedelta(minutes=29))
                browser.get("/my-actions")
            assert is_signed_in(browser)
            now.shift(timedelta(minutes=21))
            assert not is_signed_in(browser)

    def test_ends_when_the_session_is_ended_elsewhere(self, council: Council, sign_in: SignIn) -> None:
        browser = sign_in(council.partner)
        with council.behind_the_scenes():
            db.session.execute(update(UserSession).values(ended_at=clock.now()))

        assert not is_signed_in(browser)

    def test_ends_when_the_account_is_disabled(self, council: Council, sign_in: SignIn) -> None:
        browser = sign_in(council.partner)
        with council.behind_the_scenes():
            db.session.get_one(User, council.partner.id).active = False

        assert not is_signed_in(browser)

    def test_rights_end_with_the_role_on_the_next_request(self, council: Council, sign_in: SignIn) -> None:
        action = an_action(council, an_active_family(council))
        browser = sign_in(council.other_coordinator)
        assert browser.get(f"/actions/{action.ref}").status == 200
        with council.behind_the_scenes():
            db.session.delete(db.session.get_one(UserRole, (council.other_coordinator.id, "coordinator")))

        assert browser.get(f"/actions/{action.ref}").status == 404

    def test_a_cookie_that_was_changed_is_nobodys(self, council: Council, sign_in: SignIn) -> None:
        browser = sign_in(council.partner)
        cookie = browser.client.get_cookie("portal")
        assert cookie is not None

        browser.client.set_cookie("portal", cookie.value[:-3] + "abc")

        assert not is_signed_in(browser)

    def test_a_late_write_does_not_revive_an_ended_session(self, council: Council, sign_in: SignIn) -> None:
        from portal.queries.viewers import by_token

        with time_machine.travel(START, tick=False) as now:
            sign_in(council.partner)
            with council.behind_the_scenes():
                token_hash = db.session.scalars(select(UserSession.token_hash)).one()
                viewer = by_token(token_hash, idle=timedelta(hours=1), absolute=timedelta(hours=10))
                db.session.execute(update(UserSession).values(ended_at=clock.now()))
            now.shift(timedelta(minutes=2))
            with council.app.app_context():
                remember.before_sending(Entry(AuditKind.LOOK, "actions.one", viewer, 1))

        with council.behind_the_scenes():
            (row,) = db.session.scalars(select(UserSession)).all()
            assert row.ended_at is not None
            assert row.seen_at == START

    def test_last_click_is_written_at_most_once_a_minute(self, council: Council, sign_in: SignIn) -> None:
        with time_machine.travel(START, tick=False) as now:
            browser = sign_in(council.partner)
            now.shift(timedelta(seconds=40))
            browser.get("/my-actions")
            with council.behind_the_scenes():
                assert db.session.scalars(select(UserSession.seen_at)).one() == START
            now.shift(timedelta(seconds=40))
            browser.get("/my-actions")
            with council.behind_the_scenes():
                assert db.session.scalars(select(UserSession.seen_at)).one() == START + timedelta(seconds=80)


class TestSigningOut:
    def test_ends_the_session_and_clears_what_the_browser_kept(self, council: Council, sign_in: SignIn) -> None:
        browser = sign_in(council.partner)
        cookie = browser.client.get_cookie("portal")
        form = browser.get("/account").soup.select_one("form[action='/sign-out']")
        assert form is not None

        answer = browser.post(
            "/sign-out", {str(field["name"]): str(field["value"]) for field in form.select("input[name]")}
        )

        assert (answer.status, answer.location) == (303, "/sign-in")
        assert answer.response.headers["Clear-Site-Data"] == '"cache", "storage"'
        assert not is_signed_in(browser)
        assert cookie is not None
        browser.client.set_cookie("portal", cookie.value)
        assert not is_signed_in(browser), "the old cookie still works"

    def test_leaves_other_browsers_alone(self, council: Council, sign_in: SignIn) -> None:
        here, there = sign_in(council.partner), sign_in(council.partner)
        form = here.get("/account").soup.select_one("form[action='/sign-out']")
        assert form is not None

        here.post("/sign-out", {str(field["name"]): str(field["value"]) for field in form.select("input[name]")})

        assert is_signed_in(there)

    def test_a_link_to_it_does_nothing(self, council: Council, sign_in: SignIn) -> None:
        browser = sign_in(council.partner)

        assert browser.get("/sign-out").status in (400, 404, 405)
        assert is_signed_in(browser)

    def test_is_counted_once(self, council: Council, sign_in: SignIn) -> None:
        browser = sign_in(council.partner)
        form = browser.get("/account").soup.select_one("form[action='/sign-out']")
        assert form is not None
        fields = {str(field["name"]): str(field["value"]) for field in form.select("input[name]")}
        browser.post("/sign-out", fields)

        with council.behind_the_scenes():
            counted = db.session.execute(
                select(func.count()).where(Audit.kind == AuditKind.SIGN_OUT, Audit.user_id == council.partner.id)
            ).scalar_one()
        assert counted == 1
