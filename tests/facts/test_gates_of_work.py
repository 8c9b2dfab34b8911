"""The gates of the work that goes on: what is outstanding, needs, and support somebody checks."""

import pytest
from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.domain.plans import ActionState, Headline
from portal.domain.step_downs import Gate, NeedOutcome, OutstandingState
from portal.domain.support import CheckStage, HowGiven
from portal.models.following import FollowUpCheck, SupportReferral
from portal.models.handover import OutstandingAction, StepDown, StepDownNeed
from portal.models.teamwork import PlanAction
from portal.services import history
from tests.support.gates import arrange, gates_of
from tests.support.handover import Handing, a_ready_to_confirm, an_accepted
from tests.support.people import Council


class TestOutstanding:
    def test_counts_what_is_still_to_settle(self, council: Council) -> None:
        handing = an_accepted(council)

        gate = gates_of(handing)[Gate.OUTSTANDING]

        assert (gate.holds, gate.waits_on, gate.detail) == (False, council.lead.name, "2 of 2 still to settle")

    def test_carried_but_not_agreed_waits_on_the_new_owner(self, council: Council) -> None:
        handing = a_ready_to_confirm(council)
        with council.behind_the_scenes():
            carried = db.session.scalars(
                select(OutstandingAction).where(OutstandingAction.state == OutstandingState.CARRIED)
            ).one()
            db.session.get_one(PlanAction, carried.plan_action_id).state = ActionState.PROPOSED
            history.changed(handing.home.id)

        gate = gates_of(handing)[Gate.OUTSTANDING]

        assert (gate.holds, gate.waits_on) == (False, council.partner.name)
        assert gate.since == clock.today()

    def test_both_are_said_where_both_are_missing(self, council: Council) -> None:
        handing = a_ready_to_confirm(council)
        with council.behind_the_scenes():
            db.session.scalars(select(PlanAction)).one().state = ActionState.PROPOSED
            history.changed(handing.home.id)
        arrange(
            handing, OutstandingAction(family_id=handing.home.id, step_down_id=handing.step_down_id, what="One more")
        )

        gate = gates_of(handing)[Gate.OUTSTANDING]

        assert gate.waits_on == f"{council.lead.name}, {council.partner.name}"
        assert gate.detail == "1 of 3 still to settle; 1 carried, but not agreed by the new owner yet"

    def test_nothing_outstanding_holds(self, council: Council) -> None:
        assert gates_of(an_accepted(council, outstanding=0))[Gate.OUTSTANDING].holds


class TestNeeds:
    def test_names_what_nobody_covers(self, council: Council) -> None:
        gate = gates_of(an_accepted(council))[Gate.NEEDS]

        assert (gate.holds, gate.detail) == (False, "Nothing agreed yet for: Getting to school 0")

    @pytest.mark.parametrize(
        ("state", "holds"),
        [
            (ActionState.PROPOSED, False),
            (ActionState.AGREED, True),
            (ActionState.IN_PROGRESS, True),
            (ActionState.DONE, True),
        ],
    )
    def test_an_agreed_action_covers_it(self, council: Council, state: ActionState, holds: bool) -> None:
        handing = an_accepted(council)
        need = self.need(handing)
        arrange(
            handing,
            PlanAction(
                family_id=handing.home.id,
                episode_id=handing.read(StepDown, handing.step_down_id).episode_id,
                plan_need_id=need.plan_need_id,
                state=state,
                what="Walk with them",
                owner_id=handing.member_id(council.lead),
                due_on=clock.today(),
                first_due_on=clock.today(),
                asked_by_name="Carol",
                proposed_at=clock.now(),
                done_on=clock.today() if state is ActionState.DONE else None,
            ),
        )

        assert gates_of(handing)[Gate.NEEDS].holds is holds

    def test_a_need_that_was_met_asks_for_nothing(self, council: Council) -> None:
        handing = an_accepted(council, left=0)

        assert gates_of(handing)[Gate.NEEDS].holds

    def test_one_more_need_closes_it_again(self, council: Council) -> None:
        handing = a_ready_to_confirm(council)
        arrange(
            handing,
            StepDownNeed(
                family_id=handing.home.id,
                step_down_id=handing.step_down_id,
                headline=Headline.HOUSING,
                what="A second bedroom",
                outcome=NeedOutcome.LEFT,
            ),
        )

        assert gates_of(handing)[Gate.NEEDS].detail == "Nothing agreed yet for: A second bedroom"

    def need(self, handing: Handing) -> StepDownNeed:
        with handing.council.behind_the_scenes():
            return db.session.scalars(select(StepDownNeed).where(StepDownNeed.outcome == NeedOutcome.LEFT)).one()


class TestChecks:
    def test_support_that_nobody_checks_closes_it(self, council: Council) -> None:
        handing = an_accepted(council)
        arrange(
            handing,
            SupportReferral(
                family_id=handing.home.id,
                need_text="Sleep",
                service_name="Sleep clinic",
                given_on=clock.today(),
                how_given=HowGiven.SAID,
                recorded_by_id=council.lead.id,
                recorded_by_name=council.lead.name,
                recorded_at=clock.now(),
            ),
        )

        gate = gates_of(handing)[Gate.CHECKS]

        assert (gate.holds, gate.detail) == (False, "Nobody checks: Sleep clinic")

    def test_a_due_check_opens_it(self, council: Council) -> None:
        handing = an_accepted(council)
        with council.behind_the_scenes():
            referral = SupportReferral(
                family_id=handing.home.id,
                need_text="Sleep",
                service_name="Sleep clinic",
                given_on=clock.today(),
                how_given=HowGiven.SAID,
                recorded_by_id=council.lead.id,
                recorded_by_name=council.lead.name,
                recorded_at=clock.now(),
            )
            db.session.add(referral)
            db.session.flush()
            db.session.add(
                FollowUpCheck(
                    family_id=handing.home.id,
                    referral_id=referral.id,
                    stage=CheckStage.SIGNPOSTED,
                    due_on=clock.today(),
                    owner_id=council.lead.id,
                )
            )
            history.changed(handing.home.id)

        assert gates_of(handing)[Gate.CHECKS].holds
