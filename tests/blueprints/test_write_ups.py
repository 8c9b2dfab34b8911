"""Writing up a step-down meeting: one form, one transaction, and what it costs."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.domain.dates import Calendar, full, london_date
from portal.domain.plans import ActionState, Headline
from portal.domain.step_downs import Destination, Gate
from portal.facts import gates
from portal.models.handover import OutstandingAction, StepDown, StepDownNeed
from portal.models.record import Event
from portal.models.teamwork import Meeting, MeetingInvitee, PlanAction, PlanNeed, TeamMember
from portal.services import team as change_team
from portal.services.team import Outside
from tests.support.handovers import a_handover, a_meeting, never_contacted
from tests.support.people import Council, Team, an_active_family, history_of
from tests.support.web import SignIn, counted_statements, date_parts
from tests.support.write_ups import DECISIONS, VIEWS, actions_of, path, said, untouched, when_next, whole


class TestWritingUpAStepDownMeeting:
    def test_one_form_settles_everything(self, council: Council, sign_in: SignIn) -> None:
        handover = a_handover(council)
        meeting = a_meeting(council, handover.team, step_down=True)

        page = sign_in(council.lead).submit(path(meeting), whole(handover))

        shown = page.follow()
        assert "Meeting written up" in shown.text
        for words in (VIEWS, DECISIONS, "Child1 likes the new school", "The surgery has it", "The grant was paid out"):
            assert words in shown.main
        assert "Pat Partner Hillside Primary School. Apologies, with a report" in shown.main
        assert "First team meeting" in shown.main
        carried, later = actions_of(council, handover)
        assert (carried.owner_id, carried.state) == (handover.team.lead.id, ActionState.AGREED)
        assert (later.owner_id, later.state) == (handover.outside.id, ActionState.PROPOSED)
        assert carried.due_on == Calendar().due(clock.today() + timedelta(days=7))
        assert later.due_on == Calendar().due(clock.today() + timedelta(days=21))
        assert later.concerns_safety
        with council.behind_the_scenes():
            held = {gate.gate: gate for gate in gates.of(db.session.get_one(StepDown, handover.step_down.id))}
        assert held[Gate.MEETING].holds
        assert held[Gate.FIRST_TEAM].holds
        assert held[Gate.OUTSTANDING].waits_on == "Nan Okafor"

    def test_each_thing_has_its_line_in_the_familys_history(self, council: Council, sign_in: SignIn) -> None:
        handover = a_handover(council)
        meeting = a_meeting(council, handover.team, step_down=True, on=clock.today() - timedelta(days=2))
        before = len(history_of(council, handover.family.id))

        sign_in(council.lead).submit(path(meeting), whole(handover))

        assert sorted(history_of(council, handover.family.id)[before:]) == sorted(
            [
                "meeting.held",
                "action.taken_on",
                "action.agreed",
                "outstanding.carried",
                "outstanding.completed",
                "action.proposed",
                "outstanding.carried",
                "outstanding.dropped",
                "meeting.arranged",
            ]
        )
        with council.behind_the_scenes():
            days = set(
                db.session.scalars(
                    select(Event.happened_on).where(Event.kind.in_(["meeting.held", "outstanding.dropped"]))
                )
            )
        assert days == {clock.today() - timedelta(days=2)}

    def test_everybody_on_the_team_is_asked_to_the_first_team_meeting(self, council: Council, sign_in: SignIn) -> None:
        handover = a_handover(council)
        meeting = a_meeting(council, handover.team, step_down=True)

        sign_in(council.lead).submit(path(meeting), whole(handover))

        with council.behind_the_scenes():
            found = db.session.scalars(select(Meeting).where(Meeting.is_first_team)).one()
            asked = db.session.scalars(
                select(MeetingInvitee.member_id).where(MeetingInvitee.meeting_id == found.id)
            ).all()
            assert db.session.get_one(Meeting, meeting.id).next_meeting_id == found.id
        assert london_date(found.starts_at) == clock.today() + timedelta(days=21)
        assert set(asked) == {member.id for member in handover.members}

    def test_who_must_never_be_contacted_is_not_asked_to_the_next(self, council: Council, sign_in: SignIn) -> None:
        handover = a_handover(council)
        meeting = a_meeting(council, handover.team, step_down=True)
        never_contacted(council, handover.team.home.parent)
        lead = sign_in(council.lead)
        assert "but not Siobhán O’Neill, who must never be contacted" in lead.get(path(meeting)).main

        assert lead.submit(path(meeting), whole(handover)).status == 303

        with council.behind_the_scenes():
            found = db.session.scalars(select(Meeting).where(Meeting.is_first_team)).one()
            asked = db.session.scalars(
                select(MeetingInvitee.member_id).where(MeetingInvitee.meeting_id == found.id)
            ).all()
        assert set(asked) == {member.id for member in handover.members} - {handover.team.parent.id}

    def test_the_first_team_meeting_is_offered_within_its_standard(self, council: Council, sign_in: SignIn) -> None:
        handover = a_handover(council)
        meeting = a_meeting(council, handover.team, step_down=True)
        with council.behind_the_scenes():
            decided = db.session.get_one(StepDown, handover.step_down.id).decision_on
        assert decided is not None
        by = Calendar().due(decided + timedelta(days=42))

        page = sign_in(council.lead).get(path(meeting))

        offered = [page.soup.select_one(f"[name=on-{part}]") for part in ("day", "month", "year")]
        assert [int(str(box["value"])) for box in offered if box] == [by.day, by.month, by.year]
        assert f"It is to be held by {full(by)}, counted from the decision" in page.main

    def test_it_was_the_first_team_meeting_too(self, council: Council, sign_in: SignIn) -> None:
        handover = a_handover(council)
        meeting = a_meeting(council, handover.team, step_down=True)

        page = sign_in(council.lead).submit(path(meeting), whole(handover, was_first_team="y"))

        assert "Step-down meeting and first team meeting" in page.follow().main
        with council.behind_the_scenes():
            review = db.session.scalars(select(Meeting).where(Meeting.id != meeting.id)).one()
        assert (review.is_review, review.is_first_team) == (True, False)

    def test_a_first_team_meeting_that_stands_is_not_asked_for_again(self, council: Council, sign_in: SignIn) -> None:
        handover = a_handover(council)
        meeting = a_meeting(council, handover.team, step_down=True)
        first = a_meeting(council, handover.team, first_team=True, on=clock.today() + timedelta(days=10))
        answers = {name: value for name, value in whole(handover).items() if name not in when_next()}
        opened = sign_in(council.lead).get(path(meeting))
        assert first.ref in opened.main
        assert not opened.soup.select("[name=on-day]")

        assert opened.form().send(answers).status == 303

        assert actions_of(council, handover)[1].due_on == Calendar().due(clock.today() + timedelta(days=10))

    def test_a_brother_is_handed_over_to_a_team_that_has_met(self, council: Council, sign_in: SignIn) -> None:
        handover = a_handover(council)
        lead = sign_in(council.lead)
        met = a_meeting(council, handover.team, first_team=True)
        came = {**said(handover.team), f"attendance-{handover.outside.id}": "attended"}
        assert lead.submit(path(met), {**came, **when_next()}).status == 303
        meeting = a_meeting(council, handover.team, step_down=True)

        answers = {name: value for name, value in whole(handover).items() if name not in when_next()}
        opened = lead.get(path(meeting))
        assert not opened.soup.select("[name=was_first_team]")

        assert opened.form().send(answers).status == 303
        with council.behind_the_scenes():
            review = db.session.scalars(select(Meeting).where(Meeting.is_review)).one()
            assert db.session.get_one(Meeting, meeting.id).next_meeting_id == review.id

    def test_a_need_is_brought_to_the_first_team_meeting_by_somebody(self, council: Council, sign_in: SignIn) -> None:
        handover = a_handover(council)
        meeting = a_meeting(council, handover.team, step_down=True)
        need = handover.needs[0]

        page = sign_in(council.lead).submit(
            path(meeting), whole(handover, **{f"brought-{need.id}": str(handover.team.partner.id)})
        )

        main = page.follow().main
        assert "Damp in the bedroom. Pat Partner brings it to the first team meeting" in main
        assert handover.needs[1].what in main
        assert "need.brought" in history_of(council, handover.family.id)
        with council.behind_the_scenes():
            brought = db.session.scalars(select(StepDownNeed.brought_by_id).order_by(StepDownNeed.id)).all()
        assert brought == [handover.team.partner.id, None]

    def test_no_need_is_brought_on_where_this_was_that_meeting(self, council: Council, sign_in: SignIn) -> None:
        handover = a_handover(council)
        meeting = a_meeting(council, handover.team, step_down=True)
        need = f"brought-{handover.needs[0].id}"

        page = sign_in(council.lead).submit(
            path(meeting), whole(handover, **{need: str(handover.team.lead.id), "was_first_team": "y"})
        )

        assert page.status == 422
        assert page.soup.select_one(f"#{need}-error")
        assert untouched(council, handover, meeting)

    def test_an_owner_who_has_to_be_asked_even_though_they_came(self, council: Council, sign_in: SignIn) -> None:
        handover = a_handover(council, outstanding=1)
        meeting = a_meeting(council, handover.team, step_down=True)
        id_ = handover.outstanding[0].id
        answers = {
            **said(handover.team),
            f"attendance-{handover.outside.id}": "attended",
            f"outcome-{id_}": "carried",
            f"owner-{id_}": str(handover.team.lead.id),
            f"due-{id_}": "two_weeks",
            f"agreed-{id_}": None,
            **when_next(),
        }

        assert sign_in(council.lead).submit(path(meeting), answers).status == 303

        assert actions_of(council, handover)[0].state is ActionState.PROPOSED

    def test_somebody_who_came_unasked_is_there(self, council: Council, sign_in: SignIn) -> None:
        handover = a_handover(council)
        meeting = a_meeting(council, handover.team, step_down=True)
        with council.as_(council.lead) as viewer:
            late = change_team.join_outside(
                handover.family, Outside("Gran Smith", None, "Grandmother", "01632 960 5"), by=viewer
            )
        answers = whole(handover, also_came=[str(late.id)])
        answers[f"owner-{handover.outstanding[0].id}"] = str(late.id)

        page = sign_in(council.lead).submit(path(meeting), answers)

        assert "Gran Smith Came" in page.follow().main
        assert actions_of(council, handover)[0].state is ActionState.AGREED

    def test_one_agency_needs_no_first_team_meeting(self, council: Council, sign_in: SignIn) -> None:
        handover = a_handover(council, destination=Destination.SINGLE_AGENCY)
        meeting = a_meeting(council, handover.team, step_down=True)
        answers = whole(handover, **{f"due-{handover.outstanding[2].id}": "two_weeks"})
        for name in when_next():
            answers[name] = ""

        assert sign_in(council.lead).submit(path(meeting), answers).status == 303

        with council.behind_the_scenes():
            assert len(db.session.scalars(select(Meeting.id)).all()) == 1

    def test_a_due_date_on_a_day_nobody_works_is_moved_to_the_next(self, council: Council, sign_in: SignIn) -> None:
        handover = a_handover(council, outstanding=1)
        meeting = a_meeting(council, handover.team, step_down=True)
        id_ = handover.outstanding[0].id
        saturday = clock.today() + timedelta(days=12 - clock.today().weekday())
        answers = {
            **said(handover.team),
            f"attendance-{handover.outside.id}": "absent",
            f"outcome-{id_}": "carried",
            f"owner-{id_}": str(handover.team.lead.id),
            f"due-{id_}": "date",
            **date_parts(f"due_on-{id_}", saturday),
            **when_next(),
        }

        page = sign_in(council.lead).submit(path(meeting), answers)

        said_back = page.follow().text_of(".govuk-notification-banner")
        assert f"{handover.outstanding[0].ref} is due" in said_back
        assert "is not a working day" in said_back
        assert actions_of(council, handover)[0].due_on == Calendar().due(saturday)


def a_need_and_what_is_done(team: Team, n: int) -> None:
    of: dict[str, Any] = {"family_id": team.family.id, "episode_id": team.episode.id, "what": f"Thing {n}"}
    action = PlanAction(
        **of,
        state=ActionState.DONE,
        owner_id=team.partner.id,
        due_on=clock.today(),
        first_due_on=clock.today(),
        asked_by_name="Lena Lead",
        proposed_at=clock.now(),
        done_on=clock.today(),
    )
    db.session.add_all([PlanNeed(**of, headline=Headline.HOUSING), action])


class TestWhatItCosts:
    def test_the_form_costs_the_same_for_many_people_and_actions(self, council: Council, sign_in: SignIn) -> None:
        handover = a_handover(council, children=1, outstanding=1)
        meeting = a_meeting(council, handover.team, step_down=True)
        lead = sign_in(council.lead)
        costs = []
        for _ in range(2):
            with counted_statements(council.app) as statements:
                assert lead.get(path(meeting)).status == 200
            costs.append(len(statements))
            with council.behind_the_scenes():
                for n in range(10):
                    db.session.add(
                        OutstandingAction(
                            family_id=handover.family.id, step_down_id=handover.step_down.id, what=f"Thing {n}"
                        )
                    )
                    guest = {"outside_name": f"Guest {n}", "name": f"Guest {n}", "joined_on": clock.today()}
                    db.session.add(TeamMember(family_id=handover.family.id, **guest))
                    a_need_and_what_is_done(handover.team, n)

        assert costs[0] == costs[1] <= 12, "\n".join(statements)

    def test_the_meeting_costs_the_same(self, council: Council, sign_in: SignIn) -> None:
        handover = a_handover(council)
        meeting = a_meeting(council, handover.team, step_down=True)
        lead = sign_in(council.lead)
        lead.submit(path(meeting), whole(handover))

        with counted_statements(council.app) as statements:
            assert lead.get(f"/meetings/{meeting.ref}").status == 200

        assert len(statements) <= 12, "\n".join(statements)


class TestADayThatCanHardlyBeMeant:
    def test_long_before_the_meeting_it_is_asked_about_once(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        meeting = a_meeting(council, team, review=True)
        day = clock.today() - timedelta(days=365)
        answers = said(team, why_late="Nobody wrote it up", **date_parts("held_on", day)) | when_next()

        asked = sign_in(council.lead).submit(path(meeting), answers)

        assert asked.status == 422
        assert asked.errors[0].startswith(f"{full(day)} is long before the day it was arranged for")
        assert VIEWS in asked.html
        assert asked.form(path(meeting)).send({"long_ago": "y"}).status == 303
        assert f"Held on {full(day)}" in sign_in(council.lead).get(f"/meetings/{meeting.ref}").main

    def test_how_long_before_is_the_councils_standard(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        meeting = a_meeting(council, team, review=True)
        answers = said(team, **date_parts("held_on", clock.today() - timedelta(days=10))) | when_next()
        sign_in(council.manager).submit(
            "/standards/change", {"key": "meeting.before_arranged", "amount": "7", "why": "Nothing is moved further"}
        )

        asked = sign_in(council.lead).submit(path(meeting), answers)

        assert "is long before the day it was arranged for" in asked.errors[0]

    def test_before_anybody_was_born_it_was_not_held(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        meeting = a_meeting(council, team, review=True)
        answers = said(team, long_ago="y", **date_parts("held_on", date(1926, 10, 7))) | when_next()

        page = sign_in(council.lead).submit(path(meeting), answers)

        assert (page.status, page.errors) == (
            422,
            ["Nobody of the family was born by 7 October 1926. Check the year"],
        )
