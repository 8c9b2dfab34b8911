"""Recording what came of a check: it started, not yet, no answer, it will not happen."""

from datetime import date, timedelta

import pytest
import time_machine
from sqlalchemy import delete

from portal.core import clock
from portal.core.db import db
from portal.domain.dates import Calendar
from portal.domain.plans import NeedState
from portal.domain.support import CheckState, Escalation, NeedNow, ReferralState
from portal.models.families import SafeContact
from portal.models.following import FollowUpCheck, SupportReferral
from portal.models.teamwork import PlanNeed
from tests.support.following import (
    a_referral,
    a_step_down,
    checks_of,
    coordinated,
    due_check,
    reowned,
    tried_a_day_earlier,
)
from tests.support.people import Council, Home, a_family, an_active_family, summary_of
from tests.support.referral_moves import agreed, move
from tests.support.web import Page, SignIn, date_parts


def started(day: date | None = None, **more: str) -> dict[str, str]:
    return {
        "outcome": "happened",
        **date_parts("started_on", day or clock.today()),
        "started_source": "family",
        "started_what": "The Tuesday group",
        **more,
    }


WILL_NOT = {
    "outcome": "will_not_happen",
    "not_started_code": "no_capacity",
    "not_started_reason": "Full until the summer",
    "not_started_source": "provider",
    "need_now": "another_service",
}


def record(sign_in: SignIn, council: Council, check: FollowUpCheck, answers: dict[str, str]) -> Page:
    """The social worker opens the check and sends these answers."""
    return sign_in(council.social_worker).submit(f"/checks/{check.ref}", answers)


def of_state(council: Council, home: Home, state: CheckState) -> list[FollowUpCheck]:
    return [check for check in checks_of(council, home) if check.state is state]


class TestItStarted:
    def test_the_day_it_was_first_received_is_kept(self, council: Council, sign_in: SignIn) -> None:
        home = a_family(council)
        yesterday = clock.today() - timedelta(days=1)
        referral, check = a_referral(council, home, given_on=yesterday)

        page = record(sign_in, council, check, started(yesterday, note="She was glad"))

        shown = page.follow()
        assert "Started (reported)" in shown.main
        assert "She was glad" in shown.main
        assert "The next check is due" in shown.text
        with council.behind_the_scenes():
            now = db.session.get_one(SupportReferral, referral.id)
        assert (now.state, now.started_on) == (ReferralState.STARTED, yesterday)
        assert (summary_of(council, home.id).supports_started, summary_of(council, home.id).supports) == (1, 1)

    def test_a_start_in_the_future_is_refused_at_the_date(self, council: Council, sign_in: SignIn) -> None:
        home = a_family(council)
        _, check = a_referral(council, home)

        page = record(sign_in, council, check, started(clock.today() + timedelta(days=1)))

        assert page.status == 422
        assert page.errors == ["The date support was first received must be today or in the past"]
        assert page.soup.select_one(".govuk-error-summary a[href='#started_on-day']")
        assert due_check(council, home).id == check.id

    def test_a_start_before_it_was_sent_is_asked_about_then_kept(self, council: Council, sign_in: SignIn) -> None:
        home = a_family(council)
        yesterday = clock.today() - timedelta(days=1)
        referral, _ = a_referral(council, home, given_on=yesterday)
        move(sign_in, council.social_worker, referral, "send", agreed(home))

        asked = record(sign_in, council, due_check(council, home), started(yesterday))
        page = asked.form().send({"date_is_right": "y"}).follow()

        assert asked.soup.select_one(".govuk-error-summary a[href='#date_is_right']")
        assert "Started (reported)" in page.main

    def test_a_date_that_does_not_exist(self, council: Council, sign_in: SignIn) -> None:
        _, check = a_referral(council, a_family(council))
        answers = started() | {"started_on-day": "31", "started_on-month": "2", "started_on-year": "2026"}

        page = record(sign_in, council, check, answers)

        assert page.errors == ["The date support was first received must be a real date, like 27 3 2025"]

    def test_what_somebody_else_said_needs_their_name(self, council: Council, sign_in: SignIn) -> None:
        _, check = a_referral(council, a_family(council))

        page = record(sign_in, council, check, started(started_source="as_told", told_by="  "))

        assert page.errors == ["Enter who told you"]
        assert (
            record(sign_in, council, check, started(started_source="as_told", told_by="Ann, the nurse")).status == 303
        )

    def test_then_it_is_asked_whether_it_goes_on(self, council: Council, sign_in: SignIn) -> None:
        home = a_family(council)
        _, check = a_referral(council, home)
        browser = sign_in(council.social_worker)
        browser.submit(f"/checks/{check.ref}", started())
        second = due_check(council, home)

        page = browser.get(f"/checks/{second.ref}")

        assert "Is it still going?" in page.main
        assert "It will not happen" not in page.main
        assert browser.submit(f"/checks/{second.ref}", {"outcome": "happened"}).status == 303
        assert due_check(council, home).id != second.id
        assert browser.submit(f"/checks/{due_check(council, home).ref}", {}).errors == [
            "Select whether the support is still going"
        ]


class TestNotYetAndNoAnswer:
    def test_not_yet_sets_the_next_check(self, council: Council, sign_in: SignIn) -> None:
        home = a_family(council)
        _, check = a_referral(council, home)
        day = clock.today() + timedelta(days=9)

        page = record(
            sign_in,
            council,
            check,
            {"outcome": "not_yet", "waiting_on": "a letter from the service", **date_parts("next_on", day)},
        )

        assert page.status == 303
        assert due_check(council, home).due_on == Calendar().due(day)
        assert "Waiting on a letter from the service" in page.follow().main

    @pytest.mark.parametrize(
        ("answer", "field"),
        [
            ({"outcome": "not_yet", "waiting_on": "a letter"}, "next_on"),
            ({"outcome": "no_answer", "method": "call"}, "try_on"),
        ],
    )
    @pytest.mark.parametrize(
        ("day", "words"),
        [
            (28, "The next check is due Monday 30 November, because 28 November is not a working day"),
            (27, "The next check is due Friday 27 November"),
        ],
    )
    def test_nobody_checks_on_a_saturday(
        self, council: Council, sign_in: SignIn, answer: dict[str, str], field: str, day: int, words: str
    ) -> None:
        with time_machine.travel("2026-11-23T12:00:00+00:00", tick=False):
            home = a_family(council)
            _, check = a_referral(council, home)
            page = record(sign_in, council, check, {**answer, **date_parts(field, date(2026, 11, day))})
            said = page.follow().text

        assert words in said
        assert ("because" in said) is (day == 28)
        assert due_check(council, home).due_on == date(2026, 11, 30 if day == 28 else 27)

    def test_the_same_way_twice_and_a_way_that_is_not_safe_are_asked_about(
        self, council: Council, sign_in: SignIn
    ) -> None:
        home = a_family(council)
        a_referral(council, home)
        browser = sign_in(council.social_worker)

        def tried(method: str, **more: str) -> Page:
            return browser.submit(
                f"/checks/{due_check(council, home).ref}", {"outcome": "no_answer", "method": method, **more}
            )

        unsafe = tried("email")
        first, again = tried("call"), tried("call")
        meant = again.form(again.response.request.path).send({"tried_so": "y"})

        assert unsafe.errors == [
            "Email is not recorded as safe for anybody of this family, only call or text. "
            "Select how it was tried, or tick that it was tried so"
        ]
        assert (first.status, meant.status) == (303, 303)
        assert again.errors == [
            "Call had no answer the last time. Try another way, like text, or tick that it was tried so again"
        ]
        assert tried("visit").status == 303
        with council.behind_the_scenes():
            db.session.execute(delete(SafeContact))
        assert tried("email").status == 303

    def test_the_second_while_a_family_is_handed_over_goes_to_the_manager_and_says_so(
        self, council: Council, sign_in: SignIn
    ) -> None:
        home = a_family(council)
        a_step_down(council, home)
        a_referral(council, home)
        browser = sign_in(council.social_worker)
        for method in ("call", "text"):
            tried_a_day_earlier(council, home.id)
            page = browser.submit(f"/checks/{due_check(council, home).ref}", {"outcome": "no_answer", "method": method})

        assert "It went to the social care manager: no answer 2 times in a row" in page.follow().text
        assert due_check(council, home).escalated_to is Escalation.SOCIAL_CARE_MANAGER
        assert "Escalated To the social care manager" in sign_in(council.social_care_manager).get("/checks").main
        escalated = sign_in(council.manager).get("/checks?view=escalated")
        assert "No answer 2 times in a row" in escalated.main
        assert "Stay and play" not in sign_in(council.manager).get("/checks").main

    @pytest.mark.parametrize(
        ("answers", "errors"),
        [
            ({}, ["Select whether the support has started"]),
            ({"outcome": "perhaps"}, ["Select one of the answers in the list"]),
            ({"outcome": "no_answer"}, ["Select how you tried"]),
            ({"outcome": "no_answer", "method": "pigeon"}, ["Select one of the answers in the list"]),
            ({"outcome": "not_yet", "waiting_on": " "}, ["Enter whom we are waiting for"]),
            (
                {
                    "outcome": "no_answer",
                    "method": "call",
                    "try_on-day": "1",
                    "try_on-month": "1",
                    "try_on-year": "2020",
                },
                ["The date of the next check must be after today"],
            ),
            (
                {"outcome": "no_answer", "method": "call", "note": "x" * 10_000},
                ["Note must be 2,000 characters or fewer. It is 10,000"],
            ),
            (
                {"outcome": "happened", "started_what": "a\x00b"},
                [
                    "Enter the date support was first received",
                    "Select how you know that it started",
                    "What they went to or received must not hold control characters. "
                    "Delete them and type the text again",
                ],
            ),
        ],
    )
    def test_bad_answers_are_refused_in_words(
        self, council: Council, sign_in: SignIn, answers: dict[str, str], errors: list[str]
    ) -> None:
        home = a_family(council)
        _, check = a_referral(council, home)

        page = record(sign_in, council, check, answers)

        assert page.status == 422
        assert page.errors == errors
        assert due_check(council, home).id == check.id

    def test_answers_of_the_other_branches_are_not_judged(self, council: Council, sign_in: SignIn) -> None:
        _, check = a_referral(council, a_family(council))

        page = record(
            sign_in,
            council,
            check,
            {"outcome": "no_answer", "method": "call", "started_what": "x" * 10_000, "next_on-day": "99"},
        )

        assert page.status == 303

    def test_everything_typed_is_given_back(self, council: Council, sign_in: SignIn) -> None:
        _, check = a_referral(council, a_family(council))

        page = record(sign_in, council, check, {"outcome": "not_yet", "waiting_on": "", "note": "She asked for time"})

        assert "She asked for time" in page.html
        assert page.form(f"/checks/{check.ref}").values["outcome"] == ["not_yet"]


class TestItWillNotHappen:
    def test_closes_the_referral_and_keeps_the_need_open(self, council: Council, sign_in: SignIn) -> None:
        home = a_family(council)
        _, check = a_referral(council, home)

        page = record(sign_in, council, check, WILL_NOT)

        shown = page.follow()
        assert "Did not start" in shown.main
        assert "Full until the summer" in shown.main
        assert "Another service will be suggested" in shown.main
        assert of_state(council, home, CheckState.DUE) == []

    def test_a_reason_of_spaces_is_none(self, council: Council, sign_in: SignIn) -> None:
        _, check = a_referral(council, a_family(council))

        page = record(sign_in, council, check, WILL_NOT | {"not_started_reason": " \n\t "})

        assert page.errors == ["Enter what happened"]

    def test_a_need_that_cannot_be_met_is_the_coordinators_word(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        _, check = a_referral(council, team.home, by=council.lead, plan_need_id=team.need.id)
        not_met = WILL_NOT | {"need_now": NeedNow.NOT_MET, "not_met_reason": "Nobody offers it; the panel knows"}

        offered = sign_in(council.lead).get(f"/checks/{check.ref}")
        refused = sign_in(council.lead).submit(f"/checks/{check.ref}", not_met)
        lacking = sign_in(council.coordinator).submit(f"/checks/{check.ref}", not_met | {"not_met_reason": "  "})
        said = sign_in(council.coordinator).submit(f"/checks/{check.ref}", not_met)

        assert "It cannot be met" not in offered.main
        assert "ring an early help coordinator" in offered.main
        assert (refused.status, refused.errors) == (422, ["Select one of the answers in the list"])
        assert lacking.errors == ["Enter what could not be provided, and who knows"]
        assert said.status == 303
        with council.behind_the_scenes():
            need = db.session.get_one(PlanNeed, team.need.id)
        assert (need.state, need.not_met_reason) == (NeedState.NOT_MET, "Nobody offers it; the panel knows")


class TestTwoAtOnce:
    def test_a_double_click_records_it_once(self, council: Council, sign_in: SignIn) -> None:
        home = a_family(council)
        _, check = a_referral(council, home)
        form = sign_in(council.social_worker).get(f"/checks/{check.ref}").form(f"/checks/{check.ref}")

        first, second = (form.send({"outcome": "no_answer", "method": "call"}) for _ in range(2))

        assert (first.status, second.status) == (303, 303)
        assert first.location == second.location
        assert len(checks_of(council, home)) == 2

    def test_two_people_recording_it_one_wins_and_both_keep_their_words(
        self, council: Council, sign_in: SignIn
    ) -> None:
        home = a_family(council)
        _, check = a_referral(council, home)
        path = f"/checks/{check.ref}"
        worker = sign_in(council.social_worker).get(path).form(path)
        coordinator = sign_in(council.coordinator).get(path).form(path)

        won = worker.send({"outcome": "no_answer", "method": "call", "note": "The worker’s words"})
        lost = coordinator.send({**WILL_NOT, "note": "The coordinator’s words"})

        assert (won.status, lost.status) == (303, 409)
        assert council.social_worker.name in lost.main
        assert "The worker’s words" in lost.main
        assert "The coordinator’s words" in lost.main
        assert len(checks_of(council, home)) == 2

    def test_a_form_opened_before_responsibility_moved_can_still_be_sent(
        self, council: Council, sign_in: SignIn
    ) -> None:
        home = a_family(council)
        _, check = a_referral(council, home)
        path = f"/checks/{check.ref}"
        form = sign_in(council.coordinator).get(path).form(path)
        coordinated(council, home)
        reowned(council, home)

        assert form.send({"outcome": "no_answer", "method": "call"}).status == 303
