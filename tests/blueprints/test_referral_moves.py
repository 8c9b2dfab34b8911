"""Support that is sent, and what the service says of it, before it starts."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.domain.dates import Calendar, full
from portal.domain.engagement import EARLY_HELP, EngagementAnswer
from portal.domain.support import CheckStage, CheckState, ReferralState
from portal.models.families import Person
from portal.models.following import SupportReferral
from portal.models.handover import EngagementRecord, SharingDecision
from portal.models.record import Event
from tests.support.following import checks_of, due_check
from tests.support.people import Council, summary_of
from tests.support.referral_moves import (
    KNOWN,
    SEND,
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
from tests.support.web import SignIn, counted_statements, date_parts


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
        for page in (f"/checks/{first.ref}", f"/referrals/{referral.ref}", f"/families/{home.ref}/checks"):
            said = sign_in(council.social_worker).get(page).main
            assert "Answered by what was recorded since: sent to the service" in said, page

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
        # The error stands at a question that is seen after this answer, and can be obeyed.
        at = sent.soup.select_one(sent.soup.select(".govuk-error-summary__list a")[0]["href"])  # type: ignore[arg-type]
        assert at is not None
        assert at.find_parent(class_="govuk-radios__conditional") is None
        nobody = sent.soup.select_one("[name=share_agreed_by][value=nobody] + label")
        assert f"Choose “{nobody.get_text().strip()}” and enter why" in sent.errors[0]  # type: ignore[union-attr]
        despite = {"share_agreed_by": "nobody", "shared_despite": "The baby is not safe without it"}
        assert sent.form().send(despite).status == 303

    @pytest.mark.parametrize("of_the_directory", [True, False])
    def test_not_against_the_decision_not_to_share_with_whose_service_it_is(
        self, council: Council, sign_in: SignIn, of_the_directory: bool
    ) -> None:
        home, referral = suggested(council)
        with council.behind_the_scenes():
            found = db.session.get_one(SupportReferral, referral.id)
            if of_the_directory:
                found.receiving_organisation_id = council.school.id
            else:
                found.service_organisation = f" {council.school.name.upper()} "
            db.session.add(
                SharingDecision(
                    family_id=home.id,
                    organisation_id=council.school.id,
                    share=False,
                    why="The mother works there",
                    decided_by_name="Somebody",
                    decided_at=clock.now(),
                )
            )

        page = move(sign_in, council.social_worker, referral, "send", agreed(home))

        assert f"not to share with {council.school.name}: The mother works there" in page.errors[0]
        assert now(council, referral).state is ReferralState.INFORMATION_GIVEN

    def test_a_child_who_cannot_decide_is_not_offered_as_having_agreed(self, council: Council, sign_in: SignIn) -> None:
        home, referral = suggested(council)
        with council.behind_the_scenes():
            db.session.get_one(Person, home.children[0].id).date_of_birth = clock.today() - timedelta(days=4 * 365)

        page = sign_in(council.social_worker).get(f"/referrals/{referral.ref}/send")

        offered = {str(each["value"]) for each in page.soup.select("[name=share_agreed_by]")}
        assert str(home.parent.id) in offered
        assert str(home.children[0].id) not in offered

    def test_a_child_has_agreed_only_where_the_worker_judges_that_it_can_decide(
        self, council: Council, sign_in: SignIn
    ) -> None:
        home, referral = suggested(council)
        child = home.children[0]
        answers = {**SEND, "share_agreed_by": str(child.id)}

        refused = move(sign_in, council.social_worker, referral, "send", answers)
        before = now(council, referral).state
        sent = move(sign_in, council.social_worker, referral, "send", {**answers, "child_can_decide": "y"}).follow()

        assert refused.errors == [f"{child.name} is a child. Tick that they can decide this, or choose an adult"]
        assert before is ReferralState.INFORMATION_GIVEN
        assert f"{child.name}. A child who can decide this, in the judgement of whoever sent it" in sent.main

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

        closed, late = refused(council, sign_in, referral, to, answers[to])

        assert (closed.status, late.status) == (409, 409)
        assert f"/referrals/{referral.ref}" in closed.links()
        assert now(council, referral).state is state

    def test_it_was_not_known_before_it_was_suggested(self, council: Council, sign_in: SignIn) -> None:
        _, referral = suggested(council)

        page = move(sign_in, council.social_worker, referral, "accepted", KNOWN | date_parts("state_on", days_ago(8)))

        assert page.errors == [f"It was suggested on {full(days_ago(7))}, so this cannot have been before"]


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

        assert len(statements) <= 7
