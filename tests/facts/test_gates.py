"""The gates of a step-down: each one closed and open, for each destination, and on whom it waits."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.domain.engagement import EngagementAnswer
from portal.domain.plans import ActionState, Headline
from portal.domain.step_downs import GATES_OF, Destination, Gate, NeedOutcome, OutstandingState
from portal.domain.support import CheckStage, HowGiven, Method
from portal.facts import gates
from portal.facts.gates import GateState
from portal.models.families import Family
from portal.models.following import FollowUpCheck, SupportReferral
from portal.models.handover import EngagementRecord, LeadAssignment, OutstandingAction, StepDown, StepDownNeed
from portal.models.people import User
from portal.models.teamwork import Contact, ContactPerson, Meeting, PlanAction
from portal.services import contacts, history, leads
from tests.support.handover import (
    Handing,
    a_proposed,
    a_ready_to_confirm,
    an_accepted,
    the_lead_accepts,
    the_lead_visits,
)
from tests.support.people import Council, a_family
from tests.support.web import counted_statements

TEAM_GATES = GATES_OF[Destination.TEAM]


def gates_of(handing: Handing) -> dict[Gate, GateState]:
    with handing.council.behind_the_scenes():
        return {each.gate: each for each in gates.of(db.session.get_one(StepDown, handing.step_down_id))}


def arrange(handing: Handing, *rows: Any) -> None:
    with handing.council.behind_the_scenes():
        db.session.add_all(rows)
        history.changed(handing.home.id)


def say(handing: Handing, person_id: int, answer: EngagementAnswer, *, child_can_decide: bool = False) -> None:
    arrange(
        handing,
        EngagementRecord(
            family_id=handing.home.id,
            person_id=person_id,
            step_down_id=handing.step_down_id,
            purpose="{Early_help}",
            answer=answer,
            exclusions="Not the school" if answer is EngagementAnswer.PARTLY_AGREED else None,
            asked_by_name="Sam Social",
            asked_on=clock.today(),
            child_can_decide=child_can_decide,
            recorded_at=clock.now(),
        ),
    )


class TestAllTogether:
    @pytest.mark.parametrize("destination", Destination)
    def test_everything_done_opens_every_gate(self, council: Council, destination: Destination) -> None:
        handing = a_ready_to_confirm(council, destination=destination)

        found = gates_of(handing)

        assert tuple(found) == GATES_OF[destination]
        assert [each.words for each in found.values() if not each.holds] == []

    @pytest.mark.parametrize(
        ("destination", "closed"),
        [
            (
                Destination.TEAM,
                {Gate.LEAD, Gate.MEETING, Gate.OUTSTANDING, Gate.FAMILY_MET, Gate.NEEDS, Gate.FIRST_TEAM},
            ),
            (Destination.SAME_WORKER, {Gate.OUTSTANDING, Gate.NEEDS}),
            (Destination.SINGLE_AGENCY, {Gate.LEAD, Gate.OUTSTANDING, Gate.FAMILY_MET}),
            (Destination.UNIVERSAL, {Gate.OUTSTANDING}),
        ],
    )
    def test_just_accepted_much_is_missing(self, council: Council, destination: Destination, closed: set[Gate]) -> None:
        handing = an_accepted(council, destination=destination, answered=False)

        assert {gate for gate, each in gates_of(handing).items() if not each.holds} == closed

    def test_many_cost_as_many_statements_as_one(self, council: Council) -> None:
        several = [an_accepted(council, a_family(council, name=f"Family{n}")) for n in range(3)]

        def cost(handings: list[Handing]) -> int:
            with council.behind_the_scenes():
                rows = list(
                    db.session.scalars(select(StepDown).where(StepDown.id.in_([h.step_down_id for h in handings])))
                )
                with counted_statements(council.app) as statements:
                    found = gates.of_each(rows)
            assert len(found) == len(handings)
            return len(statements)

        assert cost(several) == cost(several[:1])

    def test_one_family_s_world_says_nothing_of_another_s(self, council: Council) -> None:
        done = a_ready_to_confirm(council)
        begun = an_accepted(council, a_family(council, name="Second"), answered=False)
        with council.behind_the_scenes():
            rows = [db.session.get_one(StepDown, each.step_down_id) for each in (done, begun)]
            found = gates.of_each(rows)

        assert all(each.holds for each in found[done.step_down_id])
        assert sum(not each.holds for each in found[begun.step_down_id]) == 6


class TestAgreement:
    @pytest.mark.parametrize(
        ("answer", "holds"),
        [
            (EngagementAnswer.AGREED, True),
            (EngagementAnswer.PARTLY_AGREED, True),
            (EngagementAnswer.OVERRIDDEN, True),
            (EngagementAnswer.SAID_NO, False),
            (EngagementAnswer.ASKED_TO_STOP, False),
        ],
    )
    def test_the_latest_answer_counts(self, council: Council, answer: EngagementAnswer, holds: bool) -> None:
        handing = a_proposed(council)

        say(handing, handing.home.parent.id, answer)

        assert gates_of(handing)[Gate.AGREEMENT].holds is holds

    def test_it_waits_on_the_social_worker_since_the_decision(self, council: Council) -> None:
        handing = a_proposed(council)
        say(handing, handing.home.parent.id, EngagementAnswer.SAID_NO)

        gate = gates_of(handing)[Gate.AGREEMENT]

        assert (gate.waits_on, gate.since) == (council.social_worker.name, clock.today() - timedelta(days=1))

    def test_a_child_who_can_decide_may_agree(self, council: Council) -> None:
        handing = a_proposed(council, answer=EngagementAnswer.SAID_NO)
        child = handing.home.children[0]

        say(handing, child.id, EngagementAnswer.AGREED)
        assert not gates_of(handing)[Gate.AGREEMENT].holds

        say(handing, child.id, EngagementAnswer.AGREED, child_can_decide=True)
        assert gates_of(handing)[Gate.AGREEMENT].holds

    def test_another_s_no_does_not_close_it(self, council: Council) -> None:
        handing = a_proposed(council)

        say(handing, handing.home.children[0].id, EngagementAnswer.SAID_NO)

        assert gates_of(handing)[Gate.AGREEMENT].holds


class TestLead:
    def test_waits_on_who_was_asked_and_then_holds(self, council: Council) -> None:
        handing = an_accepted(council, answered=False)
        asked = gates_of(handing)[Gate.LEAD]

        the_lead_accepts(handing, council.lead)

        assert (asked.holds, asked.waits_on, asked.since) == (False, council.lead.name, clock.today())
        assert gates_of(handing)[Gate.LEAD].holds

    def test_waits_on_the_coordinator_after_a_no(self, council: Council) -> None:
        handing = an_accepted(council, answered=False)
        with council.as_(council.lead) as viewer:
            leads.decline(db.session.scalars(select(LeadAssignment)).one(), "No room", by=viewer)

        assert gates_of(handing)[Gate.LEAD].waits_on == council.coordinator.name


class TestMeetings:
    def test_an_arranged_meeting_is_not_a_held_one(self, council: Council) -> None:
        handing = an_accepted(council)
        step_down: StepDown = handing.read(StepDown, handing.step_down_id)
        arrange(
            handing,
            Meeting(
                family_id=handing.home.id,
                episode_id=step_down.episode_id,
                step_down_id=step_down.id,
                is_step_down=True,
                starts_at=clock.now(),
            ),
        )

        gate = gates_of(handing)[Gate.MEETING]

        assert (gate.holds, gate.waits_on) == (False, council.lead.name)
        assert gate.detail is not None
        assert gate.detail.startswith("Arranged for")

    def test_a_first_team_meeting_of_years_ago_dates_nothing(self, council: Council) -> None:
        handing = an_accepted(council)
        arrange(
            handing,
            Meeting(family_id=handing.home.id, is_first_team=True, starts_at=clock.now() - timedelta(days=900)),
        )

        assert not gates_of(handing)[Gate.FIRST_TEAM].holds

    def test_the_step_down_meeting_may_be_the_first_team_meeting(self, council: Council) -> None:
        handing = an_accepted(council)
        arrange(
            handing,
            Meeting(
                family_id=handing.home.id,
                step_down_id=handing.step_down_id,
                is_step_down=True,
                is_first_team=True,
                starts_at=clock.now(),
            ),
        )

        assert gates_of(handing)[Gate.FIRST_TEAM].holds


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


class TestFamilyMet:
    def contact(self, handing: Handing, by: User, *people: contacts.Seen, **how: Any) -> None:
        with handing.council.as_(by) as viewer:
            contacts.record(
                db.session.get_one(Family, handing.home.id),
                on=how.get("on", clock.today()),
                method=how.get("method", Method.VISIT),
                answered=True,
                seen=list(people),
                note=None,
                by=viewer,
            )

    def test_each_child_is_seen_or_it_is_known_when(self, council: Council) -> None:
        handing = an_accepted(council, a_family(council, children=2))
        parent, (first, second) = handing.home.parent, handing.home.children
        self.contact(handing, council.lead, contacts.Seen(parent.id, True), contacts.Seen(first.id, True))
        half = gates_of(handing)[Gate.FAMILY_MET]

        later = clock.today() + timedelta(days=5)
        self.contact(
            handing,
            council.lead,
            contacts.Seen(second.id, False, why_not="At her father’s", will_see_on=later),
        )

        assert (half.holds, half.detail) == (False, "1 of 2 children seen")
        assert gates_of(handing)[Gate.FAMILY_MET].holds

    def test_somebody_else_s_visit_does_not_count(self, council: Council) -> None:
        handing = an_accepted(council)

        the_lead_visits(handing, by=council.social_worker)

        assert not gates_of(handing)[Gate.FAMILY_MET].holds

    def test_a_visit_before_the_decision_does_not_count(self, council: Council) -> None:
        handing = an_accepted(council)
        the_lead_visits(handing)
        with council.behind_the_scenes():
            db.session.scalars(select(Contact)).one().on = clock.today() - timedelta(days=700)

        assert not gates_of(handing)[Gate.FAMILY_MET].holds

    @pytest.mark.parametrize(("destination", "holds"), [(Destination.TEAM, False), (Destination.SINGLE_AGENCY, True)])
    def test_a_call_is_enough_for_one_agency_only(
        self, council: Council, destination: Destination, holds: bool
    ) -> None:
        handing = an_accepted(council, destination=destination)

        the_lead_visits(handing, method=Method.CALL)

        assert gates_of(handing)[Gate.FAMILY_MET].holds is holds

    def test_nobody_seen_is_no_meeting(self, council: Council) -> None:
        handing = an_accepted(council)
        the_lead_visits(handing)
        with council.behind_the_scenes():
            for row in db.session.scalars(select(ContactPerson)):
                row.seen, row.not_seen_reason, row.will_see_on = False, "Out", clock.today()

        assert not gates_of(handing)[Gate.FAMILY_MET].holds


class TestNeeds:
    def test_names_what_nobody_covers(self, council: Council) -> None:
        gate = gates_of(an_accepted(council))[Gate.NEEDS]

        assert (gate.holds, gate.detail) == (False, "Nothing agreed yet for: Getting to school 0")

    @pytest.mark.parametrize(("state", "holds"), [(ActionState.PROPOSED, False), (ActionState.AGREED, True)])
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
