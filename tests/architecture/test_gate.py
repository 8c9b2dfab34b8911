"""The one door: one transaction, one record of it, and what never gets through."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, func, select, text

from portal import blueprints, create_app
from portal.core.config import Settings
from portal.core.db import db, writing
from portal.domain.plans import ActionState
from portal.models.record import Audit, AuditKind, Event, IdempotencyKey, OutboxMessage
from portal.models.teamwork import PlanAction, TeamMember
from tests.support.people import Council, Team, an_action, an_active_family
from tests.support.web import Browser, FilledForm, SignIn, sign_in_with


@pytest.fixture
def team(council: Council) -> Team:
    return an_active_family(council)


@pytest.fixture
def action(council: Council, team: Team) -> PlanAction:
    return an_action(council, team)


def audits(council: Council, *kinds: AuditKind) -> list[Audit]:
    wanted = kinds or tuple(set(AuditKind) - {AuditKind.SIGN_IN})
    with council.behind_the_scenes():
        return list(db.session.scalars(select(Audit).where(Audit.kind.in_(wanted)).order_by(Audit.id)))


def forget(council: Council) -> None:
    with council.behind_the_scenes():
        db.session.query(Audit).delete()


def stored(council: Council, action: PlanAction) -> tuple[Any, ...]:
    """Everything that marking an action done writes."""
    with council.behind_the_scenes():
        row = db.session.get_one(PlanAction, action.id)
        counts = [
            db.session.execute(select(func.count()).select_from(model)).scalar_one()
            for model in (Event, OutboxMessage, IdempotencyKey)
        ]
        changes = db.session.execute(
            select(func.count()).select_from(Audit).where(Audit.kind == AuditKind.CHANGE)
        ).scalar_one()
        return (row.state, row.version, row.done_on, *counts, changes)


def update_form(sign_in: SignIn, person: Any, action: PlanAction) -> FilledForm:
    return sign_in(person).get(f"/actions/{action.ref}/update").form()


class TestRecordOfLooks:
    def test_a_page_of_one_family_leaves_one_row(self, council: Council, action: PlanAction, sign_in: SignIn) -> None:
        browser = sign_in(council.partner)
        forget(council)

        browser.get(f"/actions/{action.ref}")

        (look,) = audits(council)
        assert (look.kind, look.page, look.subject) == (AuditKind.LOOK, "actions.one", action.ref)
        assert (look.family_id, look.user_id) == (action.family_id, council.partner.id)
        assert (look.organisation_id, look.roles) == (council.school.id, "partner")

    def test_a_piece_of_a_page_leaves_one_too(self, council: Council, action: PlanAction, sign_in: SignIn) -> None:
        browser = sign_in(council.partner)
        forget(council)

        browser.get(f"/actions/{action.ref}/update", htmx=True)

        assert [row.kind for row in audits(council)] == [AuditKind.LOOK]

    def test_a_list_is_one_row_with_its_length(self, council: Council, team: Team, sign_in: SignIn) -> None:
        for _ in range(3):
            an_action(council, team)
        browser = sign_in(council.partner)
        forget(council)

        browser.get("/my-actions")

        (listing,) = audits(council)
        assert (listing.kind, listing.rows, listing.family_id) == (AuditKind.LIST, 3, None)

    def test_a_change_leaves_exactly_one_row(self, council: Council, action: PlanAction, sign_in: SignIn) -> None:
        form = update_form(sign_in, council.partner, action)
        forget(council)

        assert form.send({"note": "Done"}).status == 303

        (change,) = audits(council)
        assert (change.kind, change.subject, change.family_id) == (AuditKind.CHANGE, action.ref, action.family_id)

    def test_a_form_shown_again_is_a_look(self, council: Council, action: PlanAction, sign_in: SignIn) -> None:
        form = update_form(sign_in, council.partner, action)
        forget(council)

        assert form.send({"note": "x" * 3000}).status == 422

        assert [row.kind for row in audits(council)] == [AuditKind.LOOK]

    def test_a_conflict_is_a_look(self, council: Council, action: PlanAction, sign_in: SignIn) -> None:
        form = update_form(sign_in, council.partner, action)
        assert update_form(sign_in, council.lead, action).send({"note": "Mine"}).status == 303
        forget(council)

        assert form.send({"note": "Theirs"}).status == 409

        assert [row.kind for row in audits(council)] == [AuditKind.LOOK]

    @pytest.mark.parametrize(("who", "status"), [("auditor", 403), ("partner_other_organisation", 404)])
    def test_a_refusal_is_recorded(
        self, council: Council, action: PlanAction, sign_in: SignIn, who: str, status: int
    ) -> None:
        browser = sign_in(getattr(council, who))
        forget(council)

        assert browser.get(f"/actions/{action.ref}/update").status == status

        (refusal,) = audits(council)
        assert (refusal.kind, refusal.page) == (AuditKind.REFUSAL, "actions.update")
        assert refusal.user_id == getattr(council, who).id
        assert refusal.subject == (action.ref if status == 403 else None)

    def test_a_page_of_no_family_leaves_none(self, council: Council, sign_in: SignIn) -> None:
        browser = sign_in(council.partner)
        forget(council)

        browser.get("/account")

        assert audits(council) == []


@contextmanager
def without_table(app: Flask, name: str) -> Iterator[None]:
    """The table is really gone meanwhile."""
    _rename(app, name, f"{name}_away")
    try:
        yield
    finally:
        _rename(app, f"{name}_away", name)


def _rename(app: Flask, old: str, new: str) -> None:
    with app.app_context(), writing(), db.engine.begin() as connection:
        connection.execute(text(f"ALTER TABLE {old} RENAME TO {new}"))


class TestNoRecordNoPage:
    def test_a_look_that_cannot_be_written_shows_nothing(
        self, council: Council, action: PlanAction, sign_in: SignIn
    ) -> None:
        browser = sign_in(council.partner)
        with without_table(council.app, "audit"):
            page = browser.get(f"/actions/{action.ref}")

        assert page.status == 503
        assert "Call school" not in page.html
        assert "O’Neill" not in page.html
        assert browser.get(f"/actions/{action.ref}").status == 200

    def test_a_refusal_that_cannot_be_written_is_told_apart_from_nothing(
        self, council: Council, action: PlanAction, sign_in: SignIn
    ) -> None:
        browser = sign_in(council.partner_other_organisation)
        with without_table(council.app, "audit"):
            assert browser.get(f"/actions/{action.ref}").status == 503

    def test_a_change_that_cannot_be_recorded_is_not_made(
        self, council: Council, action: PlanAction, sign_in: SignIn
    ) -> None:
        form = update_form(sign_in, council.partner, action)
        before = stored(council, action)
        with without_table(council.app, "audit"):
            page = form.send({"note": "Done"})

        assert page.status in (500, 503)
        assert "Call school" not in page.html
        assert stored(council, action) == before
        assert form.send({"note": "Done"}).status == 303


class TestOneTransaction:
    def test_after_a_fault_at_any_statement_nothing_or_everything_is_there(
        self, council: Council, action: PlanAction, sign_in: SignIn
    ) -> None:
        form = update_form(sign_in, council.partner, action)
        before = stored(council, action)
        statements = 0
        while True:
            statements += 1
            with fault_after(council.app, statements) as reached:
                page = form.send({"note": "Rang the office"})
            if not reached:
                break
            assert page.status in (500, 503), f"{page.status} though statement {statements} failed"
            assert stored(council, action) == before, f"something stayed of statement {statements}"

        assert page.status == 303
        assert statements > 8
        state, version, _done_on, events, _messages, keys, changes = stored(council, action)
        assert (state, version) == (ActionState.DONE, before[1] + 1)
        assert (events, keys, changes) == (before[3] + 1, before[5] + 1, before[6] + 1)

    def test_a_fault_at_the_commit_keeps_nothing(self, council: Council, action: PlanAction, sign_in: SignIn) -> None:
        form = update_form(sign_in, council.partner, action)
        before = stored(council, action)
        with fault_at_commit(council.app):
            assert form.send({"note": "Rang the office"}).status in (500, 503)

        assert stored(council, action) == before


class Unplugged(Exception):
    """The power went in the middle of it."""


@contextmanager
def fault_after(app: Flask, wanted: int) -> Iterator[list[int]]:
    """The wanted statement runs, and then everything stops. What is yielded fills when it came to that."""
    seen = 0
    reached: list[int] = []

    def stop(*_: Any) -> None:
        nonlocal seen
        seen += 1
        if seen == wanted:
            reached.append(seen)
            raise Unplugged

    with app.app_context():
        engine = db.engine
    event.listen(engine, "after_cursor_execute", stop)
    try:
        yield reached
    finally:
        event.remove(engine, "after_cursor_execute", stop)


@contextmanager
def fault_at_commit(app: Flask) -> Iterator[None]:
    def stop(_connection: Any) -> None:
        raise Unplugged

    with app.app_context():
        engine = db.engine
    event.listen(engine, "commit", stop)
    try:
        yield
    finally:
        event.remove(engine, "commit", stop)


CARELESS = """
from portal.core.db import db
from portal.domain.permissions import P
from portal.models.teamwork import PlanAction
from portal.web.gate import Feature
from portal.web.policy import Policy

bp = Feature("careless", __name__)


@bp.get("/careless/<ref:action>/flushes", policy=Policy(P.ACTION_VIEW, PlanAction))
def flushes(action, viewer):
    action.what = "Changed while reading"
    db.session.flush()
    return "never"


@bp.get("/careless/<ref:action>/forgets", policy=Policy(P.ACTION_VIEW, PlanAction))
def forgets(action, viewer):
    action.what = "Changed while reading"
    return "shown"


@bp.get("/careless/<ref:action>/commits", policy=Policy(P.ACTION_VIEW, PlanAction))
def commits(action, viewer):
    action.what = "Changed while reading"
    db.session.commit()
    return "never"
"""


class TestReading:
    """A page that only reads cannot change anything, however its view is written."""

    @pytest.mark.parametrize(("view", "status"), [("flushes", 500), ("forgets", 200), ("commits", 500)])
    def test_changes_nothing(
        self,
        council: Council,
        action: PlanAction,
        settings: Settings,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
        view: str,
        status: int,
    ) -> None:
        (tmp_path / "careless.py").write_text(CARELESS)
        monkeypatch.setattr(blueprints, "__path__", [*blueprints.__path__, str(tmp_path)])
        browser = sign_in_with(create_app(settings))(council.partner)

        assert browser.client.get(f"/careless/{action.ref}/{view}").status_code == status

        with council.behind_the_scenes():
            assert db.session.get_one(PlanAction, action.id).what == "Call school"


class TestKeys:
    """A form sent twice is one change."""

    def test_second_click_gets_the_first_outcome(self, council: Council, action: PlanAction, sign_in: SignIn) -> None:
        form = update_form(sign_in, council.partner, action)

        first, second = form.send({"note": "Done"}), form.send({"note": "Done"})

        assert (first.status, second.status, second.location) == (303, 303, first.location)

    def test_also_after_reach_has_ended(
        self, council: Council, team: Team, action: PlanAction, sign_in: SignIn
    ) -> None:
        form = update_form(sign_in, council.partner, action)
        first = form.send({"note": "Done"})
        with council.behind_the_scenes():
            db.session.get_one(TeamMember, team.partner.id).left_on = action.due_on

        second = form.send({"note": "Done"})

        assert (second.status, second.location) == (303, first.location)
        assert second.follow().status == 404

    def test_same_key_with_other_words_is_judged_by_the_version(
        self, council: Council, action: PlanAction, sign_in: SignIn
    ) -> None:
        form = update_form(sign_in, council.partner, action)
        form.send({"note": "First words"})

        page = form.send({"note": "Other words"})

        assert page.status == 409
        assert "Other words" in page.html

    def test_a_form_that_was_refused_keeps_no_key(self, council: Council, action: PlanAction, sign_in: SignIn) -> None:
        form = update_form(sign_in, council.partner, action)
        assert form.send({"note": "x" * 3000}).status == 422

        assert form.send({"note": "Shorter"}).status == 303

    def test_another_persons_key_says_nothing(self, council: Council, action: PlanAction, sign_in: SignIn) -> None:
        mine = update_form(sign_in, council.partner, action)
        other = an_action(council, an_active_family(council))
        theirs = update_form(sign_in, council.lead, other)
        assert mine.send({"note": "Mine"}).status == 303

        page = theirs.send({"note": "Mine", "idempotency_key": mine.values["idempotency_key"]})

        assert page.status == 303
        assert page.location.endswith(other.ref)

    @pytest.mark.parametrize("key", [None, "", "short", "x" * 65, "with spaces in it, and more", "é" * 20])
    def test_without_a_good_key_nothing_is_done(
        self, council: Council, action: PlanAction, sign_in: SignIn, key: str | None
    ) -> None:
        form = update_form(sign_in, council.partner, action)
        before = stored(council, action)

        page = form.send({"note": "Done", "idempotency_key": key})

        assert page.status == 400
        assert "Open the page again" in page.text
        assert stored(council, action) == before

    def test_a_key_is_only_looked_at_after_the_token(
        self, council: Council, action: PlanAction, sign_in: SignIn
    ) -> None:
        form = update_form(sign_in, council.partner, action)
        assert form.send({"note": "Done"}).status == 303

        assert form.send({"note": "Done", "csrf_token": "wrong"}).status == 400


class TestForgedForms:
    @pytest.mark.parametrize("token", [None, "", "wrong"])
    def test_without_its_token_a_form_is_refused(
        self, council: Council, action: PlanAction, sign_in: SignIn, token: str | None
    ) -> None:
        form = update_form(sign_in, council.partner, action)

        self.assert_refused(council, action, form, token)

    def test_with_somebody_elses_token(self, council: Council, action: PlanAction, sign_in: SignIn) -> None:
        form = update_form(sign_in, council.partner, action)
        token = update_form(sign_in, council.lead, action).values["csrf_token"][0]

        self.assert_refused(council, action, form, token)

    def test_with_ones_own_token_of_an_earlier_session(
        self, council: Council, action: PlanAction, sign_in: SignIn
    ) -> None:
        token = update_form(sign_in, council.partner, action).values["csrf_token"][0]
        form = update_form(sign_in, council.partner, action)

        self.assert_refused(council, action, form, token)

    def assert_refused(self, council: Council, action: PlanAction, form: FilledForm, token: str | None) -> None:
        before = stored(council, action)

        page = form.send({"note": "Forged", "csrf_token": token})

        assert page.status == 400
        assert "Open the page again" in page.main
        assert stored(council, action) == before

    @pytest.mark.parametrize("site", ["cross-site", "same-site", "nonsense"])
    def test_sent_from_another_site(self, council: Council, action: PlanAction, sign_in: SignIn, site: str) -> None:
        form = update_form(sign_in, council.partner, action)
        before = stored(council, action)

        answer = form.browser.client.post(
            form.action, data={**form.values, "note": "Forged"}, headers={"Sec-Fetch-Site": site}
        )

        assert answer.status_code == 403
        assert stored(council, action) == before

    @pytest.mark.parametrize("site", ["same-origin", "none"])
    def test_sent_from_the_portal_itself(
        self, council: Council, action: PlanAction, sign_in: SignIn, site: str
    ) -> None:
        form = update_form(sign_in, council.partner, action)

        answer = form.browser.client.post(form.action, data=form.values, headers={"Sec-Fetch-Site": site})

        assert answer.status_code == 303

    @pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
    def test_other_methods_do_nothing(self, council: Council, action: PlanAction, sign_in: SignIn, method: str) -> None:
        answer = sign_in(council.partner).client.open(f"/actions/{action.ref}/update", method=method)

        assert answer.status_code in (400, 405)


class TestAddresses:
    @pytest.mark.parametrize(
        "ref",
        ["A-0", "A-01", "A-99999999999", "A-2147483648", "A-2147483647", "a-1", "A1", "A--1", "1", "A-\uff11", "A-1.0"],
    )
    def test_what_is_no_reference_is_not_found(self, council: Council, sign_in: SignIn, ref: str) -> None:
        assert sign_in(council.coordinator).get(f"/actions/{ref}").status == 404

    @pytest.mark.parametrize("prefix", ["F", "S", "P", "M", "R", "C", "L", "X"])
    def test_a_reference_of_another_kind_is_not_found(
        self, council: Council, action: PlanAction, sign_in: SignIn, prefix: str
    ) -> None:
        assert sign_in(council.coordinator).get(f"/actions/{prefix}-{action.id}").status == 404

    def test_not_there_and_not_in_reach_look_the_same(
        self, council: Council, action: PlanAction, sign_in: SignIn
    ) -> None:
        browser = sign_in(council.partner_other_organisation)

        absent, hidden = browser.get("/actions/A-4711"), browser.get(f"/actions/{action.ref}")

        assert absent.status == hidden.status == 404
        assert without_reference(absent.main) == without_reference(hidden.main)


def without_reference(said: str) -> str:
    return re.sub(r"Reference: \w{8}", "", said)


class TestHeaders:
    PATHS = ("/sign-in", "/account", "/my-actions", "/nowhere")

    @pytest.mark.parametrize("path", PATHS)
    def test_every_page_has_them(self, council: Council, sign_in: SignIn, path: str) -> None:
        headers = sign_in(council.partner).get(path).response.headers

        policy = headers["Content-Security-Policy"]
        for source in ("default-src 'none'", "style-src 'self'", "frame-ancestors 'none'", "form-action 'self'"):
            assert source in policy
        assert "unsafe" not in policy
        assert headers["Cache-Control"] == "no-store"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["Referrer-Policy"] == "same-origin"
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert "camera=()" in headers["Permissions-Policy"]
        assert "HX-Request" in headers["Vary"]
        assert "Strict-Transport-Security" not in headers

    def test_behind_tls_the_cookie_and_the_address_stay_there(self, settings: Settings, app: Flask) -> None:
        client = create_app(settings.model_copy(update={"behind_tls": True})).test_client()

        answer = client.get("/sign-in", base_url="https://localhost")

        assert answer.headers["Strict-Transport-Security"].startswith("max-age=31536000")
        cookie = answer.headers["Set-Cookie"]
        assert cookie.startswith("__Host-portal=")
        for part in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"):
            assert part in cookie
        assert "Domain" not in cookie
        assert "Expires" not in cookie

    def test_static_files_are_kept_by_browsers(self, app: Flask) -> None:
        page = Browser(app.test_client()).get("/sign-in")
        stylesheet = str(page.soup.select_one("link[rel=stylesheet]")["href"])  # type: ignore[index]

        answer = app.test_client().get(stylesheet)

        assert answer.status_code == 200
        assert "immutable" in answer.headers["Cache-Control"]

    def test_a_host_that_is_not_ours_is_refused(self, settings: Settings, app: Flask) -> None:
        client = create_app(settings.model_copy(update={"trusted_hosts": "portal.example"})).test_client()

        assert client.get("/sign-in", base_url="http://portal.example").status_code == 200
        assert client.get("/sign-in", base_url="http://evil.example").status_code == 400
