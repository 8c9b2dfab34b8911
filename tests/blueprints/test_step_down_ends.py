"""A step-down that ends without early help: the family said no or was not reached, or it stays with social care."""

from typing import Any

import pytest
from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.domain.dates import Calendar, near
from portal.domain.engagement import EngagementAnswer
from portal.domain.episodes import EpisodeState
from portal.domain.leads import LeadState
from portal.domain.step_downs import StepDownState
from portal.domain.support import CheckState, Escalation
from portal.models.families import ConflictOfInterest, Family
from portal.models.following import FollowUpCheck
from portal.models.handover import EngagementRecord, Episode, StepDownChild
from portal.models.record import OutboxMessage
from portal.models.step_down_ends import StaysWithSocialCare
from portal.models.teamwork import PlanNeed
from portal.services import history
from tests.blueprints.test_completing import CONFIRM
from tests.support.following import a_referral, tried_a_day_earlier
from tests.support.handover import Handing, a_draft, a_proposed, a_ready_to_confirm, an_accepted
from tests.support.people import Council, a_family, summary_of
from tests.support.web import Page, SignIn, date_parts


def told(council: Council, kind: str) -> set[str]:
    with council.behind_the_scenes():
        return set(db.session.scalars(select(OutboxMessage.rule).where(OutboxMessage.kind == kind)))


def a_no(handing: Handing, **other: Any) -> dict[str, Any]:
    return {
        "kind": "said_no",
        "person": str(handing.home.parent.id),
        **date_parts("said_on", clock.today()),
        "words": "We have had enough visitors",
        "watcher_is": "colleague",
        "watcher": str(handing.council.partner.id),
        "way_back": "Ring the school nurse",
        **other,
    }


def say_no(sign_in: SignIn, handing: Handing, **other: Any) -> Page:
    url = f"/step-downs/{handing.ref}/family-said-no"
    return sign_in(handing.council.coordinator).submit(url, a_no(handing, **other))


class TestTheFamilySaysNo:
    def test_who_reviews_watches_and_asks_again_is_recorded_and_told(self, council: Council, sign_in: SignIn) -> None:
        handing = a_proposed(council)

        page = say_no(sign_in, handing).follow()

        assert handing.state is StepDownState.FAMILY_SAID_NO
        for words in (
            "Family said no, or was not reached",
            "We have had enough visitors",
            "Who reviews this a social care manager",
            f"Who keeps an eye out {council.partner.name}",
            "The way back Ring the school nurse",
        ):
            assert words in page.main
        assert told(council, "step_down.family_said_no") == {"reviewer", "watcher", "coordinators", "social_worker"}
        with council.behind_the_scenes():
            check = db.session.scalars(select(FollowUpCheck)).one()
            said = db.session.scalars(select(EngagementRecord).order_by(EngagementRecord.id.desc())).first()
            children = db.session.scalars(select(StepDownChild.is_open)).all()
        assert (check.step_down_id, check.owner_id) == (handing.step_down_id, council.social_worker.id)
        assert check.due_on == Calendar().due(Calendar().weeks_after(clock.today(), 4))
        assert said is not None
        assert said.answer is EngagementAnswer.SAID_NO
        assert not any(children)
        assert summary_of(council, handing.home.id).next_kind == "check_after_no"

    def test_early_help_that_was_prepared_ends_and_the_checks_stay_owned(
        self, council: Council, sign_in: SignIn
    ) -> None:
        home = a_family(council)
        _, check = a_referral(council, home)
        handing = an_accepted(council, home, answered=False)

        say_no(sign_in, handing)

        with council.behind_the_scenes():
            assert db.session.scalars(select(Episode.state)).all() == [EpisodeState.ENDED_BEFORE_START]
            assert db.session.get_one(FollowUpCheck, check.id).owner_id == council.social_worker.id
        assert "Ended before it started" not in sign_in(council.coordinator).get("/families").main

    def test_the_plan_that_was_prepared_can_be_read_and_no_longer_changed(
        self, council: Council, sign_in: SignIn
    ) -> None:
        handing = an_accepted(council)
        coordinator = sign_in(council.coordinator)
        plan = f"/families/{handing.family_ref}/plan"
        adds = f"{plan}/needs/new"
        opened = coordinator.get(adds)
        assert adds in coordinator.get(plan).links()
        with council.behind_the_scenes():
            words = db.session.scalars(select(PlanNeed.what)).all()

        say_no(sign_in, handing)

        page = coordinator.get(plan)
        assert "ended before it started" in page.main
        assert words
        assert all(each in page.main for each in words)
        assert not [link for link in page.links() if link.startswith((f"{plan}/", "/needs/"))]
        added = opened.form(adds).send({"headline": "housing", "what": "A home that is dry"})
        assert added.status in (409, 422)
        assert "A home that is dry" not in coordinator.get(plan).main

    @pytest.mark.parametrize(("answered", "then"), [(True, LeadState.ENDED), (False, LeadState.WITHDRAWN)])
    def test_who_leads_or_was_asked_to_stops_with_the_early_help_that_was_prepared(
        self, council: Council, sign_in: SignIn, answered: bool, then: LeadState
    ) -> None:
        handing = an_accepted(council, answered=answered)

        say_no(sign_in, handing)

        assert handing.nomination.state is then
        assert summary_of(council, handing.home.id).lead_name is None
        history_page = sign_in(council.coordinator).get(f"/families/{handing.family_ref}/history").main
        said = "Early help ended before it began" if answered else "no longer asks Lena Lead to be"
        assert said in history_page

    def test_not_reached_is_another_thing_and_nobody_is_said_to_have_said_no(
        self, council: Council, sign_in: SignIn
    ) -> None:
        handing = a_proposed(council)

        page = say_no(sign_in, handing, kind="not_reached", person=None, words="Called on three days, wrote once")

        assert "We have not been able to reach the family" in page.follow().main
        with council.behind_the_scenes():
            assert EngagementAnswer.SAID_NO not in db.session.scalars(select(EngagementRecord.answer)).all()

    def test_early_help_s_manager_reviews_once_social_work_has_closed(self, council: Council, sign_in: SignIn) -> None:
        handing = a_proposed(council)
        with council.behind_the_scenes():
            db.session.get_one(Family, handing.home.id).social_work_closed_on = clock.today()
            history.changed(handing.home.id)

        assert "Who reviews this an early help manager" in say_no(sign_in, handing).follow().main

    def test_nobody_who_watches_no_word_and_no_way_back_are_refused(self, council: Council, sign_in: SignIn) -> None:
        handing = a_proposed(council)

        page = say_no(sign_in, handing, words="", watcher_is="outside", watcher_name="Nan Okafor", way_back="")

        assert page.errors == [
            "Enter what they said, or what you tried",
            "Enter how and when they were told",
            "Enter how the family can come back",
        ]
        assert handing.state is StepDownState.PROPOSED
        assert told(council, "step_down.family_said_no") == set()

    def test_somebody_who_must_not_see_the_family_is_not_told_of_it(self, council: Council, sign_in: SignIn) -> None:
        handing = a_proposed(council)
        with council.behind_the_scenes():
            now = clock.now()
            db.session.add(ConflictOfInterest(family_id=handing.home.id, user_id=council.partner.id, recorded_at=now))

        page = say_no(sign_in, handing)

        assert page.status == 422
        assert "cannot be asked for this family" in page.errors[0]

    def test_what_has_ended_meanwhile_is_not_ended_again(self, council: Council, sign_in: SignIn) -> None:
        handing = a_proposed(council)
        url = f"/step-downs/{handing.ref}/family-said-no"
        opened = sign_in(council.social_worker).get(url)
        say_no(sign_in, handing)

        page = opened.form(url).send(a_no(handing))

        assert page.status == 409
        assert "We have had enough visitors" in page.main

    def test_asked_again_they_would_like_help_and_a_new_one_can_be_started(
        self, council: Council, sign_in: SignIn
    ) -> None:
        handing = a_proposed(council)
        say_no(sign_in, handing)
        with council.behind_the_scenes():
            check = db.session.scalars(select(FollowUpCheck)).one()
        worker = sign_in(council.social_worker)
        assert "How are things now?" in worker.get(f"/checks/{check.ref}").main
        assert "After the family said no" in worker.get("/checks").main

        page = worker.submit(f"/checks/{check.ref}", {"outcome": "happened"}).follow()

        assert f"/families/{handing.family_ref}/step-downs/new" in page.links()
        assert not summary_of(council, handing.home.id).open

    def test_no_answer_sets_the_next_one(self, council: Council, sign_in: SignIn) -> None:
        handing = a_proposed(council)
        say_no(sign_in, handing)
        with council.behind_the_scenes():
            check = db.session.scalars(select(FollowUpCheck)).one()

        sign_in(council.social_worker).submit(f"/checks/{check.ref}", {"outcome": "no_answer", "method": "call"})

        with council.behind_the_scenes():
            following = db.session.scalars(select(FollowUpCheck).order_by(FollowUpCheck.id.desc())).first()
        assert following is not None
        assert (following.step_down_id, following.unanswered) == (handing.step_down_id, 1)
        assert "No answer" in sign_in(council.social_worker).get(f"/checks/{following.ref}").main

    def test_no_answer_again_and_again_goes_to_a_manager(self, council: Council, sign_in: SignIn) -> None:
        handing = a_proposed(council)
        say_no(sign_in, handing)
        worker = sign_in(council.social_worker)
        for method in ("call", "text", "call"):
            with council.behind_the_scenes():
                due = db.session.scalars(select(FollowUpCheck).where(FollowUpCheck.state == CheckState.DUE)).one()
            assert due.escalated_to is None
            tried_a_day_earlier(council, due.family_id)
            worker.submit(f"/checks/{due.ref}", {"outcome": "no_answer", "method": method})

        with council.behind_the_scenes():
            due = db.session.scalars(select(FollowUpCheck).where(FollowUpCheck.state == CheckState.DUE)).one()
        assert due.escalated_to is Escalation.SOCIAL_CARE_MANAGER
        assert "No answer 3 times in a row" in sign_in(council.social_care_manager).get("/checks?view=escalated").main


STAYS = {"why": "The father is back", "what_now": "same_worker", "risen": "no"}


def ask_to_stay(sign_in: SignIn, handing: Handing, **other: Any) -> Page:
    url = f"/step-downs/{handing.ref}/stays-with-social-care"
    return sign_in(handing.council.social_worker).submit(url, {**STAYS, **other})


def answer(sign_in: SignIn, handing: Handing, agreed: str) -> Page:
    url = f"/step-downs/{handing.ref}/stays"
    return sign_in(handing.council.social_care_manager).submit(url, {"agreed": agreed, "words": "I know the family"})


class TestStayingWithSocialCare:
    def test_nobody_is_asked_any_more_once_it_is_complete(self, council: Council, sign_in: SignIn) -> None:
        handing = a_ready_to_confirm(council)
        ask_to_stay(sign_in, handing)

        sign_in(council.social_worker).submit(f"/step-downs/{handing.ref}/complete", CONFIRM)

        assert handing.state is StepDownState.COMPLETED
        assert "stays with social care" not in sign_in(council.social_care_manager).get("/step-downs").main

    def test_goes_on_until_the_manager_has_agreed_with_their_own_sign_in(
        self, council: Council, sign_in: SignIn
    ) -> None:
        handing = an_accepted(council, answered=False)

        ask_to_stay(sign_in, handing)

        assert "Accepted" in sign_in(council.coordinator).get(f"/step-downs/{handing.ref}").main
        manager = sign_in(council.social_care_manager)
        assert "to agree: stays with social care" in manager.get("/step-downs").main
        answer(sign_in, handing, "yes")
        assert handing.state is StepDownState.STAYS
        with council.behind_the_scenes():
            assert db.session.scalars(select(Episode.state)).all() == [EpisodeState.ENDED_BEFORE_START]
            assert not any(db.session.scalars(select(StepDownChild.is_open)))
            assert db.session.get_one(Family, handing.home.id).social_worker_id == council.social_worker.id
        page = manager.get(f"/step-downs/{handing.ref}").main
        assert "The father is back" in page
        assert f"Answered by {council.social_care_manager.name}" in page

    def test_another_worker_goes_on_and_takes_the_checks(self, council: Council, sign_in: SignIn) -> None:
        home = a_family(council)
        _, check = a_referral(council, home)
        handing = a_proposed(council, home)
        other = str(council.social_care_manager.id)

        ask_to_stay(sign_in, handing, what_now="other_worker", worker=other)
        answer(sign_in, handing, "yes")

        with council.behind_the_scenes():
            assert db.session.get_one(FollowUpCheck, check.id).owner_id == council.social_care_manager.id

    def test_until_the_manager_has_answered_nobody_is_told_to_accept(self, council: Council, sign_in: SignIn) -> None:
        handing = a_proposed(council)
        ask_to_stay(sign_in, handing)
        page = f"/step-downs/{handing.ref}"

        ours, theirs = (sign_in(person).get(page) for person in (council.coordinator, council.social_care_manager))

        stays = f"agree, or not, that this family stays with social care, since {near(clock.today(), clock.today())}"
        assert ours.text_of(".app-next-step").startswith(f"Waiting on a social care manager to {stays}")
        assert theirs.text_of(".app-next-step").startswith(f"You act next: {stays}")
        assert summary_of(council, handing.home.id).next_kind == "confirm_stay"
        longest = sign_in(council.manager).get("/waiting-longest").main
        assert "to accept it, or say why not" not in longest
        answer(sign_in, handing, "no")
        assert summary_of(council, handing.home.id).next_kind == "answer_step_down"

    def test_nobody_is_asked_to_agree_any_more_once_it_was_not_accepted(
        self, council: Council, sign_in: SignIn
    ) -> None:
        handing = a_proposed(council)
        ask_to_stay(sign_in, handing)

        sign_in(council.coordinator).submit(
            f"/step-downs/{handing.ref}/decline", {"decline_code": "other", "decline_reason": "They moved away"}
        )

        assert handing.state is StepDownState.DECLINED
        assert summary_of(council, handing.home.id).next_kind == "settle_decline"
        with council.behind_the_scenes():
            assert db.session.scalars(select(StaysWithSocialCare.agreed)).all() == [False]

    def test_a_draft_can_stay_and_a_rise_in_concern_says_the_trigger_and_the_contact(
        self, council: Council, sign_in: SignIn
    ) -> None:
        handing = a_draft(council)

        half = ask_to_stay(sign_in, handing, risen="yes", trigger="The police were called")
        ask_to_stay(
            sign_in, handing, risen="yes", trigger="The police were called", contact_made="Rang the front door today"
        )
        answer(sign_in, handing, "yes")

        assert half.errors == ["Enter whom you contacted, and when"]
        assert "The police were called" in half.main
        assert handing.state is StepDownState.STAYS
        assert "Rang the front door today" in sign_in(council.social_worker).get(f"/step-downs/{handing.ref}").main

    def test_not_agreed_goes_on_where_it_stood(self, council: Council, sign_in: SignIn) -> None:
        handing = a_proposed(council)
        ask_to_stay(sign_in, handing)

        answer(sign_in, handing, "no")

        assert handing.state is StepDownState.PROPOSED
        assert (
            "Not agreed: the step-down goes on" in sign_in(council.social_worker).get(f"/step-downs/{handing.ref}").main
        )

    def test_closing_with_no_early_help_is_a_family_s_no(self, council: Council, sign_in: SignIn) -> None:
        handing = a_proposed(council)

        page = ask_to_stay(sign_in, handing, what_now="closing")

        assert page.errors == ["Record instead that the family said no: that ends the step-down"]
        assert f"/step-downs/{handing.ref}/family-said-no" in page.links()

    def test_the_worker_s_own_yes_and_an_answer_nobody_asked_for_are_refused(
        self, council: Council, sign_in: SignIn
    ) -> None:
        handing = a_proposed(council)
        url = f"/step-downs/{handing.ref}/stays"
        ask_to_stay(sign_in, handing)
        opened = sign_in(council.social_care_manager).get(url)
        assert sign_in(council.social_worker).get(url).status == 403
        answer(sign_in, handing, "no")

        page = opened.form(url).send({"agreed": "yes", "words": "Yes"})

        assert page.status == 409
        assert handing.state is StepDownState.PROPOSED
