"""Follow-up checks: the lists of what is due, and recording what came of one."""

from datetime import date, timedelta

import pytest
import time_machine
from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.domain.plans import NeedState
from portal.domain.support import CheckState, Escalation, NeedNow, ReferralState
from portal.models.families import ConflictOfInterest
from portal.models.following import FollowUpCheck, SupportReferral
from portal.models.record import Audit, AuditKind
from portal.models.teamwork import PlanNeed
from tests.support.following import (
    a_late_check,
    a_referral,
    a_step_down,
    checks_of,
    coordinated,
    due_check,
    reowned,
)
from tests.support.people import Council, Home, a_family, an_active_family, summary_of
from tests.support.web import Page, SignIn, counted_statements, date_parts


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
    "need_now": "another_service",
}


def record(sign_in: SignIn, council: Council, check: FollowUpCheck, answers: dict[str, str]) -> Page:
    """The social worker opens the check and sends these answers."""
    return sign_in(council.social_worker).submit(f"/checks/{check.ref}", answers)


def of_state(council: Council, home: Home, state: CheckState) -> list[FollowUpCheck]:
    return [check for check in checks_of(council, home) if check.state is state]


class TestTheList:
    def test_says_when_nothing_is_due(self, council: Council, sign_in: SignIn) -> None:
        page = sign_in(council.coordinator).get("/checks")

        assert "Every family has told us, or is not due yet." in page.main

    def test_the_longest_overdue_comes_first(self, council: Council, sign_in: SignIn) -> None:
        home = a_family(council)
        a_referral(council, home, service="Not due yet")
        a_late_check(council, home, service="Long overdue")

        page = sign_in(council.social_worker).get("/checks")

        assert page.main.index("Long overdue") < page.main.index("Not due yet")
        assert "working days overdue" in page.main

    def test_mine_are_mine(self, council: Council, sign_in: SignIn) -> None:
        a_referral(council, coordinated(council, a_family(council)), by=council.coordinator)

        assert "Stay and play" in sign_in(council.coordinator).get("/checks").main
        other = sign_in(council.other_coordinator)
        assert "Stay and play" not in other.get("/checks").main
        assert "Stay and play" in other.get("/checks?view=all").main

    def test_only_overdue_ones(self, council: Council, sign_in: SignIn) -> None:
        home = a_family(council)
        a_referral(council, home, service="Not due yet")
        a_late_check(council, home, service="Long overdue")

        page = sign_in(council.social_worker).get("/checks?view=overdue")

        assert "Long overdue" in page.main
        assert "Not due yet" not in page.main

    def test_an_unknown_view_is_ones_own(self, council: Council, sign_in: SignIn) -> None:
        assert sign_in(council.coordinator).get("/checks?view=%00everything").status == 200

    def test_families_out_of_reach_are_not_in_it(self, council: Council, sign_in: SignIn) -> None:
        own, restricted = a_family(council), a_family(council, name="Novak", restricted=True)
        for home in (own, restricted):
            a_referral(council, home)
        with council.behind_the_scenes():
            db.session.add(
                ConflictOfInterest(family_id=own.id, user_id=council.other_coordinator.id, recorded_at=clock.now())
            )

        for stranger in (council.social_worker_other_team, council.partner, council.other_coordinator):
            assert "Stay and play" not in sign_in(stranger).get("/checks?view=all").main

    def test_is_recorded_with_its_number_of_rows(self, council: Council, sign_in: SignIn) -> None:
        home = a_family(council)
        a_referral(council, home)
        a_referral(council, home)

        sign_in(council.social_worker).get("/checks")

        with council.behind_the_scenes():
            (look,) = db.session.scalars(select(Audit).where(Audit.kind == AuditKind.LIST)).all()
        assert (look.page, look.rows) == ("checks.due", 2)

    def test_costs_the_same_for_three_as_for_thirty(self, council: Council, sign_in: SignIn) -> None:
        browser, home = sign_in(council.social_worker), a_family(council)
        counts = []
        for number in (3, 27):
            for each in range(number):
                a_referral(council, home, service=f"Service {each}")
            with counted_statements(council.app) as statements:
                browser.get("/checks")
            counts.append(len(statements))

        assert counts[0] == counts[1] <= 12, "\n".join(statements)

    @pytest.mark.parametrize("who", ["front_door", "auditor", "admin"])
    def test_who_may_not(self, council: Council, sign_in: SignIn, who: str) -> None:
        assert sign_in(getattr(council, who)).get("/checks").status == 403


class TestTheCheckPage:
    def test_holds_all_that_is_needed_before_ringing(self, council: Council, sign_in: SignIn) -> None:
        home = a_family(council)
        _, check = a_referral(council, home)

        page = sign_in(council.social_worker).get(f"/checks/{check.ref}")

        assert "Did you manage to get through? Would it help if we rang with you?" in page.main
        assert "01632 960 111" in page.main
        assert "call or text 01632 960 300" in page.main
        assert "In immediate danger call 999" in page.main
        assert page.title.startswith(check.ref)

    def test_a_day_is_proposed_for_the_next_one(self, council: Council, sign_in: SignIn) -> None:
        with time_machine.travel("2026-12-23T12:00:00+00:00", tick=False):
            _, check = a_referral(council, a_family(council))
            form = sign_in(council.social_worker).get(f"/checks/{check.ref}").form()

        # Christmas Day, Boxing Day’s substitute on the 28th and New Year’s Day are no working days
        assert [form.values[f"try_on-{part}"] for part in ("day", "month", "year")] == [["4"], ["1"], ["2027"]]

    def test_what_was_tried_is_listed_and_another_way_asked_for(self, council: Council, sign_in: SignIn) -> None:
        home = a_family(council)
        _, check = a_referral(council, home)
        browser = sign_in(council.social_worker)
        browser.submit(f"/checks/{check.ref}", {"outcome": "no_answer", "method": "call", "note": "Voicemail is full"})

        page = browser.get(f"/checks/{due_check(council, home).ref}")

        assert "No answer (call)" in page.main
        assert "Voicemail is full" in page.main
        assert "Tried so far: call. Try another way this time" in page.main

    def test_a_member_of_the_team_reads_it_and_is_asked_nothing(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        _, check = a_referral(council, team.home, by=council.lead)
        form = sign_in(council.lead).get(f"/checks/{check.ref}").form(f"/checks/{check.ref}")

        for reader in (council.partner, council.auditor):
            browser = sign_in(reader)
            page = browser.get(f"/checks/{check.ref}")
            assert page.status == 200
            assert not page.soup.select("main form")
            form.browser = browser
            form.values["csrf_token"] = [str(page.soup.select_one("input[name=csrf_token]")["value"])]  # type: ignore[index]
            assert form.send({"outcome": "no_answer", "method": "call"}).status == 403

    def test_a_stranger_finds_nothing(self, council: Council, sign_in: SignIn) -> None:
        _, check = a_referral(council, a_family(council))

        for stranger in (council.partner, council.social_worker_other_team, council.front_door, council.admin):
            assert sign_in(stranger).get(f"/checks/{check.ref}").status == 404

    def test_costs_the_same_after_thirty_tries_as_after_three(self, council: Council, sign_in: SignIn) -> None:
        home = a_family(council)
        a_referral(council, home)
        browser, counts = sign_in(council.social_worker), []
        for tries in (3, 27):
            for _ in range(tries):
                browser.submit(f"/checks/{due_check(council, home).ref}", {"outcome": "no_answer", "method": "call"})
            check = due_check(council, home)
            with counted_statements(council.app) as statements:
                browser.get(f"/checks/{check.ref}")
            counts.append(len(statements))

        assert counts[0] == counts[1] <= 12, "\n".join(statements)


class TestItStarted:
    def test_the_day_it_was_first_received_is_kept(self, council: Council, sign_in: SignIn) -> None:
        home = a_family(council)
        referral, check = a_referral(council, home)
        yesterday = clock.today() - timedelta(days=1)

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
        assert due_check(council, home).due_on == day
        assert "Waiting on a letter from the service" in page.follow().main

    def test_the_second_while_a_family_is_handed_over_goes_to_the_manager_and_says_so(
        self, council: Council, sign_in: SignIn
    ) -> None:
        home = a_family(council)
        a_step_down(council, home)
        a_referral(council, home)
        browser = sign_in(council.social_worker)
        for _ in range(2):
            page = browser.submit(f"/checks/{due_check(council, home).ref}", {"outcome": "no_answer", "method": "call"})

        assert "It went to the social care manager: no answer 2 times in a row" in page.follow().text
        assert due_check(council, home).escalated_to is Escalation.SOCIAL_CARE_MANAGER
        assert "Escalated to the social care manager" in sign_in(council.social_care_manager).get("/checks").main
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
