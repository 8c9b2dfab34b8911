"""Meetings others are invited to, that are moved to another day or called off: by whom, why, what of it stays."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.domain.meetings import AskedBy, MeetingState
from portal.domain.step_downs import Gate
from portal.facts import gates
from portal.models.handover import StepDown
from portal.models.messages import Delivery
from portal.models.record import Event, OutboxMessage
from portal.models.teamwork import Meeting, MeetingInvitee
from portal.services import history
from tests.support.handovers import a_handover, a_meeting, kept_apart
from tests.support.people import Council, an_active_family, history_of
from tests.support.post import Postbox
from tests.support.web import SignIn, date_parts
from tests.support.write_ups import said, state_of, when_next


def to(on: date | None = None, **others: Any) -> dict[str, Any]:
    return {
        **date_parts("on", on or clock.today() + timedelta(days=9)),
        "at": "10am",
        "asked_by": "family",
        "ended_why": "The baby is ill",
        **others,
    }


def stored(council: Council, meeting: Meeting) -> Meeting:
    with council.behind_the_scenes():
        return db.session.get_one(Meeting, meeting.id)


def later(council: Council, meeting: Meeting) -> Meeting:
    with council.behind_the_scenes():
        return db.session.scalars(select(Meeting).where(Meeting.first_id == meeting.id).order_by(Meeting.id)).all()[-1]


class TestMovingAMeeting:
    def test_the_new_one_asks_the_same_people_and_the_old_one_stays_listed(
        self, council: Council, sign_in: SignIn
    ) -> None:
        team = an_active_family(council)
        meeting = a_meeting(council, team, review=True, on=clock.today() + timedelta(days=2))

        page = sign_in(council.lead).submit(f"/meetings/{meeting.ref}/reschedule", to())

        moved = later(council, meeting)
        assert page.location == f"/meetings/{moved.ref}"
        shown = page.follow()
        for member in (team.lead, team.partner, team.parent):
            assert member.name in shown.main
        assert "Hillside Primary School" in shown.main
        old = sign_in(council.partner).get(f"/meetings/{meeting.ref}")
        assert "Moved to another day" in old.main
        assert "Who asked for it The family" in old.main
        assert "The baby is ill" in old.main
        assert f"/meetings/{moved.ref}" in old.links()
        listed = sign_in(council.partner).get(f"/families/{team.ref}/team")
        assert {f"/meetings/{meeting.ref}", f"/meetings/{moved.ref}"} <= set(listed.links())
        assert history_of(council, team.family.id)[-1] == "meeting.rescheduled"

    def test_history_tells_who_wanted_it_and_those_asked_are_to_be_told(
        self, council: Council, sign_in: SignIn
    ) -> None:
        team = an_active_family(council)
        meeting = a_meeting(council, team, review=True, on=clock.today() + timedelta(days=2))

        sign_in(council.lead).submit(f"/meetings/{meeting.ref}/reschedule", to(asked_by="member"))

        past = sign_in(council.lead).get(f"/families/{team.ref}/history")
        assert f"it is {later(council, meeting).ref} now. Somebody on the team around the family asked" in past.main
        with council.behind_the_scenes():
            kind, text = db.session.execute(select(Event.kind, Event.text).order_by(Event.id.desc()).limit(1)).one()
            rules = db.session.scalars(select(OutboxMessage.rule).where(OutboxMessage.kind == str(kind))).all()
        assert (text, list(rules)) == ("The baby is ill", ["meeting_invitees"])

    def test_what_was_named_as_the_next_meeting_names_the_new_one(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        held = a_meeting(council, team, review=True)
        lead = sign_in(council.lead)
        lead.submit(f"/meetings/{held.ref}/write-up", said(team, **when_next()))
        with council.behind_the_scenes():
            arranged = db.session.get_one(Meeting, db.session.get_one(Meeting, held.id).next_meeting_id)

        lead.submit(f"/meetings/{arranged.ref}/reschedule", to())

        assert stored(council, held).next_meeting_id == later(council, arranged).id

    def test_who_has_left_the_team_is_not_asked_again(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        meeting = a_meeting(council, team, review=True)
        with council.behind_the_scenes():
            db.session.merge(team.partner).left_on = clock.today()

        sign_in(council.lead).submit(f"/meetings/{meeting.ref}/reschedule", to())

        with council.behind_the_scenes():
            asked = db.session.scalars(
                select(MeetingInvitee.member_id).where(MeetingInvitee.meeting_id == later(council, meeting).id)
            ).all()
        assert set(asked) == {team.lead.id, team.parent.id}

    def test_people_kept_apart_meanwhile_need_thought(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        child = team.home.children[0]
        lead = sign_in(council.lead)
        lead.submit(f"/families/{team.ref}/team/add", {"who": "person", "person": str(child.id)})
        meeting = a_meeting(council, team, review=True)
        kept_apart(council, child, team.home.parent)

        warned = lead.submit(f"/meetings/{meeting.ref}/reschedule", to())
        assert "must not meet" in warned.errors[0]
        assert state_of(council, meeting) is MeetingState.ARRANGED

        assert warned.form().send({"apart": "y"}).status == 303

    @pytest.mark.parametrize(
        ("change", "words"),
        [
            ({"asked_by": None}, "Select who asked for it"),
            ({"ended_why": " "}, "Enter why"),
            ({"ended_why": "x" * 501}, "The reason must be 500 characters or fewer. It is 501"),
            ({"on-day": "", "on-month": "", "on-year": ""}, "Enter the date of the meeting"),
            (date_parts("on", date(2020, 1, 6)), "Date of the meeting must be today or later"),
        ],
    )
    def test_what_lacks_is_said_and_nothing_moves(
        self, council: Council, sign_in: SignIn, change: dict[str, Any], words: str
    ) -> None:
        team = an_active_family(council)
        meeting = a_meeting(council, team, review=True)

        page = sign_in(council.lead).submit(f"/meetings/{meeting.ref}/reschedule", to(**change))

        assert (page.status, page.errors) == (422, [words])
        assert "ended_why" in change or "The baby is ill" in page.html
        assert state_of(council, meeting) is MeetingState.ARRANGED


class TestChangingWhoIsInvited:
    def test_who_is_added_is_told_and_comes_and_who_is_taken_off_does_not(
        self, council: Council, sign_in: SignIn
    ) -> None:
        team = an_active_family(council)
        meeting = a_meeting(council, team, review=True, on=clock.today() + timedelta(days=2))
        with council.behind_the_scenes():
            asked = {row.member_id: row for row in db.session.scalars(select(MeetingInvitee))}
            db.session.delete(asked[team.partner.id])
        lead = sign_in(council.lead)
        opened = lead.get(f"/meetings/{meeting.ref}/invite").form()

        assert f"/meetings/{meeting.ref}/invite" in lead.get(f"/meetings/{meeting.ref}").links()
        members = {"members": [str(team.lead.id), str(team.partner.id)]}
        done = lead.submit(f"/meetings/{meeting.ref}/invite", members)

        shown = done.follow()
        assert team.partner.name in shown.main
        assert team.parent.name not in shown.main
        past = lead.get(f"/families/{team.ref}/history").main
        assert f"Invited too: {team.partner.name}. No longer invited: {team.parent.name}" in past
        Postbox(council.app).work()
        with council.behind_the_scenes():
            to = select(Delivery.user_id).join(OutboxMessage, OutboxMessage.id == Delivery.outbox_id)
            assert db.session.scalars(to.where(OutboxMessage.kind == "meeting.invited")).all() == [council.partner.id]
        assert opened.send({"members": [str(team.lead.id)]}).status == 409
        assert "SEQUENCE:1" in lead.get(f"/meetings/{meeting.ref}/calendar").text

    def test_what_cannot_stand_is_said_and_nobody_is_asked(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        meeting = a_meeting(council, team, review=True, on=clock.today() + timedelta(days=2))
        lead, child = sign_in(council.lead), team.home.children[0]
        lead.submit(f"/families/{team.ref}/team/add", {"who": "person", "person": str(child.id)})
        kept_apart(council, child, team.home.parent)
        page = lead.get(f"/meetings/{meeting.ref}/invite")
        form, everybody = page.form(), [box["value"] for box in page.soup.select("[name=members]")]

        assert form.send({"members": []}).errors == ["Select who is asked to come"]
        assert "are invited already" in form.send({}).errors[0]
        warned = form.send({"members": everybody})
        assert "must not meet" in warned.errors[0]
        assert history_of(council, team.family.id)[-1] == "team.joined"
        assert warned.form().send({"members": everybody, "apart": "y"}).status == 303

        late = lead.get(f"/meetings/{meeting.ref}/invite").form()
        with council.as_(council.lead):
            db.session.get_one(Meeting, meeting.id).starts_at -= timedelta(days=3)
            history.changed(team.family.id)
        assert "has gone by" in lead.get(f"/meetings/{meeting.ref}/invite").main
        refused = late.send({"members": [str(team.lead.id)], "version": str(stored(council, meeting).version)})
        assert (refused.status, "Its write-up says who else came" in refused.main) == (409, True)


class TestCancellingAMeeting:
    def test_it_stays_listed_with_why(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        meeting = a_meeting(council, team, review=True, on=clock.today() - timedelta(days=1))
        lead = sign_in(council.lead)

        page = lead.submit(f"/meetings/{meeting.ref}/cancel", {"asked_by": "council", "ended_why": "Nobody came"})

        assert "Cancelled" in page.follow().main
        listed = lead.get(f"/families/{team.ref}/team")
        assert "Nobody came" in listed.main
        assert f"/meetings/{meeting.ref}/write-up" not in listed.links()
        cancelled = stored(council, meeting)
        assert (cancelled.asked_by, cancelled.sequence) == (AskedBy.COUNCIL, 1)
        assert history_of(council, team.family.id)[-1] == "meeting.cancelled"

    def test_a_first_team_meeting_can_be_arranged_again_and_its_gate_waits(
        self, council: Council, sign_in: SignIn
    ) -> None:
        handover = a_handover(council)
        meeting = a_meeting(council, handover.team, step_down=True, first_team=True)
        lead = sign_in(council.lead)

        lead.submit(f"/meetings/{meeting.ref}/cancel", {"asked_by": "family", "ended_why": "Not now"})

        with council.behind_the_scenes():
            step_down = db.session.get_one(StepDown, handover.step_down.id)
            dated = {state.gate: state.holds for state in gates.of(step_down)}
        assert not dated[Gate.FIRST_TEAM]
        kinds = [
            box["value"] for box in lead.get(f"/families/{handover.team.ref}/meetings/new").soup.select("[name=kinds]")
        ]
        assert kinds == ["step_down", "first_team", "review"]

    @pytest.mark.parametrize("end", ["cancel", "reschedule"])
    def test_what_has_ended_is_neither_ended_again_nor_written_up(
        self, council: Council, sign_in: SignIn, end: str
    ) -> None:
        team = an_active_family(council)
        meeting = a_meeting(council, team, review=True)
        lead, coordinator = sign_in(council.lead), sign_in(council.coordinator)
        late = {
            path: coordinator.get(f"/meetings/{meeting.ref}/{path}").form()
            for path in ("cancel", "reschedule", "write-up")
        }
        lead.submit(f"/meetings/{meeting.ref}/{end}", to() if end == "reschedule" else {**to(), "on-day": None})

        conflicts = [form.send(to() | said(team, **when_next())) for form in late.values()]
        assert {page.status for page in conflicts} == {409}
        assert all("Lena Lead" in page.main for page in conflicts)

        now = {"version": str(stored(council, meeting).version)}
        refused = {path: form.send(to() | said(team, **when_next()) | now) for path, form in late.items()}
        assert "This meeting cannot be cancelled: it has been written up, moved" in refused["cancel"].main
        assert "This meeting cannot be moved: it has been written up, moved or cancelled" in refused["reschedule"].main
        assert "This meeting was moved or cancelled, so there is nothing to write up." in refused["write-up"].main
        assert "The baby is ill" in refused["cancel"].html
        assert "was moved or cancelled" in coordinator.get(f"/meetings/{meeting.ref}/write-up").main
        assert not coordinator.get(f"/meetings/{meeting.ref}/cancel").soup.select("main form")
