"""The one door: one transaction, and one record of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, select

from portal import blueprints, create_app
from portal.core.config import Settings
from portal.core.db import db
from portal.domain.permissions import P
from portal.domain.plans import ActionState
from portal.models.families import Person, PersonKind
from portal.models.record import Audit, AuditKind
from portal.models.teamwork import PlanAction
from portal.web.policy import Policy
from tests.policies.person_route import PEOPLE, ROWS
from tests.support import databases
from tests.support.faults import without_table
from tests.support.marking_done import stored, update_form
from tests.support.people import Council, Team, an_action
from tests.support.web import SignIn, counted_statements, sign_in_with


def audits(council: Council, *kinds: AuditKind) -> list[Audit]:
    wanted = kinds or tuple(set(AuditKind) - {AuditKind.SIGN_IN})
    with council.behind_the_scenes():
        return list(db.session.scalars(select(Audit).where(Audit.kind.in_(wanted)).order_by(Audit.id)))


def forget(council: Council) -> None:
    with council.behind_the_scenes(), databases.past_the_triggers(db.session.connection()):
        db.session.query(Audit).delete()


def _reader(council: Council, action: PlanAction) -> int:
    """A grown-up of the action's family, who may have a copy of the plan."""
    with council.behind_the_scenes():
        found = select(Person.id).where(Person.family_id == action.family_id, Person.kind == PersonKind.ADULT)
        return db.session.scalars(found).one()


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
        assert update_form(sign_in, council.lead, action).send({"note": "Mine", "told_how": "call"}).status == 303
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
        assert (refusal.subject, refusal.family_id) == (action.ref, action.family_id)

    def test_every_list_is_recorded(self, council: Council, sign_in: SignIn) -> None:
        """But that of services, in which no family is."""
        forgotten = []
        for rule in council.app.url_map.iter_rules():
            door = getattr(council.app.view_functions[rule.endpoint], "policy", None)
            if not (isinstance(door, Policy) and door.model is None and "GET" in (rule.methods or ())):
                continue
            if door.permission.endswith(".list") and door.permission is not P.SERVICE_LIST:
                who = PEOPLE[ROWS[rule.endpoint].own.index("Y")]
                browser = sign_in(getattr(council, who))
                forget(council)
                assert browser.client.get(rule.rule).status_code == 200
                forgotten += [rule.rule] if len(audits(council)) != 1 else []

        assert forgotten == []

    def test_what_is_made_to_be_printed_says_so(self, council: Council, action: PlanAction, sign_in: SignIn) -> None:
        browser = sign_in(council.lead)
        forget(council)
        family = f"/families/F-{action.family_id}"

        for path in (
            f"{family}/history/whole",
            f"{family}/plan/copy?for={_reader(council, action)}",
            f"{family}/plan/copy",
        ):
            assert browser.get(path).status == 200

        assert [row.kind for row in audits(council)] == [AuditKind.PRINT, AuditKind.PRINT, AuditKind.LOOK]

    def test_a_form_without_its_sessions_token_is_a_refusal(
        self, settings: Settings, council: Council, action: PlanAction, sign_in: SignIn
    ) -> None:
        """Of somebody who is signed in: it never reached a door, and is recorded all the same."""
        browser = sign_in(council.partner)
        forget(council)

        assert browser.post(f"/actions/{action.ref}/update", {"note": "Done"}).status == 400
        assert sign_in(None).post(f"/actions/{action.ref}/update", {"note": "Done"}).status == 400

        (refusal,) = audits(council)
        assert (refusal.kind, refusal.user_id, refusal.family_id) == (AuditKind.REFUSAL, council.partner.id, None)

    def test_session_gate_and_look_are_three_statements(
        self, council: Council, action: PlanAction, sign_in: SignIn
    ) -> None:
        """Whatever the page itself reads. Once a minute the session’s last click is one more."""
        browser = sign_in(council.partner)
        browser.get(f"/actions/{action.ref}")

        with counted_statements(council.app) as seen:
            browser.get(f"/actions/{action.ref}")

        # Who asks, the action with what ties them to its family, and the look.
        ours = ("JOIN user_session ", "AS coordinates", "INSERT INTO audit ")
        assert [sum(words in statement for statement in seen) for words in ours] == [1, 1, 1]
        assert not [words for words in seen if words.startswith("UPDATE")]

    def test_a_page_of_no_family_leaves_none(self, council: Council, sign_in: SignIn) -> None:
        browser = sign_in(council.partner)
        forget(council)

        browser.get("/account")

        assert audits(council) == []


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
