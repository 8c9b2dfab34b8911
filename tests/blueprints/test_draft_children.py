"""The first part of a step-down: which children, and why they step down."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.models.handover import StepDown
from tests.support.drafts import (
    a_draft,
    a_whole_draft,
    children_answers,
    content,
    send,
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


class TestChildrenAndDecision:
    def test_one_child_is_selected_beforehand_and_its_destination(self, step_down: StepDown, worker: Browser) -> None:
        values = worker.get(f"/step-downs/{step_down.ref}/edit/children").form().values

        assert [name for name in values if name.endswith("-include")]
        assert values["destination"] == ["team_around_the_family"]

    def test_what_is_left_empty_for_a_second_child_is_taken_from_the_first(
        self, council: Council, worker: Browser
    ) -> None:
        home = a_family(council, children=3)
        step_down = a_draft(council, home)
        first, second, third = home.children

        page = send(
            worker,
            step_down,
            "children",
            children_answers(home)
            | {f"children-{second.id}-include": "y", f"children-{second.id}-level_now": "1"}
            | {f"children-{third.id}-why": "Not selected, so this does not count"},
        )

        assert page.status == 303, page.errors
        found = content(council, step_down).decisions
        assert set(found) == {first.id, second.id}
        assert found[second.id].why == found[first.id].why
        assert found[second.id].origin_from == found[first.id].origin_from
        assert (found[first.id].level_now, found[second.id].level_now) == (2, 1)

    def test_the_dates_of_another_plan_are_not_the_first_childs(self, council: Council, worker: Browser) -> None:
        home = a_family(council, children=2)
        second = home.children[1]

        page = send(
            worker,
            a_draft(council, home),
            "children",
            children_answers(home)
            | {f"children-{second.id}-include": "y", f"children-{second.id}-origin": "assessment"},
        )

        assert page.errors == [f"{second.name}: Enter the date that began"]

    @pytest.mark.parametrize(
        ("field", "typed", "words"),
        [
            ("origin", None, "Select what this child is stepping down from"),
            ("origin", "adoption", "Select one of the answers in the list"),
            ("why", " \n\t ", "Enter why this child’s needs no longer meet the threshold"),
            ("why", "x" * 10_001, "Why must be 10,000 characters or fewer. It is 10,001"),
            ("why", "a\x00b", "Why must not hold control characters. Delete them and type the text again"),
            ("level_before", None, "Select the level of need before"),
            ("level_now", "5", "Select one of the answers in the list"),
        ],
    )
    def test_a_wrong_answer_is_refused_at_its_field(
        self, council: Council, home: Home, step_down: StepDown, worker: Browser, field: str, typed: Any, words: str
    ) -> None:
        name = f"children-{home.children[0].id}-{field}"

        page = send(worker, step_down, "children", children_answers(home) | {name: typed})

        assert page.status == 422
        assert page.errors == [words]
        assert words in page.text_of(".govuk-error-message")
        assert content(council, step_down).decisions == {}

    @pytest.mark.parametrize(
        ("parts", "words"),
        [
            (
                {"day": "31", "month": "2", "year": "2026"},
                "The date of the decision must be a real date, like 27 3 2025",
            ),
            (
                {"day": "٣", "month": "3", "year": "2026"},
                "The date of the decision must be a real date, like 27 3 2025",
            ),
            ({"day": "", "month": "3", "year": "2026"}, "The date of the decision must include a day"),
            ({"day": "", "month": "", "year": ""}, "Enter the date of the decision"),
            (None, "The date of the decision must be today or in the past"),
        ],
    )
    def test_a_wrong_date_of_decision(
        self, home: Home, step_down: StepDown, worker: Browser, parts: dict[str, str] | None, words: str
    ) -> None:
        name = f"children-{home.children[0].id}-decision_on"
        tomorrow = clock.today() + timedelta(days=1)
        typed = {f"{name}-{part}": value for part, value in parts.items()} if parts else date_parts(name, tomorrow)

        page = send(worker, step_down, "children", children_answers(home) | typed)

        assert page.errors == [words]

    def test_an_end_before_the_beginning(self, home: Home, step_down: StepDown, worker: Browser) -> None:
        name = f"children-{home.children[0].id}-origin_to"

        page = send(worker, step_down, "children", children_answers(home) | date_parts(name, date(2020, 1, 1)))

        assert page.errors == ["The date it ends must be the same as or after the date it began"]

    def test_no_child_selected(self, home: Home, step_down: StepDown, worker: Browser) -> None:
        page = send(
            worker,
            step_down,
            "children",
            children_answers(home) | {f"children-{home.children[0].id}-include": None},
        )

        assert page.errors == ["Select at least one child"]
        assert page.soup.select('.govuk-error-summary a[href="#children"]')

    def test_a_child_of_another_family_is_refused(
        self, council: Council, home: Home, step_down: StepDown, worker: Browser
    ) -> None:
        stranger = a_family(council, name="Stranger").children[0]

        page = send(
            worker,
            step_down,
            "children",
            children_answers(home)
            | {f"children-{stranger.id}-include": "y", f"children-{stranger.id}-origin": "assessment"},
        )

        assert page.status == 422
        assert page.errors == ["Answer only for people of this family. Open the page again"]
        assert "Stranger" not in page.html
        assert content(council, step_down).decisions == {}

    def test_a_child_in_another_open_step_down_is_refused_by_name(
        self, council: Council, home: Home, worker: Browser, sign_in: SignIn
    ) -> None:
        whole = a_whole_draft(council, home)
        other = sign_in(council.social_worker_other_team)
        other.submit("/step-downs/new", {"number": home.ref}).form("/step-downs/start").send()
        with council.behind_the_scenes():
            second = db.session.scalars(select(StepDown).order_by(StepDown.id.desc())).first()
        assert second is not None
        assert second.id != whole.id

        page = send(other, second, "children", children_answers(home))

        assert page.status == 422
        assert page.errors == [f"Child0 is already in another open step-down, {whole.ref}"]
        assert f"In another open step-down, {whole.ref}" in page.main

    def test_child_protection_is_named_at_once_and_keeps_it_from_being_sent(
        self, home: Home, step_down: StepDown, worker: Browser
    ) -> None:
        name = f"children-{home.children[0].id}-origin"
        words = "child protection plan does not go straight to early help"
        assert words in worker.get(f"/step-downs/{step_down.ref}/edit/children").main

        page = send(worker, step_down, "children", children_answers(home) | {name: "child_protection"})

        assert page.status == 303
        outline = worker.get(f"/step-downs/{step_down.ref}/edit").main
        assert words in outline
        assert "a talk with your social care manager" in outline
        assert "another origin" not in outline
