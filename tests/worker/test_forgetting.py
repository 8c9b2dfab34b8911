"""The worker deletes what was kept for a time: forms that were not sent, how those that were sent were answered, and
sessions that are over."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.core import clock
from portal.core.db import db
from portal.domain.dates import moment
from portal.domain.proving import Proof
from portal.models.people import User, UserSession
from portal.models.record import FormDraft, IdempotencyKey
from portal.services import forgetting
from tests.support.people import Council, an_active_family
from tests.support.post import Postbox
from tests.support.web import SignIn

KEPT = timedelta(days=30)
LITTLE = timedelta(minutes=5)


def drafts(council: Council, *saved: datetime) -> None:
    """One form of one thing for each."""
    with council.behind_the_scenes():
        for number, at in enumerate(saved):
            draft = FormDraft(user_id=council.partner.id, form="notes.new", subject=f"F-{number}", saved_at=at)
            draft.answers = {"text": [f"Begun {number}"]}
            db.session.add(draft)


def keys(council: Council, *answered: datetime) -> None:
    with council.behind_the_scenes():
        for number, at in enumerate(answered):
            db.session.add(IdempotencyKey(actor="user 1", key=f"key {number}", body_hash="a", location="/", at=at))


def sessions(council: Council, of: User, *started: datetime, proof: Proof | None = Proof.CODE) -> list[int]:
    with council.behind_the_scenes():
        begun = [
            UserSession(token_hash=f"{of.id} {proof} {number}", user_id=of.id, started_at=at, seen_at=at, proof=proof)
            for number, at in enumerate(started)
        ]
        db.session.add_all(begun)
        db.session.flush()
        return [each.id for each in begun]


def sessions_left(council: Council) -> list[int]:
    with council.behind_the_scenes():
        return list(db.session.scalars(select(UserSession.id).order_by(UserSession.id)))


def left(council: Council) -> tuple[list[str], list[str]]:
    with council.behind_the_scenes():
        begun = db.session.scalars(select(FormDraft.subject).order_by(FormDraft.subject))
        return list(begun), list(db.session.scalars(select(IdempotencyKey.key).order_by(IdempotencyKey.key)))


@pytest.fixture
def postbox(app: Flask) -> Postbox:
    return Postbox(app)


class TestWhatIsOlderThanThirtyDays:
    def test_is_gone_after_a_round_and_nothing_else_is(self, council: Council, postbox: Postbox) -> None:
        now = clock.now()
        old, lately = now - KEPT - LITTLE, now - KEPT + LITTLE
        drafts(council, old, lately, now)
        keys(council, old, lately, now)

        first, second = postbox.work(), postbox.work()

        assert left(council) == (["F-1", "F-2"], ["key 1", "key 2"])
        assert (first.forgotten, second.forgotten) == (2, 0)

    def test_is_gone_in_bounded_steps_the_oldest_first(
        self, council: Council, postbox: Postbox, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(forgetting, "BATCH", 2)
        old = clock.now() - KEPT
        drafts(council, *(old - timedelta(days=number) for number in range(5)))

        with council.behind_the_scenes():
            step = forgetting.forget()
        after_one = left(council)[0]
        rest = postbox.work().forgotten

        assert (step, after_one, rest) == (2, ["F-0", "F-1", "F-2"], 3)

    def test_whatever_was_typed_on_since_stays(self, council: Council, sign_in: SignIn, postbox: Postbox) -> None:
        team, browser = an_active_family(council), sign_in(council.partner)
        path = f"/families/{team.ref}/notes/new"
        form = browser.get(path).form(path)
        browser.post(f"{path}/draft", {**form.values, "text": "She likes"}, htmx=True)
        with council.behind_the_scenes():
            db.session.scalars(select(FormDraft)).one().saved_at = clock.now() - KEPT - LITTLE
        browser.post(f"{path}/draft", {**form.values, "text": "She likes the teacher"}, htmx=True)

        postbox.work()

        assert browser.get(path).form(path).values["text"] == ["She likes the teacher"]
        with council.behind_the_scenes():
            assert db.session.scalar(select(func.count()).select_from(FormDraft)) == 1

    def test_sessions_are_gone_but_the_last_of_each_person(self, council: Council, postbox: Postbox) -> None:
        now = clock.now()
        old, lately = now - KEPT - LITTLE, now - KEPT + LITTLE
        _, _, still, here = sessions(council, council.partner, old - LITTLE, old, lately, now)
        (long_ago,) = sessions(council, council.manager, old - timedelta(days=300))
        sessions(council, council.manager, old, proof=None)

        gone = postbox.work().forgotten

        assert (gone, sessions_left(council)) == (3, [still, here, long_ago])

    def test_an_administrator_sees_still_when_somebody_last_came(
        self, council: Council, sign_in: SignIn, postbox: Postbox
    ) -> None:
        came = clock.now() - KEPT - timedelta(days=10)
        sessions(council, council.manager, came - LITTLE, came)
        page = f"/admin/people/{council.manager.ref}"
        before = sign_in(council.admin).get(page).main

        postbox.work()

        assert moment(came) in before
        assert sign_in(council.admin).get(page).main == before
