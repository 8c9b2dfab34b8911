"""Meetings somebody has to see to: gone by and not written up, or late."""

from datetime import date, timedelta

import pytest

from portal.core import clock
from portal.core.db import db
from portal.domain.meetings import MeetingState
from portal.facts.practice import calendar
from portal.models.handover import StepDown
from portal.models.teamwork import Meeting
from portal.services import history
from tests.support.handovers import Handover, a_handover, a_meeting
from tests.support.people import Council, a_family, an_active_family
from tests.support.web import SignIn, counted_statements

LIST = "/meetings"


def decided(council: Council, handover: Handover, on: date) -> None:
    with council.behind_the_scenes():
        db.session.get_one(StepDown, handover.step_down.id).decision_on = on
        history.changed(handover.family.id)


def was_held(council: Council, meeting: Meeting, on: date) -> None:
    with council.behind_the_scenes():
        found = db.session.get_one(Meeting, meeting.id)
        found.state, found.held_on = MeetingState.HELD, on
        history.changed(found.family_id)


class TestWhatNeedsAWriteUp:
    def test_it_stands_on_the_list_of_the_lead_the_coordinator_and_the_manager(
        self, council: Council, sign_in: SignIn
    ) -> None:
        team = an_active_family(council)
        gone = a_meeting(council, team, review=True, on=clock.today() - timedelta(days=2))
        to_come = a_meeting(council, team, review=True, on=clock.today() + timedelta(days=2))

        for person in (council.lead, council.coordinator, council.manager):
            links = sign_in(person).get(LIST).links()
            assert f"/meetings/{gone.ref}/write-up" in links
            assert f"/meetings/{to_come.ref}/write-up" not in links

        for person in (council.partner, council.other_coordinator):
            assert gone.ref not in sign_in(person).get(LIST).main

    def test_one_that_was_cancelled_does_not(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        gone = a_meeting(council, team, review=True, on=clock.today() - timedelta(days=2))
        lead = sign_in(council.lead)

        lead.submit(f"/meetings/{gone.ref}/cancel", {"asked_by": "family", "ended_why": "Nobody could come"})

        assert "Every meeting that has gone by is written up." in lead.get(LIST).main


class TestLateMeetings:
    @pytest.mark.parametrize(("days", "late"), [(42, False), (43, True)])
    def test_a_first_meeting_is_late_a_day_after_its_limit(
        self, council: Council, sign_in: SignIn, days: int, late: bool
    ) -> None:
        handover = a_handover(council)
        day = clock.today() - timedelta(days=days)
        with council.behind_the_scenes():
            shift = calendar().due(day + timedelta(days=42)) - (day + timedelta(days=42))
        decided(council, handover, day - shift)

        page = sign_in(council.manager).get(LIST)

        assert ("First team meeting" in page.main) is late
        assert ("Nothing arranged" in page.main) is late

    def test_completion_can_make_the_limit_sooner(self, council: Council, sign_in: SignIn) -> None:
        handover = a_handover(council)
        decided(council, handover, clock.today() - timedelta(days=30))
        manager = sign_in(council.manager)
        assert "No team is late" in manager.get(LIST).main

        with council.behind_the_scenes():
            db.session.get_one(StepDown, handover.step_down.id).completed_at = clock.now() - timedelta(days=29)

        assert "First team meeting" in manager.get(LIST).main

    def test_a_review_is_late_ten_working_days_after_its_limit(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        meeting = a_meeting(council, team, review=True)
        manager = sign_in(council.manager)

        was_held(council, meeting, clock.today() - timedelta(weeks=8, days=-3))
        assert "No team is late" in manager.get(LIST).main

        was_held(council, meeting, clock.today() - timedelta(weeks=9))
        page = manager.get(LIST)
        assert "Review" in page.main
        assert team.family.name in page.main

    def test_when_it_is_arranged_for_is_said_and_one_that_is_held_ends_it(
        self, council: Council, sign_in: SignIn
    ) -> None:
        handover = a_handover(council)
        decided(council, handover, clock.today() - timedelta(days=60))
        meeting = a_meeting(council, handover.team, first_team=True, on=clock.today() + timedelta(days=1))
        manager = sign_in(council.manager)
        assert "Arranged for" in manager.get(LIST).main

        was_held(council, meeting, clock.today())

        assert "No team is late" in manager.get(LIST).main

    def test_the_list_costs_the_same_for_many_as_for_one(self, council: Council, sign_in: SignIn) -> None:
        manager = sign_in(council.manager)
        costs = []
        for names in (("One",), ("Two", "Three", "Four")):
            for name in names:
                team = an_active_family(council, a_family(council, name=name))
                was_held(council, a_meeting(council, team, review=True), clock.today() - timedelta(weeks=12))
            with counted_statements(council.app) as statements:
                assert manager.get(LIST).status == 200
            costs.append(len(statements))

        assert costs[0] == costs[1] <= 4, "\n".join(statements)
