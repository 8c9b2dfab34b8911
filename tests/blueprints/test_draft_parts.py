"""The parts of a step-down: what they keep, the needs, safety and the visit; two people at one part."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.models.families import KeepApart, KeepApartKind, Person, PersonKind, SafeContact
from portal.models.handover import StepDown
from tests.support.drafts import (
    a_draft,
    a_whole_draft,
    children_answers,
    content,
    needs_answers,
    safety_answers,
    send,
    views_answers,
    visit_answers,
    with_child,
)
from tests.support.people import Council, Home, a_family
from tests.support.web import Browser, SignIn

LONG_TEXT = ("Words as long and awkward as a real handover’s: {Plan}, “quotes”, <b>no markup</b> & more.\n\n" * 100)[
    :9000
]


@pytest.fixture
def home(council: Council) -> Home:
    return a_family(council)


@pytest.fixture
def step_down(council: Council, home: Home) -> StepDown:
    return a_draft(council, home)


@pytest.fixture
def worker(council: Council, sign_in: SignIn) -> Browser:
    return sign_in(council.social_worker)


class TestWhatIsKept:
    def test_every_part_shows_again_what_was_saved(
        self, council: Council, home: Home, step_down: StepDown, worker: Browser
    ) -> None:
        answers = {
            "children": children_answers(home),
            "needs": needs_answers(),
            "safety": safety_answers(home),
            "views": views_answers(home),
            "visit": visit_answers(),
        }
        for part, typed in answers.items():
            page = send(worker, step_down, part, typed)
            assert page.status == 303, (part, page.errors)

            shown = worker.get(f"/step-downs/{step_down.ref}/edit/{part}").form().values

            for name, value in typed.items():
                assert shown[name] == [value], name

    def test_fifteen_hundred_words_are_kept_to_the_letter(
        self, council: Council, home: Home, step_down: StepDown, worker: Browser
    ) -> None:
        send(worker, step_down, "safety", safety_answers(home) | {"risks": LONG_TEXT})

        with council.behind_the_scenes():
            assert db.session.get_one(StepDown, step_down.id).risks == LONG_TEXT.strip()
        again = worker.get(f"/step-downs/{step_down.ref}/edit/safety").form().values["risks"][0]
        assert again == LONG_TEXT.strip()
        check = worker.get(f"/step-downs/{step_down.ref}/check")
        assert " ".join(LONG_TEXT.split()) in check.main

    def test_names_of_three_scripts(self, council: Council, home: Home, step_down: StepDown, worker: Browser) -> None:
        names = ["Zoë-Mae O’Brien", "Łukasz Żółć", "محمد السيد", "小明 王"]
        with council.behind_the_scenes():
            for name in names:
                given, _, family = name.partition(" ")
                child = Person(
                    family_id=home.id, kind=PersonKind.CHILD, given_name=given, family_name=family, name_key=family
                )
                db.session.add(child)

        page = worker.get(f"/step-downs/{step_down.ref}/edit/children")

        for name in names:
            assert name in page.main

    def test_an_unborn_baby_has_its_parents_plans_and_worries(
        self, council: Council, home: Home, step_down: StepDown, worker: Browser
    ) -> None:
        with council.behind_the_scenes():
            baby = Person(
                family_id=home.id,
                kind=PersonKind.CHILD,
                given_name="Baby",
                family_name="O’Neill",
                expected_on=clock.today() + timedelta(days=60),
                name_key="oneill",
            )
            db.session.add(baby)
        with_child(council, step_down, Home(home.family, home.parent, [*home.children, baby]))

        page = worker.get(f"/step-downs/{step_down.ref}/edit/views")
        assert "What are the parents’ plans and worries for the baby?" in page.main
        saved = page.form().send(views_answers(home) | {f"voices-{baby.id}-view": "Somewhere to live by then"})

        assert saved.status == 303, saved.errors
        assert content(council, step_down).voices[baby.id].view == "Somewhere to live by then"


class TestNeedsAndOutstanding:
    def test_another_row_keeps_everything_typed(self, step_down: StepDown, worker: Browser) -> None:
        page = send(
            worker, step_down, "needs", needs_answers() | {"outstanding-0-concerns_safety": "y", "more": "needs"}
        )

        assert page.status == 200
        values = page.form().values
        assert values["needs-0-what"] == ["Getting to school on time"]
        assert values["outstanding-0-concerns_safety"] == ["y"]
        assert values["needs-1-what"] == [""]

    def test_empty_rows_are_ignored_and_rows_taken_away(
        self, council: Council, step_down: StepDown, worker: Browser
    ) -> None:
        form = send(worker, step_down, "needs", needs_answers() | {"more": "needs"}).form()
        form.send({"needs-1-headline": "housing", "needs-1-what": "Damp in both bedrooms", "needs-1-outcome": "met"})
        assert [need.what for need in content(council, step_down).needs] == [
            "Getting to school on time",
            "Damp in both bedrooms",
        ]

        again = send(worker, step_down, "needs", {"needs-0-headline": "", "needs-0-what": ""})

        assert again.status == 303, again.errors
        assert [need.what for need in content(council, step_down).needs] == ["Damp in both bedrooms"]

    def test_nothing_outstanding_has_to_be_said(self, council: Council, step_down: StepDown, worker: Browser) -> None:
        typed = needs_answers() | {"outstanding-0-what": ""}

        unsaid = send(worker, step_down, "needs", typed)
        assert unsaid.errors == ["Enter what is outstanding, or select that nothing is"]
        both = send(worker, step_down, "needs", needs_answers() | {"nothing_outstanding": "y"})
        assert both.errors == ["Take this tick away, or empty the actions that are outstanding"]
        said = send(worker, step_down, "needs", typed | {"nothing_outstanding": "y"})

        assert said.status == 303
        assert content(council, step_down).outstanding == []
        check = worker.get(f"/step-downs/{step_down.ref}/check")
        assert "Nothing is outstanding" in check.main

    def test_nothing_outstanding_is_not_said_by_leaving(self, step_down: StepDown, worker: Browser) -> None:
        page = send(worker, step_down, "needs", needs_answers() | {"outstanding-0-what": "", "then": "list"})

        assert page.errors == ["Enter what is outstanding, or select that nothing is"]

    @pytest.mark.parametrize(
        ("typed", "words"),
        [
            ({"needs-0-headline": ""}, "Choose which outcome the need is about"),
            ({"needs-0-headline": "wealth"}, "Select one of the answers in the list"),
            ({"needs-0-what": "   "}, "Enter what the need is"),
            ({"needs-0-what": "x" * 501}, "The need must be 500 characters or fewer. It is 501"),
            ({"needs-0-person": "999999"}, "Select one of the answers in the list"),
            ({"needs-0-outcome": None}, "Select how the need stands now"),
            ({"outstanding-0-what": " ", "outstanding-0-concerns_safety": "y"}, "Enter what is still to be done"),
            (
                {"outstanding-0-what": "a\x07b"},
                "What is still to be done must not hold control characters. Delete them and type the text again",
            ),
        ],
    )
    def test_a_wrong_answer_is_refused_at_its_field(
        self, council: Council, step_down: StepDown, worker: Browser, typed: dict[str, Any], words: str
    ) -> None:
        page = send(worker, step_down, "needs", needs_answers() | typed)

        assert page.status == 422
        assert page.errors == [words]
        assert content(council, step_down).needs == []

    def test_a_need_of_another_familys_child_is_refused(
        self, council: Council, step_down: StepDown, worker: Browser
    ) -> None:
        stranger = a_family(council, name="Stranger").children[0]

        page = send(worker, step_down, "needs", needs_answers() | {"needs-0-person": str(stranger.id)})

        assert page.errors == ["Select one of the answers in the list"]

    def test_a_page_holds_no_more_than_it_can(self, step_down: StepDown, worker: Browser) -> None:
        rows = {f"outstanding-{number}-what": f"Thing {number}" for number in range(40)}

        page = send(worker, step_down, "needs", needs_answers() | rows | {"more": "outstanding"})

        assert page.status == 200
        assert "One page holds 40 of these" in page.main
        assert page.form().values["outstanding-39-what"] == ["Thing 39"]


class TestSafety:
    @pytest.mark.parametrize(
        ("field", "typed", "words"),
        [
            ("risks", "  ", "Enter what could go wrong"),
            ("contingency", "", "Enter what should be done if things get worse"),
            ("step_up_triggers", "x" * 10_001, "When to come back must be 10,000 characters or fewer. It is 10,001"),
            ("phone", "", "Enter the phone number that is safe"),
            ("phone", "Grandma", "Enter a phone number, like 01632 960 001"),
            ("never_contact", "y", "Select a safe way of contact, or never, but not both"),
            ("note", "x" * 501, "What else to know must be 500 characters or fewer. It is 501"),
        ],
    )
    def test_a_wrong_answer_is_refused_at_its_field(
        self, home: Home, step_down: StepDown, worker: Browser, field: str, typed: str, words: str
    ) -> None:
        name = field if field in ("risks", "contingency", "step_up_triggers") else f"ways-{home.parent.id}-{field}"

        page = send(worker, step_down, "safety", safety_answers(home) | {name: typed})

        assert page.status == 422
        assert page.errors == [words]

    def test_ways_that_are_not_asked_for_stay(
        self, council: Council, home: Home, step_down: StepDown, worker: Browser
    ) -> None:
        with council.behind_the_scenes():
            safe = db.session.scalars(select(SafeContact).where(SafeContact.person_id == home.parent.id)).one()
            safe.email, safe.by_email = "siobhan@example.com", True

        send(worker, step_down, "safety", safety_answers(home))

        with council.behind_the_scenes():
            safe = db.session.scalars(select(SafeContact).where(SafeContact.person_id == home.parent.id)).one()
        assert (safe.email, safe.by_email, safe.note) == ("siobhan@example.com", True, "Only before 3pm")

    def test_somebody_of_another_family_is_refused(
        self, council: Council, home: Home, step_down: StepDown, worker: Browser
    ) -> None:
        stranger = a_family(council, name="Stranger").parent

        page = send(worker, step_down, "safety", safety_answers(home) | {f"ways-{stranger.id}-phone": "01632 960 999"})

        assert page.errors == ["Answer only for people of this family. Open the page again"]

    def test_nobody_who_must_never_be_contacted_counts_as_reachable(
        self, council: Council, home: Home, step_down: StepDown, worker: Browser
    ) -> None:
        name = f"ways-{home.parent.id}"
        send(
            worker,
            step_down,
            "safety",
            safety_answers(home) | {f"{name}-by_phone": None, f"{name}-by_text": None, f"{name}-never_contact": "y"},
        )

        page = worker.get(f"/step-downs/{step_down.ref}/edit")

        assert "how at least one adult can safely be reached" in page.main

    def test_who_must_be_kept_apart_is_said(
        self, council: Council, home: Home, step_down: StepDown, worker: Browser
    ) -> None:
        with council.behind_the_scenes():
            db.session.add(
                KeepApart(
                    family_id=home.id,
                    person_id=home.parent.id,
                    other_id=home.children[0].id,
                    kind=KeepApartKind.MUST_NOT_MEET,
                )
            )

        for part in ("safety", "views"):
            page = worker.get(f"/step-downs/{step_down.ref}/edit/{part}")
            assert f"{home.parent.name} must not meet {home.children[0].name}" in page.main


class TestVisit:
    @pytest.mark.parametrize(
        ("typed", "words"),
        [
            (
                {"last_visit_on-day": "31", "last_visit_on-month": "2"},
                "The date of the last visit must be a real date, like 27 3 2025",
            ),
            (
                {f"last_visit_on-{part}": "" for part in ("day", "month", "year")},
                "Enter the date of the planned last visit",
            ),
            (
                {"meeting_wishes": "x" * 1001},
                "What matters for the meeting must be 1,000 characters or fewer. It is 1,001",
            ),
        ],
    )
    def test_a_wrong_answer_is_refused_at_its_field(
        self, step_down: StepDown, worker: Browser, typed: dict[str, str], words: str
    ) -> None:
        page = send(worker, step_down, "visit", visit_answers() | typed)

        assert page.status == 422
        assert page.errors == [words]

    def test_the_last_part_leads_to_the_check_page(self, step_down: StepDown, worker: Browser) -> None:
        page = send(worker, step_down, "visit", visit_answers())

        assert page.location == f"/step-downs/{step_down.ref}/check"


class TestTwoPeopleAtOnePart:
    def test_one_wins_and_the_others_words_are_kept_beside(
        self, council: Council, home: Home, worker: Browser, sign_in: SignIn
    ) -> None:
        step_down = a_whole_draft(council, home)
        here = f"/step-downs/{step_down.ref}/edit/needs"
        theirs, mine = worker.get(here).form(), sign_in(council.social_care_manager).get(here).form()

        won = theirs.send({"needs-0-what": "The social worker’s words"})
        lost = mine.send({"needs-0-what": "The manager’s words"})

        assert (won.status, lost.status) == (303, 409)
        assert council.social_worker.name in lost.main
        beside = lost.text_of(".app-side-by-side")
        assert "Need 1: What is the need?" in beside
        assert "The social worker’s words" in beside
        assert "The manager’s words" in beside
        assert lost.form().values["needs-0-what"] == ["The manager’s words"]
        assert [need.what for need in content(council, step_down).needs] == ["The social worker’s words"]


def test_enter_saves_the_part_and_adds_no_row(council: Council, sign_in: SignIn) -> None:
    step_down = a_draft(council, a_family(council))

    page = sign_in(council.social_worker).get(f"/step-downs/{step_down.ref}/edit/needs")

    first = page.soup.select("main form button[type=submit]")[0]
    assert first.get("name") is None, "Enter presses the first button of a form"
