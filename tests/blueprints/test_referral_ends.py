"""Support that really starts, is confirmed, stops, ends, or does not start and why."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.domain.dates import full, near
from portal.domain.episodes import Stage
from portal.domain.plans import NeedState
from portal.domain.support import CheckStage, CheckState, Helped, ReferralState
from portal.models.following import SupportReferral
from portal.models.teamwork import PlanNeed
from tests.support.following import checks_of, coordinated, due_check
from tests.support.people import Council, Home, a_family, an_active_family, summary_of
from tests.support.referral_moves import (
    END,
    KNOWN,
    NOT_STARTED,
    START,
    a_started,
    agreed,
    booked,
    days_ago,
    move,
    now,
    refused,
    started,
    suggested,
    waiting,
)
from tests.support.web import SignIn, date_parts

DECIDED = {"need_now": "another_route", "need_now_words": "Grandma takes them to the group at her church"}


class TestStarting:
    @pytest.mark.parametrize("from_", ["information", "accepted", "waiting", "booked"])
    def test_from_wherever_it_stood(self, council: Council, sign_in: SignIn, from_: str) -> None:
        home, referral = suggested(council)
        first_day = {**booked(days_ago(2)), **date_parts("state_on", days_ago(3))}
        answers = {"accepted": KNOWN, "waiting": waiting(), "booked": first_day}
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

    def test_before_it_was_sent_or_booked_is_asked_about_once(self, council: Council, sign_in: SignIn) -> None:
        home, referral = suggested(council)
        move(sign_in, council.social_worker, referral, "send", agreed(home))
        move(sign_in, council.social_worker, referral, "booked", booked(days_ago(-9)))

        asked = move(sign_in, council.social_worker, referral, "start", started(days_ago(2)))
        other_day = asked.form().send(date_parts("started_on", clock.today()))
        page = other_day.form().send({"date_is_right": "y"}).follow()

        was_sent, was_booked = asked.errors[0], other_day.errors[0]
        assert f"before it was sent to the service, on {full(clock.today())}. Change the date, or tick" in was_sent
        assert f"before the first day that was booked, {full(days_ago(-9))}. Change the date, or tick" in was_booked
        assert "Started (reported)" in page.main
        assert "First day booked" not in page.main

    def test_twice_is_refused(self, council: Council, sign_in: SignIn) -> None:
        _, referral = a_started(council, sign_in)

        closed, late = refused(council, sign_in, referral, "start", started(days_ago(1)))

        assert (closed.status, late.status) == (409, 409)
        assert "The Tuesday group" in late.html


class TestConfirming:
    def test_a_second_source_makes_it_confirmed_everywhere(self, council: Council, sign_in: SignIn) -> None:
        home, referral = a_started(council, sign_in)

        page = move(sign_in, council.social_worker, referral, "confirm", {"confirmed_source": "provider"}).follow()

        assert "Started (confirmed)" in page.main
        assert f"The service said so, as we learned on {near(clock.today(), clock.today())}" in page.main
        browser = sign_in(council.social_worker)
        assert "Started (confirmed)" in browser.get(f"/families/{home.ref}").main
        assert "Started (confirmed)" in browser.get(f"/families/{home.ref}/support").main

    def test_the_same_source_again_confirms_nothing(self, council: Council, sign_in: SignIn) -> None:
        _, referral = a_started(council, sign_in)

        page = move(sign_in, council.social_worker, referral, "confirm", {"confirmed_source": "family"})

        assert page.errors == ["Select another source than the one that is known already"]
        assert now(council, referral).confirmed_on is None

    def test_what_the_mother_told_a_worker_is_the_family_s_word(self, council: Council, sign_in: SignIn) -> None:
        home, referral = a_started(council, sign_in)
        told = {"confirmed_source": "as_told", "told_by": home.parent.name.upper()}

        page = move(sign_in, council.social_worker, referral, "confirm", told)

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

        for page in refused(council, sign_in, referral, "confirm", {"confirmed_source": "provider"}):
            assert page.status == 409
            assert "has started" in page.main


class TestItWillNotHappen:
    def test_with_the_reason_and_what_becomes_of_the_need(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        _, referral = suggested(council, team.home, plan_need_id=team.need.id)
        move(sign_in, council.lead, referral, "accepted", KNOWN)

        told = NOT_STARTED | {"state_source": "as_told", "told_by": "Meera at the desk"}
        page = move(sign_in, council.lead, referral, "not-started", told).follow()

        assert "Did not start" in page.main
        assert "as told by Meera at the desk" in page.main
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

        closed, late = refused(council, sign_in, referral, "not-started", NOT_STARTED)

        assert (closed.status, late.status) == (409, 409)
        assert "Full until the summer" in late.html


class TestAnotherServiceIsOwed:
    """Until another service is suggested, or it is said what happens instead."""

    SOUGHT = NOT_STARTED | {"need_now": "another_service"}

    def owed(self, council: Council, sign_in: SignIn) -> tuple[Home, SupportReferral]:
        """The only thing of a family that its coordinator follows."""
        home, referral = suggested(council, coordinated(council, a_family(council)))
        move(sign_in, council.coordinator, referral, "not-started", self.SOUGHT)
        return home, referral

    def is_open(self, council: Council, home: Home) -> bool:
        return summary_of(council, home.id).open

    def test_waits_for_whoever_follows_the_family_wherever_they_look(self, council: Council, sign_in: SignIn) -> None:
        home, referral = self.owed(council, sign_in)
        words = "Suggest another service instead of Stay and play: the need is still open"
        browser = sign_in(council.coordinator)

        family = browser.get(f"/families/{home.ref}")
        listed = browser.get("/families").main

        row = summary_of(council, home.id)
        assert (row.stage, row.next_who_id, row.next_due_on) == (
            Stage.FOLLOWING_UP,
            council.coordinator.id,
            now(council, referral).instead_by,
        )
        assert words in family.main
        assert f"/families/{home.ref}/support/new?instead_of={referral.ref}" in family.links()
        assert "Followed up" in family.main
        assert home.ref in listed
        assert words in listed
        longest = browser.get("/waiting-longest?stage=instead").main
        assert "Stay and play, which did not start" in longest
        assert "on you to suggest another service, or say what happens instead" in longest
        with time_machine.travel(clock.now() + timedelta(days=12), tick=False):
            assert f"/referrals/{referral.ref}" in sign_in(council.coordinator).get("/home").links()

    def test_waits_for_social_work_while_that_is_open_and_then_for_the_lead(
        self, council: Council, sign_in: SignIn
    ) -> None:
        home, referral = suggested(council)
        move(sign_in, council.social_worker, referral, "not-started", self.SOUGHT)
        team = an_active_family(council, a_family(council, name="Price"))
        _, theirs = suggested(council, team.home, plan_need_id=team.need.id)
        move(sign_in, council.lead, theirs, "not-started", self.SOUGHT)

        mine = sign_in(council.social_worker).get(f"/families/{home.ref}").main
        led = sign_in(council.lead).get(f"/families/{team.ref}").main

        assert summary_of(council, home.id).next_who_id == council.social_worker.id
        for page in (mine, led):
            assert "waiting on you to suggest another service, or say what happens instead, since today" in page

    def test_until_another_one_is_suggested(self, council: Council, sign_in: SignIn) -> None:
        home, referral = self.owed(council, sign_in)
        browser = sign_in(council.coordinator)
        link = next(each for each in browser.get(f"/referrals/{referral.ref}").links() if "instead_of" in each)

        browser.get(link).form(f"/families/{home.ref}/support/new").send(
            {"where": "typed", "service_name": "The library group", "how_given": "said"}
        )

        assert summary_of(council, home.id).next_kind == "check"
        page = browser.get(f"/referrals/{referral.ref}")
        assert "still open" not in page.main
        assert browser.submit(f"/referrals/{referral.ref}/need", DECIDED).status == 409

    def test_until_it_is_said_what_happens_instead(self, council: Council, sign_in: SignIn) -> None:
        home, referral = self.owed(council, sign_in)
        browser = sign_in(council.coordinator)
        assert f"/referrals/{referral.ref}/need" in browser.get(f"/referrals/{referral.ref}").links()

        nothing = browser.submit(f"/referrals/{referral.ref}/need", {"need_now": "another_route"})
        again = browser.submit(f"/referrals/{referral.ref}/need", {"need_now": "another_service"})
        page = browser.submit(f"/referrals/{referral.ref}/need", DECIDED).follow()

        assert (nothing.status, again.status) == (422, 422)
        assert "It will be met another way" in page.main
        assert DECIDED["need_now_words"] in page.main
        assert "said what happens to the need" in page.main
        assert "still open" not in page.main
        assert not self.is_open(council, home)

    def test_or_its_need_of_the_plan_could_not_be_met(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        _, referral = suggested(council, team.home, plan_need_id=team.need.id)
        move(sign_in, council.lead, referral, "not-started", self.SOUGHT)
        assert "suggest another service" in sign_in(council.lead).get(f"/families/{team.ref}").main
        answers = DECIDED | {"need_now": "not_met"}

        refused = move(sign_in, council.lead, referral, "need", answers)
        move(sign_in, council.coordinator, referral, "need", answers)

        assert refused.status == 422
        with council.behind_the_scenes():
            assert db.session.get_one(PlanNeed, team.need.id).state is NeedState.NOT_MET
        assert "suggest another service" not in sign_in(council.lead).get(f"/families/{team.ref}").main

    def test_another_way_is_named_at_once(self, council: Council, sign_in: SignIn) -> None:
        home, referral = suggested(council, coordinated(council, a_family(council)))
        answers = NOT_STARTED | {"need_now": "another_route"}

        refused = move(sign_in, council.coordinator, referral, "not-started", answers)
        page = move(
            sign_in, council.coordinator, referral, "not-started", answers | {"route": "Grandma takes them"}
        ).follow()

        assert refused.errors == ["Enter how it is met instead, and who sees to it"]
        assert "Grandma takes them" in page.main
        assert not self.is_open(council, home)


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

        for page in refused(council, sign_in, referral, "end", END | date_parts("last_on", clock.today())):
            assert page.status == 409
            assert "Support that never started cannot end" in page.main
