"""The fourth part of a step-down: what children and parents think, and what they said to early help."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.domain.engagement import EngagementAnswer
from portal.models.families import Person
from portal.models.handover import EngagementRecord, StepDown
from tests.support.drafts import (
    a_draft,
    content,
    decided,
    send,
    views_answers,
    with_child,
)
from tests.support.people import Council, Home, a_family
from tests.support.web import Browser, SignIn, date_parts


@pytest.fixture
def home(council: Council) -> Home:
    return a_family(council)


@pytest.fixture
def step_down(council: Council, home: Home) -> StepDown:
    return a_draft(council, home)


@pytest.fixture
def worker(council: Council, sign_in: SignIn) -> Browser:
    return sign_in(council.social_worker)


class TestViewsAndAgreement:
    @pytest.fixture
    def step_down(self, council: Council, home: Home) -> StepDown:
        step_down = a_draft(council, home)
        with_child(council, step_down, home)
        return step_down

    @pytest.mark.parametrize(
        ("field", "typed", "words"),
        [
            ("voices-{child}-view", " ", "Enter what this child thinks"),
            ("voices-{child}-known", None, "Select how that is known"),
            ("voices-{child}-known", "unborn", "Select one of the answers in the list"),
            ("parents-{parent}-view", "", "Enter what this person thinks, or why it was not safe to ask"),
            (
                "parents-{parent}-not_asked",
                "He was in the room",
                "Enter what this person thinks, or why it was not safe to ask, but not both",
            ),
            ("asked-{parent}-answer", None, "Select what this person said"),
            ("asked-{parent}-answer", "maybe", "Select one of the answers in the list"),
            ("asked-{parent}-answer", "partly_agreed", "Enter what they have not agreed to"),
            ("asked-{parent}-how_explained", "", "Enter how it was explained to them"),
            ("preferred_lead", "x" * 201, "Whom the family would like must be 200 characters or fewer. It is 201"),
            ("preferred_lead", "One\nTwo", "Whom the family would like must be one line"),
        ],
    )
    def test_a_wrong_answer_is_refused_at_its_field(
        self, home: Home, step_down: StepDown, worker: Browser, field: str, typed: Any, words: str
    ) -> None:
        name = field.format(child=home.children[0].id, parent=home.parent.id)

        page = send(worker, step_down, "views", views_answers(home) | {name: typed})

        assert page.status == 422
        assert page.errors == [words]

    def test_asked_in_the_future_or_on_no_date(self, home: Home, step_down: StepDown, worker: Browser) -> None:
        name = f"asked-{home.parent.id}-asked_on"

        later = send(
            worker, step_down, "views", views_answers(home) | date_parts(name, clock.today() + timedelta(days=1))
        )
        assert later.errors == ["The date they were asked must be today or in the past"]
        nowhen = {f"{name}-{part}": "" for part in ("day", "month", "year")}
        undated = send(worker, step_down, "views", views_answers(home) | nowhen)

        assert undated.errors == ["Enter the date they were asked"]

    def test_not_asked_yet_needs_no_date_and_is_no_answer(
        self, council: Council, home: Home, step_down: StepDown, worker: Browser
    ) -> None:
        name = f"asked-{home.parent.id}"
        nowhen = {f"{name}-asked_on-{part}": "" for part in ("day", "month", "year")}

        page = send(
            worker,
            step_down,
            "views",
            views_answers(home) | nowhen | {f"{name}-answer": "not_yet_asked", f"{name}-how_explained": ""},
        )

        assert page.status == 303, page.errors
        missing = worker.get(f"/step-downs/{step_down.ref}/edit").main
        assert "what the family said when asked whether they want early help" in missing

    def test_each_answer_is_kept_and_the_same_one_not_twice(
        self, council: Council, home: Home, step_down: StepDown, worker: Browser
    ) -> None:
        name = f"asked-{home.parent.id}"
        send(worker, step_down, "views", views_answers(home))
        send(worker, step_down, "views", views_answers(home))
        send(
            worker,
            step_down,
            "views",
            views_answers(home) | {f"{name}-answer": "partly_agreed", f"{name}-exclusions": "Not the school"},
        )

        with council.behind_the_scenes():
            rows = db.session.scalars(select(EngagementRecord).order_by(EngagementRecord.id)).all()
        assert [row.answer for row in rows] == [EngagementAnswer.AGREED, EngagementAnswer.PARTLY_AGREED]
        assert rows[-1].exclusions == "Not the school"

    def test_a_child_who_can_decide_is_asked(
        self, council: Council, home: Home, step_down: StepDown, worker: Browser
    ) -> None:
        name = f"deciding-{home.children[0].id}"

        page = send(
            worker,
            step_down,
            "views",
            views_answers(home)
            | {f"{name}-can_decide": "y", f"{name}-answer": "agreed", f"{name}-how_explained": "On a walk"}
            | date_parts(f"{name}-asked_on", decided()),
        )

        assert page.status == 303, page.errors
        said = content(council, step_down).asked[home.children[0].id]
        assert (said.answer, said.child_can_decide) == (EngagementAnswer.AGREED, True)

    def test_whether_a_very_young_child_decides_is_asked_about(
        self, council: Council, home: Home, step_down: StepDown, worker: Browser
    ) -> None:
        child, name = home.children[0], f"deciding-{home.children[0].id}"
        with council.behind_the_scenes():
            db.session.get_one(Person, child.id).date_of_birth = clock.today() - timedelta(days=800)
        answers = views_answers(home) | {
            f"{name}-can_decide": "y",
            f"{name}-answer": "agreed",
            f"{name}-how_explained": "On a walk",
            **date_parts(f"{name}-asked_on", decided()),
        }

        asked = send(worker, step_down, "views", answers)

        assert asked.status == 422
        assert asked.errors[0].startswith(f"{child.name} is 2 years old. Is this right?")
        assert child.id not in content(council, step_down).asked
        assert send(worker, step_down, "views", answers | {f"{name}-young": "y"}).status == 303
        assert content(council, step_down).asked[child.id].child_can_decide

    def test_somebody_of_another_family_is_refused(
        self, council: Council, home: Home, step_down: StepDown, worker: Browser
    ) -> None:
        stranger = a_family(council, name="Stranger")

        for name in (f"voices-{stranger.children[0].id}-view", f"parents-{stranger.parent.id}-view"):
            page = send(worker, step_down, "views", views_answers(home) | {name: "Words about nobody"})
            assert page.errors == ["Answer only for people of this family. Open the page again"]
