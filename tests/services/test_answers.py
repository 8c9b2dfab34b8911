"""What came of a check: when the next is due, to whom silence goes, what becomes of the need."""

from datetime import date, timedelta

import pytest
import time_machine
from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.core.errors import FieldRefused, NotAllowed, Refused
from portal.domain.plans import NeedState
from portal.domain.standards import Standard, Unit
from portal.domain.support import (
    CheckOutcome,
    CheckStage,
    CheckState,
    Escalation,
    Method,
    NeedNow,
    NotStarted,
    ReferralState,
    Source,
)
from portal.models.families import CoordinatorAssignment
from portal.models.following import FollowUpCheck, SupportReferral
from portal.models.people import User
from portal.models.record import Event, PracticeStandard
from portal.models.teamwork import PlanNeed
from portal.services import answers
from tests.support.following import (
    a_referral,
    a_step_down,
    checks_of,
    coordinated,
    due_check,
    no_answer,
    no_answer_again_today,
    social_work_closes,
)
from tests.support.people import Council, a_family, an_active_family, history_of


class TestNobodyAnswers:
    def test_the_next_is_counted_from_the_day_it_was_tried(self, council: Council) -> None:
        with time_machine.travel("2026-04-01T12:00:00+00:00", tick=False):
            home = a_family(council)
            a_referral(council, home, given_on=date(2026, 3, 2))

            following = no_answer(council, home, council.social_worker)

        late, _ = checks_of(council, home)
        assert (late.due_on, late.done_on) == (date(2026, 3, 9), date(2026, 4, 1))
        # Good Friday and Easter Monday are between
        assert following.due_on == date(2026, 4, 10)

    def test_an_early_one_satisfies_it(self, council: Council) -> None:
        home = a_family(council)
        _, early = a_referral(council, home)

        following = no_answer(council, home, council.social_worker)

        assert [check.state for check in checks_of(council, home)] == [CheckState.DONE, CheckState.DUE]
        assert following.due_on == early.due_on

    def test_the_third_in_a_row_goes_to_the_early_help_manager(self, council: Council) -> None:
        home = coordinated(council, a_family(council))
        a_referral(council, home, by=council.coordinator)

        tries = [no_answer(council, home, council.coordinator) for _ in range(3)]

        assert [each.unanswered for each in tries] == [1, 2, 3]
        assert [each.escalated_to for each in tries] == [None, None, Escalation.EARLY_HELP_MANAGER]
        assert history_of(council, home.id)[-1] == "check.escalated"

    def test_the_third_goes_to_the_social_care_manager_where_a_social_worker_owns_it(self, council: Council) -> None:
        home = a_family(council)
        a_referral(council, home)

        tries = [no_answer(council, home, council.social_worker) for _ in range(3)]

        assert [each.escalated_to for each in tries] == [None, None, Escalation.SOCIAL_CARE_MANAGER]

    def test_the_second_while_a_step_down_is_open(self, council: Council) -> None:
        home = a_family(council)
        a_step_down(council, home)
        a_referral(council, home)

        tries = [no_answer(council, home, council.social_worker) for _ in range(2)]

        assert [each.escalated_to for each in tries] == [None, Escalation.SOCIAL_CARE_MANAGER]

    def test_the_second_goes_to_the_early_help_manager_where_social_work_has_closed(self, council: Council) -> None:
        home = a_family(council)
        a_step_down(council, home)
        social_work_closes(council, home)
        with council.behind_the_scenes():
            db.session.add(
                CoordinatorAssignment(family_id=home.id, user_id=council.coordinator.id, from_on=clock.today())
            )
        a_referral(council, home, by=council.coordinator)

        tries = [no_answer(council, home, council.coordinator) for _ in range(2)]

        assert [each.escalated_to for each in tries] == [None, Escalation.EARLY_HELP_MANAGER]

    def test_tries_of_one_day_are_one_whatever_the_way(self, council: Council) -> None:
        home = coordinated(council, a_family(council))
        a_referral(council, home, by=council.coordinator)
        no_answer(council, home, council.coordinator)

        same_day = [
            no_answer_again_today(council, home, council.coordinator, method) for method in (Method.TEXT, Method.CALL)
        ]
        next_days = [no_answer(council, home, council.coordinator) for _ in range(2)]

        assert [(each.unanswered, each.escalated_to) for each in same_day] == [(1, None), (1, None)]
        assert [each.unanswered for each in next_days] == [2, 3]
        assert next_days[-1].escalated_to is Escalation.EARLY_HELP_MANAGER

    def test_an_answer_between_begins_the_count_again(self, council: Council) -> None:
        home = coordinated(council, a_family(council))
        a_referral(council, home, by=council.coordinator)
        for _ in range(2):
            no_answer(council, home, council.coordinator)
        check_id = due_check(council, home).id
        with council.as_(council.coordinator) as viewer:
            check = db.session.get_one(FollowUpCheck, check_id)
            answers.not_yet(check, by=viewer, waiting_on="a call back", next_on=clock.today() + timedelta(days=7))

        following = no_answer(council, home, council.coordinator)

        assert (following.unanswered, following.escalated_to) == (1, None)

    def test_the_council_sets_its_own_limit(self, council: Council) -> None:
        home = coordinated(council, a_family(council))
        a_referral(council, home, by=council.coordinator)
        with council.behind_the_scenes():
            db.session.add(PracticeStandard(key=Standard.ESCALATE, amount=1, unit=Unit.COUNT))

        assert no_answer(council, home, council.coordinator).escalated_to is Escalation.EARLY_HELP_MANAGER

    def test_the_same_check_is_not_recorded_twice(self, council: Council) -> None:
        home = a_family(council)
        _, check = a_referral(council, home)
        no_answer(council, home, council.social_worker)

        with council.as_(council.social_worker) as viewer:
            again = db.session.get_one(FollowUpCheck, check.id)
            with pytest.raises(Refused, match="already recorded"):
                answers.no_answer(again, by=viewer, method=Method.CALL)

    def test_a_next_date_that_is_not_ahead_is_refused(self, council: Council) -> None:
        home = a_family(council)
        _, check = a_referral(council, home)

        with council.as_(council.social_worker) as viewer, pytest.raises(FieldRefused, match="after today"):
            answers.no_answer(
                db.session.get_one(FollowUpCheck, check.id), by=viewer, method=Method.CALL, next_on=clock.today()
            )


class TestItStarted:
    def test_the_referral_starts_and_is_asked_about_in_six_weeks(self, council: Council) -> None:
        with time_machine.travel("2026-11-20T12:00:00+00:00", tick=False):
            home = a_family(council)
            referral, check = a_referral(council, home, given_on=date(2026, 11, 13))
            with council.as_(council.social_worker) as viewer:
                following = answers.started(
                    db.session.get_one(FollowUpCheck, check.id),
                    by=viewer,
                    started_on=date(2026, 11, 16),
                    source=Source.TOLD,
                    told_by="The health visitor",
                    what="The Tuesday group",
                )

        # Six weeks later is 28 December, a bank holiday in place of Boxing Day
        assert (following.stage, following.due_on) == (CheckStage.STARTED, date(2026, 12, 29))
        with council.behind_the_scenes():
            now = db.session.get_one(SupportReferral, referral.id)
            done = db.session.get_one(FollowUpCheck, check.id)
            event = db.session.scalars(select(Event).where(Event.kind == "referral.started")).one()
        assert (now.state, now.started_on) == (ReferralState.STARTED, date(2026, 11, 16))
        assert (done.state, done.outcome) == (CheckState.DONE, CheckOutcome.HAPPENED)
        assert (event.happened_on, event.told_by) == (date(2026, 11, 16), "The health visitor")

    def test_a_start_long_ago_is_asked_about_today_and_not_late(self, council: Council) -> None:
        with time_machine.travel("2026-06-06T12:00:00+00:00", tick=False):  # a Saturday
            home = a_family(council)
            _, check = a_referral(council, home, given_on=date(2026, 1, 5))
            with council.as_(council.social_worker) as viewer:
                following = answers.started(
                    db.session.get_one(FollowUpCheck, check.id),
                    by=viewer,
                    started_on=date(2026, 1, 5),
                    source=Source.FAMILY,
                    what="A place at nursery",
                )

        assert following.due_on == date(2026, 6, 8)

    def test_not_tomorrow(self, council: Council) -> None:
        home = a_family(council)
        _, check = a_referral(council, home)

        with council.as_(council.social_worker) as viewer, pytest.raises(FieldRefused) as refusal:
            answers.started(
                db.session.get_one(FollowUpCheck, check.id),
                by=viewer,
                started_on=clock.today() + timedelta(days=1),
                source=Source.FAMILY,
                what="A place at nursery",
            )
        assert refusal.value.field == "started_on"

    def test_still_going_is_asked_again(self, council: Council) -> None:
        home = a_family(council)
        _, check = a_referral(council, home)
        with council.as_(council.social_worker) as viewer:
            following = answers.started(
                db.session.get_one(FollowUpCheck, check.id),
                by=viewer,
                started_on=clock.today(),
                source=Source.SEEN,
                what="A place at nursery",
            )
            again = answers.goes_on(following, by=viewer)

        assert again.stage is CheckStage.STARTED
        assert due_check(council, home).id == again.id


class TestItWillNotHappen:
    def test_nothing_more_is_checked_and_the_need_stays_open(self, council: Council) -> None:
        team = an_active_family(council)
        referral, check = a_referral(council, team.home, by=council.lead, plan_need_id=team.need.id)
        with council.as_(council.lead) as viewer:
            answers.will_not(
                db.session.get_one(FollowUpCheck, check.id),
                by=viewer,
                code=NotStarted.NO_CAPACITY,
                reason="Full until the summer",
                need_now=NeedNow.ANOTHER_SERVICE,
            )

        assert [each.state for each in checks_of(council, team.home)] == [CheckState.DONE]
        with council.behind_the_scenes():
            now = db.session.get_one(SupportReferral, referral.id)
            need = db.session.get_one(PlanNeed, team.need.id)
        assert now.state is ReferralState.NOT_STARTED
        assert now.ended_at is not None
        assert need.state is NeedState.OPEN

    def test_only_early_help_says_that_a_need_cannot_be_met(self, council: Council) -> None:
        team = an_active_family(council)
        _, check = a_referral(council, team.home, by=council.lead, plan_need_id=team.need.id)

        def say(by: User) -> None:
            with council.as_(by) as viewer:
                answers.will_not(
                    db.session.get_one(FollowUpCheck, check.id),
                    by=viewer,
                    code=NotStarted.NO_CAPACITY,
                    reason="Full until the summer",
                    need_now=NeedNow.NOT_MET,
                    not_met_reason="No counselling under eleven; the panel knows",
                )

        with pytest.raises(NotAllowed):
            say(council.lead)
        say(council.coordinator)

        with council.behind_the_scenes():
            need = db.session.get_one(PlanNeed, team.need.id)
        assert (need.state, need.not_met_reason) == (
            NeedState.NOT_MET,
            "No counselling under eleven; the panel knows",
        )

    @pytest.mark.parametrize(("reason", "not_met"), [("  ", "Nobody offers it"), ("Full", " \n ")])
    def test_spaces_are_no_reason(self, council: Council, reason: str, not_met: str) -> None:
        home = coordinated(council, a_family(council))
        _, check = a_referral(council, home, by=council.coordinator)

        with council.as_(council.coordinator) as viewer, pytest.raises(FieldRefused):
            answers.will_not(
                db.session.get_one(FollowUpCheck, check.id),
                by=viewer,
                code=NotStarted.NO_CAPACITY,
                reason=reason,
                need_now=NeedNow.NOT_MET,
                not_met_reason=not_met,
            )
