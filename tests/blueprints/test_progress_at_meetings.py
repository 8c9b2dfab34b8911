"""How far things have come, said at each meeting; and one tick for all that is done."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.domain.dates import full
from portal.domain.meetings import MeetingState, Rater
from portal.domain.plans import ActionState
from portal.models.teamwork import Meeting, PlanAction, PlanNeed, ScaleReading
from tests.support.handovers import a_handover, a_meeting
from tests.support.people import Council, Team, an_active_family, history_of
from tests.support.web import SignIn, date_parts
from tests.support.write_ups import done, path, said, settled, state_of, when_next, whole


def numbers(team: Team, **of: str | None) -> dict[str, Any]:
    return {f"scale_{rater}-{team.need.id}": number for rater, number in of.items()}


def readings(council: Council, meeting: Meeting) -> dict[Rater, int]:
    with council.behind_the_scenes():
        rows = db.session.scalars(select(ScaleReading).where(ScaleReading.meeting_id == meeting.id)).all()
        return {row.rater: row.value for row in rows}


def now(council: Council, action: PlanAction) -> ActionState:
    with council.behind_the_scenes():
        return db.session.get_one(PlanAction, action.id).state


class TestHowFarThingsHaveCome:
    def test_each_says_a_number_and_the_meeting_shows_how_it_moved(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        first, review = a_meeting(council, team, first_team=True), a_meeting(council, team, review=True)
        lead = sign_in(council.lead)
        lead.submit(path(first), said(team) | numbers(team, parent="3", child="5", worker="4") | when_next())

        opened = lead.get(path(review))
        assert "Last time 3" in opened.main
        page = opened.form(path(review)).send(
            said(team) | numbers(team, parent="6", child="5", worker="2") | when_next()
        )

        shown = page.follow().main
        assert "Parent: 6, up from 3. Child: 5, as last time. Worker: 2, down from 4" in shown
        on_the_plan = lead.get(f"/families/{team.ref}/plan").main
        assert "Parent: 6, up from 3. Child: 5, as last time. Worker: 2, down from 4" in on_the_plan
        with council.behind_the_scenes():
            need = db.session.get_one(PlanNeed, team.need.id)
        assert (need.scale_start, need.scale_now) == (4, 2)

    def test_who_was_not_asked_is_left_out(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        meeting = a_meeting(council, team, review=True)

        sign_in(council.lead).submit(path(meeting), said(team) | numbers(team, worker=None, child="0") | when_next())

        assert readings(council, meeting) == {Rater.CHILD: 0}

    @pytest.mark.parametrize(
        ("typed", "words"),
        [
            ("", "Enter how far things have come, from 0 to 10, for"),
            ("11", "What the worker said must be a whole number from 0 to 10"),
            ("4.5", "What the worker said must be a whole number from 0 to 10"),
            ("-1", "What the worker said must be a whole number from 0 to 10"),
        ],
    )
    def test_a_review_without_a_number_for_a_need_is_refused(
        self, council: Council, sign_in: SignIn, typed: str, words: str
    ) -> None:
        team = an_active_family(council)
        meeting = a_meeting(council, team, review=True)

        page = sign_in(council.lead).submit(path(meeting), said(team) | numbers(team, worker=typed) | when_next())

        assert page.status == 422
        assert len(page.errors) == 1
        assert words in page.errors[0]
        assert state_of(council, meeting) is MeetingState.ARRANGED

    def test_a_step_down_meeting_needs_them_only_where_it_was_the_first_of_the_team(
        self, council: Council, sign_in: SignIn
    ) -> None:
        handover = a_handover(council)
        meeting = a_meeting(council, handover.team, step_down=True)
        form = sign_in(council.lead).get(path(meeting)).form(path(meeting))
        answers = whole(handover, **settled(handover)) | numbers(handover.team, worker="")

        refused = form.send(answers | {"was_first_team": "y"})
        assert any("Enter how far things have come" in words for words in refused.errors)

        assert form.send(answers).status == 303


class TestAllDiscussed:
    def test_one_tick_checks_all_that_is_done(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        some, more = done(council, team), done(council, team, "Book the room")
        meeting = a_meeting(council, team, review=True)

        page = sign_in(council.lead).submit(path(meeting), said(team, discussed="y") | when_next())

        assert page.status == 303, page.main
        assert {now(council, some), now(council, more)} == {ActionState.VERIFIED}
        assert history_of(council, team.family.id).count("action.verified") == 2

    def test_without_the_tick_nothing_is_checked(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        action = done(council, team)
        meeting = a_meeting(council, team, review=True)

        sign_in(council.lead).submit(path(meeting), said(team) | when_next())

        assert now(council, action) is ActionState.DONE

    def test_what_was_done_after_the_page_was_opened_was_not_talked_about(
        self, council: Council, sign_in: SignIn
    ) -> None:
        team = an_active_family(council)
        yesterday = clock.today() - timedelta(days=1)
        talked_about = done(council, team, on=yesterday)
        meeting = a_meeting(council, team, review=True, on=yesterday)
        form = sign_in(council.lead).get(path(meeting)).form(path(meeting))
        later = done(council, team, "Book the room")

        form.send(said(team, discussed="y") | when_next())

        assert (now(council, talked_about), now(council, later)) == (ActionState.VERIFIED, ActionState.DONE)

    def test_what_was_done_after_the_day_of_the_meeting_is_not_verified_by_it(
        self, council: Council, sign_in: SignIn
    ) -> None:
        team = an_active_family(council)
        action = done(council, team)
        meeting = a_meeting(council, team, review=True)
        yesterday = date_parts("held_on", clock.today() - timedelta(days=1))
        answers = said(team, discussed="y") | when_next() | yesterday

        refused = sign_in(council.lead).submit(path(meeting), answers)

        assert refused.status == 422
        assert f"{action.ref} was done on {full(clock.today())}, after this meeting" in refused.errors[0]
        assert refused.soup.select_one("#discussed-error")
        assert refused.form().send().status == 303
        assert now(council, action) is ActionState.DONE
