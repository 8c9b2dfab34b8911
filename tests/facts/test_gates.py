"""The gates of a step-down: all together, and those of agreeing, leading and meeting, and on whom each waits."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.domain.engagement import EngagementAnswer
from portal.domain.step_downs import GATES_OF, Destination, Gate
from portal.domain.support import Method
from portal.facts import gates
from portal.models.families import Family, ParentalResponsibility, Person, PersonKind
from portal.models.handover import EngagementRecord, LeadAssignment, StepDown, StepDownChild
from portal.models.people import User
from portal.models.teamwork import Contact, ContactPerson, Meeting, TeamMember
from portal.services import contacts, history, leads
from tests.support.gates import arrange, gates_of
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

    def test_who_has_died_agrees_to_nothing(self, council: Council) -> None:
        handing = a_proposed(council)
        assert gates_of(handing)[Gate.AGREEMENT].holds

        with council.behind_the_scenes():
            db.session.get_one(Person, handing.home.parent.id).died_on = clock.today()

        assert not gates_of(handing)[Gate.AGREEMENT].holds

    def test_who_answers_for_a_child_who_has_died_answers_for_no_other(self, council: Council) -> None:
        handing = a_proposed(council)
        with council.behind_the_scenes():
            lost = Person(family_id=handing.home.id, given_name="Sean", family_name="O’Neill", kind=PersonKind.CHILD)
            other = Person(family_id=handing.home.id, given_name="Kevin", family_name="O’Neill", kind=PersonKind.ADULT)
            db.session.add_all([lost, other])
            db.session.flush()
            ids = {"family_id": handing.home.id, "step_down_id": handing.step_down_id}
            db.session.add(StepDownChild(**ids, person_id=lost.id, is_open=True))
            db.session.add(ParentalResponsibility(family_id=handing.home.id, adult_id=other.id, child_id=lost.id))
        say(handing, handing.home.parent.id, EngagementAnswer.SAID_NO)
        say(handing, other.id, EngagementAnswer.AGREED)
        assert gates_of(handing)[Gate.AGREEMENT].holds

        with council.behind_the_scenes():
            db.session.get_one(Person, lost.id).died_on = clock.today()

        assert not gates_of(handing)[Gate.AGREEMENT].holds

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

    @pytest.mark.parametrize("what", ["died_on", "pregnancy_ended_on"])
    def test_nobody_waits_for_a_child_who_has_died(self, council: Council, what: str) -> None:
        handing = an_accepted(council, a_family(council, children=2))
        first, second = handing.home.children
        self.contact(handing, council.lead, contacts.Seen(first.id, True))
        assert not gates_of(handing)[Gate.FAMILY_MET].holds

        with council.behind_the_scenes():
            setattr(db.session.get_one(Person, second.id), what, clock.today())

        assert gates_of(handing)[Gate.FAMILY_MET].holds

    def test_a_lead_without_a_sign_in_meets_the_family(self, council: Council) -> None:
        handing = a_ready_to_confirm(council)
        lead_id = handing.nomination.id
        with council.behind_the_scenes():
            member = TeamMember(
                family_id=handing.home.id, outside_name="Nia Nurse", name="Nia Nurse", joined_on=clock.today()
            )
            db.session.add(member)
            db.session.flush()
            lead = db.session.get_one(LeadAssignment, lead_id)
            lead.user_id, lead.member_id, lead.name = None, member.id, member.name
            member_id = member.id
            history.changed(handing.home.id)
        assert not gates_of(handing)[Gate.FAMILY_MET].holds

        with council.behind_the_scenes():
            for contact in db.session.scalars(select(Contact)):
                contact.made_by_id, contact.member_id = None, member_id

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
