"""Meetings: arranged for a day to come, shown, listed until they are written up."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.domain.step_downs import StepDownState
from portal.models.handover import StepDown
from portal.models.record import Event
from portal.models.teamwork import Meeting
from portal.services import history
from tests.support.handovers import a_handover, a_meeting, kept_apart, never_contacted
from tests.support.people import Council, Team, a_family, an_active_family, history_of
from tests.support.web import SignIn, counted_statements, date_parts


def new(team: Team) -> str:
    return f"/families/{team.ref}/meetings/new"


def answers(*kinds: str, on: date | None = None, **others: Any) -> dict[str, Any]:
    return {
        "kinds": list(kinds),
        **date_parts("on", on or clock.today() + timedelta(days=7)),
        "at": "14:30",
        "place": "The school",
        **others,
    }


def meetings_of(council: Council, team: Team) -> list[Meeting]:
    with council.behind_the_scenes():
        return list(db.session.scalars(select(Meeting).where(Meeting.family_id == team.family.id).order_by(Meeting.id)))


class TestArrangingAMeeting:
    def test_everybody_on_the_team_is_asked_to_a_step_down_meeting(self, council: Council, sign_in: SignIn) -> None:
        handover = a_handover(council)

        page = sign_in(council.lead).submit(new(handover.team), answers("step_down"))

        (meeting,) = meetings_of(council, handover.team)
        assert page.location.endswith(f"/meetings/{meeting.ref}")
        assert (meeting.is_step_down, meeting.step_down_id) == (True, handover.step_down.id)
        shown = page.follow()
        assert f"Step-down meeting, {meeting.ref}" in shown.main
        assert "The school" in shown.main
        for member in handover.members:
            assert member.name in shown.main
        assert history_of(council, handover.family.id)[-1] == "meeting.arranged"

    def test_one_meeting_can_be_two_kinds(self, council: Council, sign_in: SignIn) -> None:
        handover = a_handover(council)

        page = sign_in(council.lead).submit(new(handover.team), answers("step_down", "first_team"))

        assert "Step-down meeting and first team meeting" in page.follow().main

    def test_somebody_is_left_out(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)

        page = sign_in(council.lead).submit(new(team), answers("review", members=[str(team.lead.id)]))

        assert council.partner.name not in page.follow().main

    def test_the_time_is_londons(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        summer = date(clock.today().year + 1, 7, 1)

        sign_in(council.lead).submit(
            new(team), answers("review", on=summer, at="2.30pm", why_late="The school is closed")
        )

        (meeting,) = meetings_of(council, team)
        assert meeting.starts_at == datetime(summer.year, 7, 1, 13, 30, tzinfo=UTC)

    @pytest.mark.parametrize(
        ("change", "words"),
        [
            ({"kinds": []}, "Select which meeting it is"),
            ({"at": ""}, "Enter the time of the meeting"),
            ({"at": "25:00"}, "Time of the meeting must be a time, like 14:30 or 2:30pm"),
            ({"at": "half two"}, "Time of the meeting must be a time, like 14:30 or 2:30pm"),
            ({"at": "2"}, "Time of the meeting must be a time, like 14:30 or 2:30pm"),
            ({"place": "  "}, "Enter where the meeting is, or its link"),
            ({"place": "x" * 10_000}, "Where must be 300 characters or fewer. It is 10,000"),
            ({"place": "a\x00b"}, "Where must not hold control characters. Delete them and type the text again"),
            ({"on-day": "31", "on-month": "2"}, "Date of the meeting must be a real date, like 27 3 2025"),
            ({"on-day": "", "on-month": "", "on-year": ""}, "Enter the date of the meeting"),
            ({"members": []}, "Select who is asked to come"),
            ({"members": ["999999"]}, "Select only people who are on the team around the family"),
            (
                {"kinds": ["first_team", "review"]},
                "A meeting is the first or a review of the first: select one of the two",
            ),
        ],
    )
    def test_bad_answers_are_refused_and_kept(
        self, council: Council, sign_in: SignIn, change: dict[str, Any], words: str
    ) -> None:
        team = an_active_family(council)

        page = sign_in(council.lead).submit(new(team), {**answers("review", place="Library, room 2"), **change})

        assert (page.status, page.errors) == (422, [words])
        assert "place" in change or "Library, room 2" in page.html
        assert not meetings_of(council, team)

    def test_a_member_of_another_familys_team_is_refused(self, council: Council, sign_in: SignIn) -> None:
        team, other = an_active_family(council), an_active_family(council, a_family(council, name="Adeyemi"))

        page = sign_in(council.lead).submit(new(team), answers("review", members=[str(other.parent.id)]))

        assert page.errors == ["Select only people who are on the team around the family"]

    def test_yesterday_is_refused_and_today_is_not(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        lead = sign_in(council.lead)

        past = lead.submit(new(team), answers("review", on=clock.today() - timedelta(days=1)))
        assert past.errors == ["Date of the meeting must be today or later"]

        assert lead.submit(new(team), answers("review", on=clock.today())).status == 303

    def test_the_hour_that_the_clocks_leave_out(self, council: Council, sign_in: SignIn) -> None:
        with time_machine.travel(datetime(2026, 3, 20, 10, tzinfo=UTC)):
            team = an_active_family(council)

            page = sign_in(council.lead).submit(new(team), answers("review", on=date(2026, 3, 29), at="01:30"))

            assert page.errors == ["There is no 1:30am on 29 March 2026, because the clocks go forward"]
            assert page.soup.select_one("#at-error")

    def test_over_twelve_weeks_needs_a_reason_that_history_keeps(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        late = clock.today() + timedelta(weeks=14)

        asked = sign_in(council.lead).submit(new(team), answers("review", on=late))
        assert asked.status == 422
        assert "Enter why the team meets more than 12 weeks after" in asked.errors[0]

        assert asked.form().send({"why_late": "They are abroad until then"}).status == 303
        with council.behind_the_scenes():
            text = db.session.scalars(select(Event.text).order_by(Event.id.desc())).first()
        assert text == "They are abroad until then"

    def test_two_to_be_kept_apart_need_thought(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        child = team.home.children[0]
        lead = sign_in(council.lead)
        lead.submit(f"/families/{team.ref}/team/add", {"who": "person", "person": str(child.id)})
        kept_apart(council, child, team.home.parent)

        warned = lead.submit(new(team), answers("review"))
        assert "Child0 O’Neill must not meet Siobhán O’Neill" in warned.errors[0]
        assert not meetings_of(council, team)

        assert warned.form().send({"apart": "y"}).status == 303
        assert len(meetings_of(council, team)) == 1

    def test_who_must_never_be_contacted_is_not_ticked_and_needs_thought(
        self, council: Council, sign_in: SignIn
    ) -> None:
        team = an_active_family(council)
        never_contacted(council, team.home.parent)
        lead = sign_in(council.lead)
        form = lead.get(new(team)).form()
        assert form.values["members"] == [str(team.lead.id), str(team.partner.id)]

        warned = form.send(answers("review", members=[str(team.lead.id), str(team.parent.id)]))
        assert warned.status == 422
        assert "Siobhán O’Neill must never be contacted" in warned.errors[0]
        assert not meetings_of(council, team)

        assert warned.form().send({"apart": "y"}).status == 303
        assert len(meetings_of(council, team)) == 1

    def test_a_step_down_meeting_only_while_one_waits_for_it(self, council: Council, sign_in: SignIn) -> None:
        handover = a_handover(council)
        lead = sign_in(council.lead)
        opened = lead.get(new(handover.team))
        with council.behind_the_scenes():
            step_down = db.session.get_one(StepDown, handover.step_down.id)
            step_down.state, step_down.completed_at = StepDownState.COMPLETED, clock.now()
            history.changed(step_down.family_id)

        page = opened.form().send(answers("step_down"))

        assert page.errors == ["Select only meetings in the list: another of these may be arranged already"]

    def test_a_second_first_team_meeting_is_not_offered(self, council: Council, sign_in: SignIn) -> None:
        handover = a_handover(council)
        a_meeting(council, handover.team, step_down=True, first_team=True)

        page = sign_in(council.lead).get(new(handover.team))

        assert [box["value"] for box in page.soup.select("[name=kinds]")] == ["review"]

    def test_a_double_click_arranges_one(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        form = sign_in(council.lead).get(new(team)).form()

        first, second = form.send(answers("review")), form.send(answers("review"))

        assert first.location == second.location
        assert len(meetings_of(council, team)) == 1

    def test_before_a_step_down_is_accepted_there_is_no_team_to_meet(self, council: Council, sign_in: SignIn) -> None:
        home = a_family(council)

        page = sign_in(council.coordinator).get(f"/families/{home.ref}/meetings/new")

        assert "Meetings are arranged once a step-down has been accepted." in page.main
        assert not page.soup.select("main form")

    def test_only_the_lead_and_early_help_arrange(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)

        assert sign_in(council.partner).get(new(team)).status == 403
        assert sign_in(council.auditor).get(new(team)).status == 403
        assert sign_in(council.partner_other_organisation).get(new(team)).status == 404
        assert sign_in(council.manager).get(new(team)).status == 200


class TestMeetingsOfAFamily:
    def test_one_that_has_gone_by_needs_a_write_up(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        gone = a_meeting(council, team, review=True, on=clock.today() - timedelta(days=3))
        to_come = a_meeting(council, team, review=True, on=clock.today() + timedelta(days=30))

        page = sign_in(council.lead).get(f"/families/{team.ref}/team")

        assert "Needs write-up" in page.main
        assert f"/meetings/{gone.ref}/write-up" in page.links()
        assert f"/meetings/{to_come.ref}/write-up" not in page.links()
        assert page.main.index(gone.ref) < page.main.index(to_come.ref)
        assert (
            f"/meetings/{gone.ref}/write-up" not in sign_in(council.partner).get(f"/families/{team.ref}/team").links()
        )

    def test_a_link_as_place_can_be_followed_but_no_script(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        lead = sign_in(council.lead)

        call = lead.submit(new(team), answers("review", place="https://call.example/abc")).follow()
        trick = lead.submit(new(team), answers("review", place="javascript:alert(1)")).follow()

        assert "https://call.example/abc" in call.links()
        assert not [link for link in trick.links() if link.startswith("javascript")]

    def test_a_stranger_finds_nothing_and_an_auditor_may_read(self, council: Council, sign_in: SignIn) -> None:
        meeting = a_meeting(council, an_active_family(council), review=True)

        assert sign_in(council.partner_other_organisation).get(f"/meetings/{meeting.ref}").status == 404
        assert sign_in(council.social_worker_other_team).get(f"/meetings/{meeting.ref}").status == 404
        assert sign_in(council.auditor).get(f"/meetings/{meeting.ref}").status == 200
        assert sign_in(council.auditor).get(f"/meetings/{meeting.ref}/write-up").status == 403

    def test_pages_cost_the_same_for_many_as_for_few(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        meeting = a_meeting(council, team, review=True, on=clock.today() + timedelta(days=1))
        lead = sign_in(council.lead)
        pages = (f"/meetings/{meeting.ref}", f"/families/{team.ref}/team", new(team))
        costs = []
        for _ in range(2):
            for path in pages:
                with counted_statements(council.app) as statements:
                    assert lead.get(path).status == 200
                costs.append(len(statements))
                assert len(statements) <= 13, "\n".join(statements)
            for n in range(10):
                a_meeting(council, team, review=True, on=clock.today() + timedelta(days=n + 2), at=time(9))

        assert costs[:3] == costs[3:]
