"""Follow-up checks: who owns them, when the next is due, and to whom nobody's silence goes."""

from datetime import date, timedelta

import pytest
import time_machine
from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.core.errors import FieldRefused, NotAllowed, Refused
from portal.domain.episodes import EpisodeState
from portal.domain.leads import LeadState
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
from portal.models.families import ConflictOfInterest, CoordinatorAssignment, Family
from portal.models.following import FollowUpCheck, SupportReferral
from portal.models.handover import LeadAssignment, StepDown
from portal.models.people import User
from portal.models.record import Event, PracticeStandard
from portal.models.teamwork import PlanNeed
from portal.services import answers, history
from tests.support.following import a_referral, a_step_down, checks_of, coordinated, due_check, reowned
from tests.support.people import Council, Home, a_family, an_active_family


def social_work_closes(council: Council, home: Home) -> None:
    with council.behind_the_scenes():
        db.session.get_one(Family, home.id).social_work_closed_on = clock.today()
        for step_down in db.session.scalars(select(StepDown).where(StepDown.family_id == home.id)):
            step_down.social_work_closed_on = clock.today()
        history.changed(home.id)


def kinds_of(council: Council, home: Home) -> list[str]:
    with council.behind_the_scenes():
        kinds = db.session.scalars(select(Event.kind).where(Event.family_id == home.id).order_by(Event.id))
        return [str(kind) for kind in kinds]


def no_answer(council: Council, home: Home, by: User, method: Method = Method.CALL) -> FollowUpCheck:
    check_id = due_check(council, home).id
    with council.as_(by) as viewer:
        return answers.no_answer(db.session.get_one(FollowUpCheck, check_id), by=viewer, method=method)


class TestWhoOwnsACheck:
    def test_the_social_worker_while_social_work_is_open(self, council: Council) -> None:
        _, check = a_referral(council, a_family(council), by=council.coordinator)

        assert check.owner_id == council.social_worker.id

    def test_the_social_worker_of_an_open_step_down(self, council: Council) -> None:
        home = a_family(council, by=council.coordinator)
        a_step_down(council, home)

        _, check = a_referral(council, home, by=council.coordinator)

        assert check.owner_id == council.social_worker.id

    def test_the_lead_waits_until_responsibility_has_moved(self, council: Council) -> None:
        home = a_family(council)
        an_active_family(council, home, state=EpisodeState.PREPARING)

        _, check = a_referral(council, home, by=council.coordinator)

        assert check.owner_id == council.social_worker.id

    def test_the_lead_in_an_active_episode(self, council: Council) -> None:
        team = an_active_family(council)

        _, check = a_referral(council, team.home, by=council.partner)

        assert check.owner_id == council.lead.id

    def test_the_coordinator_where_nobody_leads(self, council: Council) -> None:
        home = coordinated(council, a_family(council))

        _, check = a_referral(council, home, by=council.coordinator)

        assert check.owner_id == council.coordinator.id

    def test_the_manager_where_there_is_no_coordinator_and_no_social_work(self, council: Council) -> None:
        home = a_family(council, by=council.other_coordinator)

        _, check = a_referral(council, home, by=council.coordinator)

        assert check.owner_id == council.manager.id

    def test_never_a_manager_whose_own_family_it_is(self, council: Council) -> None:
        home = a_family(council, by=council.other_coordinator)
        with council.behind_the_scenes():
            db.session.add(ConflictOfInterest(family_id=home.id, user_id=council.manager.id, recorded_at=clock.now()))

        with pytest.raises(Refused, match="nobody to check"):
            a_referral(council, home, by=council.coordinator)

    def test_nobody_who_has_left(self, council: Council) -> None:
        home = coordinated(council, a_family(council))
        with council.behind_the_scenes():
            db.session.get_one(User, council.coordinator.id).active = False

        _, check = a_referral(council, home, by=council.other_coordinator)

        assert check.owner_id == council.manager.id


class TestResponsibilityMoves:
    def test_due_checks_go_with_it_and_keep_their_dates(self, council: Council) -> None:
        home = a_family(council)
        _, first = a_referral(council, home)
        _, second = a_referral(council, home, service="Food bank")
        coordinated(council, home)

        reowned(council, home)

        now = checks_of(council, home)
        assert {check.owner_id for check in now} == {council.coordinator.id}
        assert [check.due_on for check in now] == [first.due_on, second.due_on]
        assert [check.version for check in now] == [first.version, second.version]
        assert kinds_of(council, home)[-1] == "check.reowned"
        with council.behind_the_scenes():
            event = db.session.scalars(select(Event).order_by(Event.id.desc()).limit(1)).one()
        assert event.data == {"whom": council.coordinator.name, "checks": f"{first.ref} and {second.ref}"}

    def test_nothing_is_written_where_nothing_changes(self, council: Council) -> None:
        home = a_family(council)
        a_referral(council, home)
        before = kinds_of(council, home)

        reowned(council, home)

        assert kinds_of(council, home) == before

    def test_a_hand_named_owner_stays_and_owns_the_next(self, council: Council) -> None:
        home = a_family(council)
        _, check = a_referral(council, home)
        with council.behind_the_scenes():
            named = db.session.get_one(FollowUpCheck, check.id)
            named.owner_id, named.hand_named = council.other_coordinator.id, True
            history.changed(home.id)
        coordinated(council, home)

        reowned(council, home)
        following = no_answer(council, home, council.other_coordinator)

        assert following.owner_id == council.other_coordinator.id
        assert following.hand_named

    def test_a_check_that_was_done_keeps_its_owner(self, council: Council) -> None:
        home = a_family(council)
        a_referral(council, home)
        no_answer(council, home, council.social_worker)
        coordinated(council, home)

        reowned(council, home)

        assert [check.owner_id for check in checks_of(council, home)] == [
            council.social_worker.id,
            council.coordinator.id,
        ]

    def test_from_the_lead_back_to_the_coordinator(self, council: Council) -> None:
        team = an_active_family(council)
        a_referral(council, team.home, by=council.lead)
        with council.behind_the_scenes():
            db.session.scalars(select(LeadAssignment)).one().state = LeadState.NOMINATED
            history.changed(team.home.id)

        reowned(council, team.home)

        assert due_check(council, team.home).owner_id == council.coordinator.id

    def test_a_social_worker_who_no_longer_reaches_the_family_still_hands_it_on(self, council: Council) -> None:
        home = a_family(council)
        a_referral(council, home)
        with council.behind_the_scenes():
            db.session.add(
                CoordinatorAssignment(family_id=home.id, user_id=council.coordinator.id, from_on=clock.today())
            )
        social_work_closes(council, home)

        reowned(council, home, by=council.social_worker_other_team)

        assert due_check(council, home).owner_id == council.coordinator.id


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
        assert kinds_of(council, home)[-1] == "check.escalated"

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
            referral, check = a_referral(council, home)
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
            _, check = a_referral(council, home)
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
