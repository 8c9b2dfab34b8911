"""What a team still needs: computed from what was done, on its pages and as a list."""

from datetime import date, timedelta

import pytest

from portal.core import clock
from portal.core.db import db
from portal.domain.leads import LeadState
from portal.domain.meetings import Attendance, MeetingState
from portal.models.families import CoordinatorAssignment
from portal.models.handover import Episode, LeadAssignment
from portal.models.teamwork import Meeting, MeetingInvitee
from portal.services import history
from tests.support.people import Council, Team, a_family, an_action, an_active_family
from tests.support.web import SignIn, counted_statements

LIST = "/team-needs"
LEAD = "a lead professional who accepted"
ORGANISATIONS = "live actions of two or more organisations"
MEETING = "a meeting: the last one is too long ago, or the first one is late"
HEARD = "the family at the last meeting, or what they think"
NEXT = "a date for the next meeting"


def a_held_meeting(council: Council, team: Team, on: date, *, came: bool = True, views: str | None = None) -> None:
    with council.behind_the_scenes():
        meeting = Meeting(
            family_id=team.family.id,
            episode_id=team.episode.id,
            is_review=True,
            starts_at=clock.now() - (clock.today() - on),
            state=MeetingState.HELD,
            held_on=on,
            family_views=views,
        )
        db.session.add(meeting)
        db.session.flush()
        attendance = Attendance.ATTENDED if came else Attendance.ABSENT
        db.session.add(
            MeetingInvitee(
                family_id=team.family.id, meeting_id=meeting.id, member_id=team.parent.id, attendance=attendance
            )
        )
        history.changed(team.family.id)


def a_next_meeting(council: Council, team: Team) -> None:
    with council.behind_the_scenes():
        db.session.add(
            Meeting(
                family_id=team.family.id,
                episode_id=team.episode.id,
                is_review=True,
                starts_at=clock.now() + timedelta(days=20),
            )
        )
        history.changed(team.family.id)


def a_whole_team(council: Council) -> Team:
    """Lacks nothing."""
    team = an_active_family(council)
    an_action(council, team)
    an_action(council, team, owner=team.lead, what="Ring the GP")
    a_held_meeting(council, team, clock.today() - timedelta(days=7))
    a_next_meeting(council, team)
    return team


def lacks(council: Council, sign_in: SignIn, team: Team) -> list[str]:
    """What the team's page says, which the family's page says too and the list as well."""
    manager = sign_in(council.manager)
    found = []
    for page in ("", "/team"):
        soup = manager.get(f"/families/{team.ref}{page}").soup
        heading = next(each for each in soup.select("h2") if each.get_text() == "What this team still needs")
        after = heading.find_next_sibling()
        found.append([item.get_text() for item in after.select("li")] if after and after.name == "ul" else [])
    assert found[0] == found[1]
    listed = [each.get_text(strip=True) for each in manager.get(LIST).soup.select(f"#{team.ref} li")]
    assert listed == found[0]
    return found[0]


class TestWhatATeamNeeds:
    def test_a_team_that_has_everything_is_on_no_list(self, council: Council, sign_in: SignIn) -> None:
        team = a_whole_team(council)

        assert lacks(council, sign_in, team) == []
        assert "Every team has what it needs." in sign_in(council.coordinator).get(LIST).main

    def test_a_lead_who_accepted(self, council: Council, sign_in: SignIn) -> None:
        team = a_whole_team(council)
        with council.behind_the_scenes():
            db.session.query(LeadAssignment).one().state = LeadState.NOMINATED
            history.changed(team.family.id)

        assert lacks(council, sign_in, team) == [LEAD]

    def test_two_organisations_with_something_to_do(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        an_action(council, team)
        an_action(council, team, owner=team.parent, what="Set the alarm")
        a_next_meeting(council, team)

        assert lacks(council, sign_in, team) == [ORGANISATIONS]

    @pytest.mark.parametrize(("weeks", "late"), [(12, False), (13, True)])
    def test_a_meeting_within_twelve_weeks(self, council: Council, sign_in: SignIn, weeks: int, late: bool) -> None:
        team = a_whole_team(council)
        with council.behind_the_scenes():
            for meeting in db.session.query(Meeting).where(Meeting.state == MeetingState.HELD):
                meeting.held_on = clock.today() - timedelta(weeks=weeks)

        assert lacks(council, sign_in, team) == ([MEETING] if late else [])

    @pytest.mark.parametrize(("days", "late"), [(10, False), (40, True)])
    def test_a_first_meeting_within_its_limit_after_completion(
        self, council: Council, sign_in: SignIn, days: int, late: bool
    ) -> None:
        team = an_active_family(council)
        a_next_meeting(council, team)
        with council.behind_the_scenes():
            db.session.get_one(Episode, team.episode.id).active_on = clock.today() - timedelta(days=days)

        assert (MEETING in lacks(council, sign_in, team)) == late

    @pytest.mark.parametrize(("views", "heard"), [(None, False), ("They want mornings to be calm", True)])
    def test_the_family_there_or_heard(self, council: Council, sign_in: SignIn, views: str | None, heard: bool) -> None:
        team = a_whole_team(council)
        a_held_meeting(council, team, clock.today(), came=False, views=views)

        assert lacks(council, sign_in, team) == ([] if heard else [HEARD])

    def test_a_date_for_the_next_meeting(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        an_action(council, team)
        an_action(council, team, owner=team.lead, what="Ring the GP")

        assert lacks(council, sign_in, team) == [NEXT]


class TestTheList:
    def test_a_coordinators_are_their_own_families(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        with council.behind_the_scenes():
            assigned = db.session.query(CoordinatorAssignment).one()
            assigned.user_id = council.other_coordinator.id
            history.changed(team.family.id)

        assert team.ref not in sign_in(council.coordinator).get(LIST).main
        assert team.ref in sign_in(council.other_coordinator).get(LIST).main
        assert team.ref in sign_in(council.manager).get(LIST).main

    def test_a_restricted_family_is_not_on_it(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council, a_family(council, restricted=True))

        assert team.ref not in sign_in(council.manager).get(LIST).main

    def test_says_how_many_agreements_end(self, council: Council, sign_in: SignIn) -> None:
        assert "No sharing agreement ends soon" in sign_in(council.manager).get(LIST).main

    def test_costs_the_same_for_many_and_goes_on_after_a_page(
        self, council: Council, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from portal.queries import team_needs

        monkeypatch.setattr(team_needs, "PAGE", 2)
        manager = sign_in(council.manager)
        costs = []
        teams = []
        for _ in range(3):
            teams.append(an_active_family(council))
            with counted_statements(council.app) as statements:
                page = manager.get(LIST)
            costs.append(len(statements))

        assert costs[0] == costs[2] <= 4, "\n".join(statements)
        assert teams[2].ref not in page.main
        further = manager.get(f"{LIST}?after={teams[1].family.id}")
        assert teams[2].ref in further.main
        assert teams[0].ref not in further.main

    def test_an_address_that_is_no_page_of_it_is_not_there(self, council: Council, sign_in: SignIn) -> None:
        assert sign_in(council.manager).get(f"{LIST}?after=x").status == 404
