"""Somebody on a team: what is known of them is corrected, they leave, they come back."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.domain.plans import ActionState
from portal.models.people import User
from portal.models.record import Event
from portal.models.teamwork import MeetingInvitee, PlanAction, TeamMember
from tests.support.handovers import a_handover, a_meeting, kept_apart
from tests.support.people import Council, Team, an_action, an_active_family, history_of
from tests.support.web import Page, SignIn, date_parts

DONE = {"why": "work_done"}


def at(member: TeamMember, rest: str = "") -> str:
    return f"/members/T-{member.id}{rest}"


def team_page(team: Team) -> str:
    return f"/families/{team.ref}/team"


def last_line(council: Council, team: Team) -> Event:
    with council.behind_the_scenes():
        return db.session.scalars(
            select(Event).where(Event.family_id == team.family.id).order_by(Event.id.desc()).limit(1)
        ).one()


def leave(sign_in: SignIn, council: Council, member: TeamMember, **answers: str) -> Page:
    return sign_in(council.lead).submit(at(member, "/leave"), {**DONE, **answers})


class TestCorrecting:
    def test_an_outside_person_is_corrected_and_history_keeps_both(self, council: Council, sign_in: SignIn) -> None:
        handover = a_handover(council)

        page = sign_in(council.lead).submit(at(handover.outside), {"job": "Youth lead", "contact": "01632 960 499"})

        assert "Nan Okafor Youth lead, Hillside Church 01632 960 499" in page.follow().text_of(".app-cards")
        line = last_line(council, handover.team)
        assert (line.data, line.private["what"]) == (
            {"whom": "Nan Okafor"},
            "role from “Youth worker” to “Youth lead”, how they can be reached from “01632 960 400” to “01632 960 499”",
        )

    def test_of_somebody_with_a_sign_in_only_the_role_is_the_teams(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        lead = sign_in(council.lead)

        assert not lead.get(at(team.partner)).soup.select("#name, #organisation, #contact")
        page = lead.submit(at(team.partner), {"job": "Head teacher", "name": "Somebody else"})

        assert "Pat Partner Head teacher, Hillside Primary School" in page.follow().text_of(".app-cards")

    def test_nothing_changed_writes_nothing(self, council: Council, sign_in: SignIn) -> None:
        handover = a_handover(council)
        before = history_of(council, handover.family.id)

        page = sign_in(council.lead).submit(at(handover.outside), {})

        assert (page.status, "Nothing was changed." in page.main) == (409, True)
        assert history_of(council, handover.family.id) == before

    def test_somebody_elses_name_and_organisation_are_refused(self, council: Council, sign_in: SignIn) -> None:
        handover = a_handover(council)
        lead = sign_in(council.lead)
        lead.submit(
            f"{team_page(handover.team)}/add",
            {
                "who": "outside",
                "name": "Ned",
                "organisation": "Hillside Church",
                "job": "Sexton",
                "contact": "At church",
            },
        )

        page = lead.submit(at(handover.outside), {"name": "Ned"})

        assert (page.status, page.errors) == (422, ["Ned is on the team already"])
        assert page.soup.select_one("#name-error")

    def test_a_page_opened_before_somebody_else_saved_is_refused(self, council: Council, sign_in: SignIn) -> None:
        handover = a_handover(council)
        form = sign_in(council.coordinator).get(at(handover.outside)).form()
        sign_in(council.lead).submit(at(handover.outside), {"job": "Youth lead"})

        assert form.send({"job": "Coach"}).status == 409


class TestLeaving:
    def test_access_ends_on_the_next_request_and_the_page_says_when_and_why(
        self, council: Council, sign_in: SignIn
    ) -> None:
        team = an_active_family(council)
        partner = sign_in(council.partner)
        assert partner.get(team_page(team)).status == 200

        page = leave(sign_in, council, team.partner, note="The nurse goes on").follow()

        assert partner.get(team_page(team)).status == 404
        assert "Pat Partner" not in page.text_of(".app-cards")
        assert "Their work with the family is done" in page.main
        assert "The nurse goes on" in page.main
        line = last_line(council, team)
        assert (line.kind, line.data["reason"]) == ("team.left", "Their work with the family is done")

    def test_what_they_were_to_do_is_named_and_passed_on(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        action = an_action(council, team)
        shown = sign_in(council.lead).get(at(team.partner, "/leave"))
        assert f"Call school, A-{action.id}" in shown.main

        assert leave(sign_in, council, team.partner).errors == ["Select who takes on what they are still to do"]
        assert leave(sign_in, council, team.partner, theirs="one").errors == ["Choose who takes it on"]
        page = leave(sign_in, council, team.partner, theirs="one", to=str(team.parent.id))

        assert page.status == 303
        with council.behind_the_scenes():
            passed = db.session.get_one(PlanAction, action.id)
            assert (passed.owner_id, passed.state) == (team.parent.id, ActionState.PROPOSED)
        assert "Left without anybody" not in page.follow().main

    def test_what_is_decided_later_stands_on_the_page_until_it_is(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        action = an_action(council, team)

        page = leave(sign_in, council, team.partner, theirs="later").follow()

        assert "Left without anybody" in page.main
        assert f"A-{action.id}: Pat Partner" in page.main

    def test_no_meeting_to_come_asks_them(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        meeting = a_meeting(council, team, review=True, on=clock.today() + timedelta(days=7))

        leave(sign_in, council, team.partner)

        with council.behind_the_scenes():
            asked = db.session.scalars(
                select(MeetingInvitee.member_id).where(MeetingInvitee.meeting_id == meeting.id)
            ).all()
        assert set(asked) == {team.lead.id, team.parent.id}

    def test_who_leads_cannot_leave(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)

        page = sign_in(council.coordinator).submit(at(team.lead, "/leave"), DONE)

        assert page.status == 409
        assert "Lena Lead is the lead professional. Somebody else leads first" in page.main

    @pytest.mark.parametrize(
        ("days", "words"),
        [
            (1, "The date they left must be today or in the past"),
            (-1, "The day they left must be after the day they joined, or the same"),
        ],
    )
    def test_the_day_cannot_lie_ahead_nor_before_they_joined(
        self, council: Council, sign_in: SignIn, days: int, words: str
    ) -> None:
        team = an_active_family(council)

        page = leave(sign_in, council, team.partner, **date_parts("on", clock.today() + timedelta(days=days)))

        assert (page.status, page.errors) == (422, [words])

    def test_another_reason_has_to_be_said(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        lead = sign_in(council.lead)

        assert lead.submit(at(team.partner, "/leave"), {}).errors == ["Select why they leave"]
        assert lead.submit(at(team.partner, "/leave"), {"why": "other"}).errors == ["Enter why they leave"]

    def test_who_left_meanwhile_cannot_leave_again(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        leave(sign_in, council, team.partner)

        page = leave(sign_in, council, team.partner)

        assert page.status == 409
        assert "Pat Partner left the team already." in page.main


class TestComingBack:
    def test_they_see_the_family_again_and_are_on_the_team_once(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        leave(sign_in, council, team.partner)

        page = sign_in(council.lead).submit(at(team.partner, "/back"), {}).follow()

        assert "Pat Partner" in page.text_of(".app-cards")
        assert "Who left the team" not in page.main
        assert sign_in(council.partner).get(team_page(team)).status == 200
        assert history_of(council, team.family.id)[-1] == "team.rejoined"

    def test_adding_who_left_brings_them_back(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        leave(sign_in, council, team.partner)

        sign_in(council.lead).submit(f"{team_page(team)}/add", {"who": "user", "user": str(council.partner.id)})

        with council.behind_the_scenes():
            rows = db.session.scalars(select(TeamMember).where(TeamMember.user_id == council.partner.id)).all()
            assert [(row.left_on, row.left_why) for row in rows] == [(None, None)]

    def test_a_closed_account_is_refused_in_words(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        leave(sign_in, council, team.partner)
        with council.behind_the_scenes():
            db.session.get_one(User, council.partner.id).active = False

        page = sign_in(council.lead).submit(at(team.partner, "/back"), {})

        assert page.status == 422
        assert "This person’s account is closed" in page.main

    def test_two_to_be_kept_apart_need_thought(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        child = team.home.children[0]
        lead = sign_in(council.lead)
        lead.submit(f"{team_page(team)}/add", {"who": "person", "person": str(child.id)})
        leave(sign_in, council, team.parent)
        kept_apart(council, child, team.home.parent)

        warned = lead.submit(at(team.parent, "/back"), {})
        assert warned.status == 422
        assert "must not meet" in warned.errors[0]

        assert warned.form().send({"apart": "y"}).status == 303

    def test_who_is_on_the_team_cannot_come_back(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)

        page = sign_in(council.lead).submit(at(team.partner, "/back"), {})

        assert (page.status, "Pat Partner is on the team already." in page.main) == (409, True)


class TestTheCards:
    def test_say_when_something_was_last_heard_of_each(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        sign_in(council.lead).submit(at(team.partner), {"job": "Head teacher"})

        cards = sign_in(council.lead).get(team_page(team)).soup.select(".app-card")

        assert "Last update:" in cards[0].get_text()
        assert "No update yet" in cards[1].get_text()
