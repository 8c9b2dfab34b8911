"""Support from the day it was suggested until it really starts, ends, or it is known why not."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.domain.dates import Calendar, full
from portal.domain.engagement import EARLY_HELP, EngagementAnswer
from portal.domain.plans import NeedState
from portal.domain.support import CheckStage, CheckState, Helped, ReferralState
from portal.models.following import FollowUpCheck, SupportReferral
from portal.models.handover import EngagementRecord
from portal.models.people import User
from portal.models.record import Event
from portal.models.teamwork import PlanNeed
from tests.support.following import a_referral, checks_of, due_check
from tests.support.people import Council, Home, a_family, an_active_family, summary_of
from tests.support.web import Page, SignIn, counted_statements, date_parts

LAST_WEEK = 7
SEND = {"sent_reason": "Somewhere to go with the baby", "safe_contact": "Ring 01632 960 300 after ten"}
KNOWN = {"state_source": "provider"}
START = {"started_source": "family", "started_what": "The Tuesday group"}
NOT_STARTED = {
    "not_started_code": "no_capacity",
    "not_started_reason": "Full until the summer",
    "need_now": "family_managing",
}
END = {"ended_how": "completed", "helped": "better", "state_source": "family"}


def days_ago(number: int) -> date:
    return clock.today() - timedelta(days=number)


def suggested(council: Council, home: Home | None = None, **how: int) -> tuple[Home, SupportReferral]:
    """A week ago, by the social worker."""
    home = home or a_family(council)
    referral, _ = a_referral(council, home, given_on=days_ago(LAST_WEEK), **how)  # type: ignore[arg-type]
    return home, referral


def move(sign_in: SignIn, by: User, referral: SupportReferral, to: str, answers: dict[str, str]) -> Page:
    return sign_in(by).submit(f"/referrals/{referral.ref}/{to}", answers)


def agreed(home: Home) -> dict[str, str]:
    return {**SEND, "share_agreed_by": str(home.parent.id)}


def now(council: Council, referral: SupportReferral) -> SupportReferral:
    with council.behind_the_scenes():
        return db.session.get_one(SupportReferral, referral.id)


def waiting() -> dict[str, str]:
    return {
        **KNOWN,
        **date_parts("expected_on", clock.today() + timedelta(days=60)),
        "interim": "The health visitor calls each week",
    }


def booked(day: date) -> dict[str, str]:
    return {**KNOWN, **date_parts("booked_for", day)}


def started(day: date, **more: str) -> dict[str, str]:
    return {**START, **date_parts("started_on", day), **more}


def a_started(council: Council, sign_in: SignIn) -> tuple[Home, SupportReferral]:
    home, referral = suggested(council)
    assert move(sign_in, council.social_worker, referral, "start", started(days_ago(3))).status == 303
    return home, referral


class TestSending:
    def test_somebody_agreed_and_the_service_is_asked_about_from_then_on(
        self, council: Council, sign_in: SignIn
    ) -> None:
        home, referral = suggested(council)

        page = move(sign_in, council.social_worker, referral, "send", agreed(home)).follow()

        assert "Sent to the service" in page.main
        assert "Somewhere to go with the baby" in page.main
        assert home.parent.name in page.main
        check = due_check(council, home)
        assert check.stage is CheckStage.SENT
        assert check.due_on == Calendar().working_days_after(clock.today(), 5)

    def test_the_check_of_before_is_answered_by_it(self, council: Council, sign_in: SignIn) -> None:
        home, referral = suggested(council)

        move(sign_in, council.social_worker, referral, "send", agreed(home))

        first, _ = checks_of(council, home)
        assert first.state is CheckState.DONE
        assert first.outcome == "gone_on"

    def test_how_to_reach_them_safely_is_offered(self, council: Council, sign_in: SignIn) -> None:
        _, referral = suggested(council)

        page = sign_in(council.social_worker).get(f"/referrals/{referral.ref}/send")

        assert "01632 960 300" in page.soup.select_one("[name=safe_contact]").text  # type: ignore[union-attr]

    def test_nobody_agreed_and_no_reason(self, council: Council, sign_in: SignIn) -> None:
        home, referral = suggested(council)

        page = move(sign_in, council.social_worker, referral, "send", {**SEND, "share_agreed_by": "nobody"})

        assert page.errors == ["Enter why it is shared all the same"]
        assert now(council, referral).state is ReferralState.INFORMATION_GIVEN
        assert len(checks_of(council, home)) == 1

    def test_what_was_said_meanwhile_counts_at_the_moment_of_sending(self, council: Council, sign_in: SignIn) -> None:
        home, referral = suggested(council)
        browser = sign_in(council.social_worker)
        page = browser.get(f"/referrals/{referral.ref}/send")
        with council.behind_the_scenes():
            db.session.add(
                EngagementRecord(
                    family_id=home.id,
                    person_id=home.parent.id,
                    purpose=EARLY_HELP,
                    answer=EngagementAnswer.ASKED_TO_STOP,
                    asked_by_name="Somebody",
                    asked_on=clock.today(),
                    recorded_at=clock.now(),
                )
            )

        sent = page.form().send(agreed(home))

        assert sent.status == 422
        assert "asked us to stop" in sent.errors[0]
        assert now(council, referral).state is ReferralState.INFORMATION_GIVEN

    def test_shared_all_the_same_is_named_in_the_history(self, council: Council, sign_in: SignIn) -> None:
        home, referral = suggested(council)

        move(
            sign_in,
            council.social_worker,
            referral,
            "send",
            {**SEND, "share_agreed_by": "nobody", "shared_despite": "The baby is not safe without it"},
        )

        with council.behind_the_scenes():
            line = db.session.scalars(
                select(Event).where(Event.family_id == home.id, Event.kind == "referral.shared_despite")
            ).one()
        assert (line.actor_id, line.text) == (council.social_worker.id, "The baby is not safe without it")


class TestWhatTheServiceSays:
    @pytest.mark.parametrize(
        ("to", "state", "stage", "after"),
        [
            ("received", ReferralState.RECEIVED, CheckStage.SENT, 5),
            ("accepted", ReferralState.ACCEPTED, CheckStage.ACCEPTED, 10),
        ],
    )
    def test_steps_may_be_skipped(
        self, council: Council, sign_in: SignIn, to: str, state: ReferralState, stage: CheckStage, after: int
    ) -> None:
        home, referral = suggested(council)

        move(sign_in, council.social_worker, referral, to, KNOWN)

        check = due_check(council, home)
        assert now(council, referral).state is state
        assert (check.stage, check.due_on) == (stage, Calendar().working_days_after(clock.today(), after))

    def test_accepted_is_no_success(self, council: Council, sign_in: SignIn) -> None:
        home, referral = suggested(council)

        move(sign_in, council.social_worker, referral, "accepted", KNOWN)

        counted = summary_of(council, home.id)
        assert (counted.supports_started, counted.supports_waiting) == (0, 1)

    def test_a_waiting_list_needs_a_date_and_what_helps_until_then(self, council: Council, sign_in: SignIn) -> None:
        home, referral = suggested(council)

        refused = move(sign_in, council.social_worker, referral, "waiting", KNOWN)
        page = move(sign_in, council.social_worker, referral, "waiting", waiting()).follow()

        assert refused.errors == ["Enter when a place is expected", "Enter what helps the family until then"]
        assert "On a waiting list" in page.main
        assert "The health visitor calls each week" in page.main
        assert due_check(council, home).stage is CheckStage.WAITING

    def test_on_the_day_a_place_is_expected_somebody_asks(self, council: Council, sign_in: SignIn) -> None:
        home, referral = suggested(council)
        soon = Calendar().working_days_after(clock.today(), 3)

        move(sign_in, council.social_worker, referral, "waiting", waiting() | date_parts("expected_on", soon))

        assert due_check(council, home).due_on == soon

    def test_longer_than_was_expected(self, council: Council, sign_in: SignIn) -> None:
        _, referral = suggested(council)
        move(sign_in, council.social_worker, referral, "waiting", waiting())
        later = clock.today() + timedelta(days=100)

        page = move(sign_in, council.social_worker, referral, "waiting", date_parts("expected_on", later) | KNOWN)

        assert "longer" in page.follow().text
        assert now(council, referral).expected_on == later

    def test_a_first_day_and_what_is_asked_two_working_days_after(self, council: Council, sign_in: SignIn) -> None:
        home, referral = suggested(council)
        day = Calendar().working_days_after(clock.today(), 4)

        move(sign_in, council.social_worker, referral, "booked", booked(day))

        check = due_check(council, home)
        assert (check.stage, check.due_on) == (CheckStage.BOOKED, Calendar().working_days_after(day, 2))

    def test_the_first_day_is_moved(self, council: Council, sign_in: SignIn) -> None:
        home, referral = suggested(council)
        day = Calendar().working_days_after(clock.today(), 4)
        move(sign_in, council.social_worker, referral, "booked", booked(day))

        move(sign_in, council.social_worker, referral, "booked", booked(day + timedelta(days=7)))

        assert now(council, referral).booked_for == day + timedelta(days=7)
        assert due_check(council, home).due_on == Calendar().working_days_after(day + timedelta(days=7), 2)

    def test_as_told_keeps_by_whom(self, council: Council, sign_in: SignIn) -> None:
        home, referral = suggested(council)

        nameless = move(sign_in, council.social_worker, referral, "accepted", {"state_source": "as_told"})
        move(
            sign_in,
            council.social_worker,
            referral,
            "accepted",
            {"state_source": "as_told", "told_by": "Ann, the nurse"},
        )

        assert nameless.errors == ["Enter who told you"]
        assert "Ann, the nurse" in sign_in(council.social_worker).get(f"/families/{home.ref}/history").main

    @pytest.mark.parametrize(
        ("from_", "to"),
        [("accepted", "received"), ("waiting", "accepted"), ("booked", "waiting"), ("booked", "send")],
    )
    def test_nothing_is_taken_back(self, council: Council, sign_in: SignIn, from_: str, to: str) -> None:
        home, referral = suggested(council)
        answers = {
            "accepted": KNOWN,
            "received": KNOWN,
            "waiting": waiting(),
            "booked": booked(clock.today()),
            "send": agreed(home),
        }
        move(sign_in, council.social_worker, referral, from_, answers[from_])
        state = now(council, referral).state

        page = move(sign_in, council.social_worker, referral, to, answers[to])

        assert page.status == 409
        assert now(council, referral).state is state

    def test_it_was_not_known_before_it_was_suggested(self, council: Council, sign_in: SignIn) -> None:
        _, referral = suggested(council)

        page = move(sign_in, council.social_worker, referral, "accepted", KNOWN | date_parts("state_on", days_ago(8)))

        assert page.errors == [f"It was suggested on {full(days_ago(7))}, so this cannot have been before"]


class TestStarting:
    @pytest.mark.parametrize("from_", ["information", "accepted", "waiting", "booked"])
    def test_from_wherever_it_stood(self, council: Council, sign_in: SignIn, from_: str) -> None:
        home, referral = suggested(council)
        answers = {"accepted": KNOWN, "waiting": waiting(), "booked": booked(clock.today())}
        if from_ in answers:
            move(sign_in, council.social_worker, referral, from_, answers[from_])

        page = move(sign_in, council.social_worker, referral, "start", started(days_ago(2))).follow()

        assert "Started (reported)" in page.main
        assert "The Tuesday group" in page.main
        check = due_check(council, home)
        assert (check.stage, check.due_on) == (CheckStage.STARTED, days_ago(2) + timedelta(weeks=6))

    def test_tomorrow_has_not_been(self, council: Council, sign_in: SignIn) -> None:
        _, referral = suggested(council)

        page = move(sign_in, council.social_worker, referral, "start", started(days_ago(-1)))

        assert page.errors == ["The date support was first received must be today or in the past"]

    def test_the_day_is_asked_for_and_never_assumed(self, council: Council, sign_in: SignIn) -> None:
        _, referral = suggested(council)

        page = move(sign_in, council.social_worker, referral, "start", START)

        assert page.errors == ["Enter the date support was first received"]

    def test_before_it_was_suggested_is_asked_about_and_then_kept(self, council: Council, sign_in: SignIn) -> None:
        _, referral = suggested(council)
        answers = started(days_ago(30))

        asked = move(sign_in, council.social_worker, referral, "start", answers)
        page = move(sign_in, council.social_worker, referral, "start", {**answers, "already_receiving": "y"}).follow()

        assert "before it was suggested" in asked.errors[0]
        assert "They were already receiving it" in page.main
        assert now(council, referral).already_receiving is True

    def test_twice_is_refused(self, council: Council, sign_in: SignIn) -> None:
        _, referral = a_started(council, sign_in)

        assert move(sign_in, council.social_worker, referral, "start", started(days_ago(1))).status == 409


class TestConfirming:
    def test_a_second_source_makes_it_confirmed_everywhere(self, council: Council, sign_in: SignIn) -> None:
        home, referral = a_started(council, sign_in)

        page = move(sign_in, council.social_worker, referral, "confirm", {"confirmed_source": "provider"}).follow()

        assert "Started (confirmed)" in page.main
        browser = sign_in(council.social_worker)
        assert "Started (confirmed)" in browser.get(f"/families/{home.ref}").main
        assert "Started (confirmed)" in browser.get(f"/families/{home.ref}/support").main

    def test_the_same_source_again_confirms_nothing(self, council: Council, sign_in: SignIn) -> None:
        _, referral = a_started(council, sign_in)

        page = move(sign_in, council.social_worker, referral, "confirm", {"confirmed_source": "family"})

        assert page.errors == ["Select another source than the one that is known already"]
        assert now(council, referral).confirmed_on is None

    def test_another_worker_counts_as_another(self, council: Council, sign_in: SignIn) -> None:
        _, referral = suggested(council)
        first = started(days_ago(2), started_source="as_told", told_by="Ann")
        move(sign_in, council.social_worker, referral, "start", first)

        same = move(
            sign_in, council.social_worker, referral, "confirm", {"confirmed_source": "as_told", "told_by": " ann "}
        )
        other = move(
            sign_in, council.social_worker, referral, "confirm", {"confirmed_source": "as_told", "told_by": "Bea"}
        )

        assert (same.status, other.status) == (422, 303)

    def test_not_before_it_started(self, council: Council, sign_in: SignIn) -> None:
        _, referral = suggested(council)

        page = move(sign_in, council.social_worker, referral, "confirm", {"confirmed_source": "provider"})

        assert page.status == 409
        assert "has started" in page.main


class TestItWillNotHappen:
    def test_with_the_reason_and_what_becomes_of_the_need(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        _, referral = suggested(council, team.home, plan_need_id=team.need.id)
        move(sign_in, council.lead, referral, "accepted", KNOWN)

        page = move(sign_in, council.lead, referral, "not-started", NOT_STARTED).follow()

        assert "Did not start" in page.main
        assert "Nothing more is asked" in page.main
        with council.behind_the_scenes():
            assert db.session.get_one(PlanNeed, team.need.id).state is NeedState.OPEN
        assert all(check.state is not CheckState.DUE for check in checks_of(council, team.home))

    def test_another_service_is_suggested_with_what_is_known_filled_in(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        _, referral = suggested(council, team.home, plan_need_id=team.need.id)

        new = move(
            sign_in, council.lead, referral, "not-started", NOT_STARTED | {"need_now": "another_service"}
        ).follow()
        new.form(f"/families/{team.ref}/support/new").send(
            {"where": "typed", "service_name": "The library group", "how_given": "said"}
        )

        assert "Instead of Stay and play" in new.main
        with council.behind_the_scenes():
            second = db.session.scalars(
                select(SupportReferral).where(SupportReferral.instead_of_id == referral.id)
            ).one()
        assert (second.service_name, second.plan_need_id) == ("The library group", team.need.id)
        assert second.ref in sign_in(council.lead).get(f"/referrals/{referral.ref}").main

    def test_only_early_help_says_that_a_need_cannot_be_met(self, council: Council, sign_in: SignIn) -> None:
        _, referral = suggested(council)

        page = move(sign_in, council.social_worker, referral, "not-started", NOT_STARTED | {"need_now": "not_met"})

        assert page.status == 422
        assert now(council, referral).state is ReferralState.INFORMATION_GIVEN

    def test_what_has_started_ends_instead(self, council: Council, sign_in: SignIn) -> None:
        _, referral = a_started(council, sign_in)

        assert move(sign_in, council.social_worker, referral, "not-started", NOT_STARTED).status == 409


class TestStoppingAndEnding:
    def test_a_stop_that_is_reported_ends_nothing_and_is_asked_about_today(
        self, council: Council, sign_in: SignIn
    ) -> None:
        home, referral = a_started(council, sign_in)
        answers = {**KNOWN, **date_parts("stopped_on", days_ago(1))}

        page = move(sign_in, council.social_worker, referral, "stopped", answers).follow()

        assert "Seems to have stopped" in page.main
        assert now(council, referral).state is ReferralState.STARTED
        assert due_check(council, home).due_on == clock.today()

    def test_what_it_did_is_kept_and_the_need_stays_open(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        _, referral = suggested(council, team.home, plan_need_id=team.need.id)
        move(sign_in, council.lead, referral, "start", started(days_ago(5)))

        page = move(sign_in, council.lead, referral, "end", END | date_parts("last_on", clock.today())).follow()

        ended = now(council, referral)
        assert (ended.state, ended.helped) == (ReferralState.ENDED, Helped.BETTER)
        assert "Nothing more is asked" in page.main
        with council.behind_the_scenes():
            assert db.session.get_one(PlanNeed, team.need.id).state is NeedState.OPEN
        assert summary_of(council, team.home.id).supports_started == 1

    def test_early_needs_a_reason(self, council: Council, sign_in: SignIn) -> None:
        _, referral = a_started(council, sign_in)

        page = move(
            sign_in,
            council.social_worker,
            referral,
            "end",
            END | {"ended_how": "early"} | date_parts("last_on", clock.today()),
        )

        assert page.errors == ["Enter why it ended early"]

    def test_not_before_the_first_day(self, council: Council, sign_in: SignIn) -> None:
        _, referral = a_started(council, sign_in)

        page = move(sign_in, council.social_worker, referral, "end", END | date_parts("last_on", days_ago(5)))

        assert page.errors == [f"It started on {full(days_ago(3))}, so it cannot have ended before"]

    @pytest.mark.parametrize("from_", ["information", "send", "accepted"])
    def test_what_never_started_cannot_end(self, council: Council, sign_in: SignIn, from_: str) -> None:
        home, referral = suggested(council)
        if from_ != "information":
            move(sign_in, council.social_worker, referral, from_, agreed(home) if from_ == "send" else KNOWN)

        page = move(sign_in, council.social_worker, referral, "end", END | date_parts("last_on", clock.today()))

        assert page.status == 409
        assert "Support that never started cannot end" in page.main


class TestPuttingACheckOff:
    WAIVE = {"reason": "They are away for the summer"}  # noqa: RUF012

    def waived(self, council: Council, sign_in: SignIn) -> tuple[Home, FollowUpCheck]:
        home, _ = suggested(council)
        check = due_check(council, home)
        answers = self.WAIVE | date_parts("waived_until", days_ago(-30))
        assert sign_in(council.social_worker).submit(f"/checks/{check.ref}/put-off", answers).status == 303
        return home, check

    def test_until_a_day_with_name_and_reason(self, council: Council, sign_in: SignIn) -> None:
        home, check = self.waived(council, sign_in)

        page = sign_in(council.social_worker).get(f"/checks/{check.ref}")

        assert "They are away for the summer" in page.main
        assert council.social_worker.name in page.main
        assert [each.state for each in checks_of(council, home)] == [CheckState.WAIVED]
        assert "Ask again now" in page.main

    def test_asked_again_before_that_day(self, council: Council, sign_in: SignIn) -> None:
        home, check = self.waived(council, sign_in)

        page = sign_in(council.social_worker).submit(f"/checks/{check.ref}/ask-again", {})

        assert page.status == 303
        assert due_check(council, home).due_on == clock.today()
        assert sign_in(council.social_worker).submit(f"/checks/{check.ref}/ask-again", {}).status == 409

    def test_nothing_is_recorded_on_it_meanwhile(self, council: Council, sign_in: SignIn) -> None:
        home, _ = suggested(council)
        check = due_check(council, home)
        opened = sign_in(council.social_worker).get(f"/checks/{check.ref}").form(f"/checks/{check.ref}")
        sign_in(council.social_worker).submit(
            f"/checks/{check.ref}/put-off", self.WAIVE | date_parts("waived_until", days_ago(-30))
        )

        assert opened.send({"outcome": "no_answer", "method": "call"}).status == 409

    def test_today_is_too_soon(self, council: Council, sign_in: SignIn) -> None:
        home, _ = suggested(council)
        check = due_check(council, home)

        page = sign_in(council.social_worker).submit(
            f"/checks/{check.ref}/put-off", self.WAIVE | date_parts("waived_until", clock.today())
        )

        assert page.errors == ["The day to ask again must be after today"]

    def test_what_moves_on_needs_it_no_more(self, council: Council, sign_in: SignIn) -> None:
        home, check = self.waived(council, sign_in)

        move(sign_in, council.social_worker, a_referral_of(council, home), "accepted", KNOWN)

        states = {each.id: each.state for each in checks_of(council, home)}
        assert states[check.id] is CheckState.VOID
        assert due_check(council, home).stage is CheckStage.ACCEPTED


def a_referral_of(council: Council, home: Home) -> SupportReferral:
    with council.behind_the_scenes():
        return db.session.scalars(select(SupportReferral).where(SupportReferral.family_id == home.id)).one()


class TestThePage:
    def test_offers_what_can_be_recorded_now_and_no_more(self, council: Council, sign_in: SignIn) -> None:
        _, referral = suggested(council)
        browser = sign_in(council.social_worker)

        before = browser.get(f"/referrals/{referral.ref}").main
        move(sign_in, council.social_worker, referral, "start", started(clock.today()))
        after = browser.get(f"/referrals/{referral.ref}").main

        assert "Send it to the service" in before
        assert "It has ended" not in before
        assert "It has ended" in after
        assert "Send it to the service" not in after

    def test_is_read_in_few_statements_whatever_was_checked(self, council: Council, sign_in: SignIn) -> None:
        home, referral = suggested(council)
        browser = sign_in(council.social_worker)
        move(sign_in, council.social_worker, referral, "accepted", KNOWN)
        for method in ("call", "text", "visit"):
            browser.submit(f"/checks/{due_check(council, home).ref}", {"outcome": "no_answer", "method": method})

        with counted_statements(council.app) as statements:
            browser.get(f"/referrals/{referral.ref}")

        assert len(statements) <= 15
