"""Writing up a meeting of the team around the family, and arranging the next."""

from datetime import timedelta

from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.domain.dates import Calendar, full, london_date
from portal.domain.meetings import Attendance, MeetingState
from portal.models.teamwork import Meeting, MeetingInvitee, TeamMember
from portal.services import history
from tests.support.handovers import a_handover, a_meeting
from tests.support.people import Council, an_active_family
from tests.support.web import SignIn
from tests.support.write_ups import DECISIONS, path, said, state_of, when_next


class TestWritingUpATeamMeeting:
    def test_the_next_review_is_offered_in_six_weeks_and_arranged(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        meeting = a_meeting(council, team, first_team=True)
        opened = sign_in(council.lead).get(path(meeting)).form()
        offered = [opened.values[f"on-{part}"][0] for part in ("day", "month", "year")]
        in_six_weeks = Calendar().due(clock.today() + timedelta(weeks=6))
        assert offered == [str(in_six_weeks.day), str(in_six_weeks.month), str(in_six_weeks.year)]

        page = opened.send(said(team, at="10am"))

        assert full(in_six_weeks) in page.follow().main
        with council.behind_the_scenes():
            review = db.session.scalars(select(Meeting).where(Meeting.is_review)).one()
        assert london_date(review.starts_at) == in_six_weeks

    def test_without_a_next_date_it_is_refused(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        meeting = a_meeting(council, team, review=True)

        page = sign_in(council.lead).submit(
            path(meeting), said(team, **{"on-day": "", "on-month": "", "on-year": "", "at": "10am"})
        )

        assert page.errors == ["Enter the date of the next meeting"]
        assert state_of(council, meeting) is MeetingState.ARRANGED

    def test_over_twelve_weeks_needs_a_reason(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        meeting = a_meeting(council, team, review=True)

        asked = sign_in(council.lead).submit(
            path(meeting), said(team, **when_next(clock.today() + timedelta(weeks=13)))
        )
        assert asked.status == 422
        assert asked.soup.select_one("#why_late-error")
        assert asked.form().values["decisions"] == [DECISIONS]

        assert asked.form().send({"why_late": "A new baby"}).status == 303

    def test_a_review_that_stands_already_is_the_next(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        meeting = a_meeting(council, team, review=True)
        standing = a_meeting(council, team, review=True, on=clock.today() + timedelta(days=40))

        page = sign_in(council.lead).submit(path(meeting), said(team))

        assert standing.ref in page.follow().main

    def test_it_asks_nothing_of_a_step_down(self, council: Council, sign_in: SignIn) -> None:
        handover = a_handover(council)
        meeting = a_meeting(council, handover.team, first_team=True)

        page = sign_in(council.lead).get(path(meeting))

        assert "Outstanding actions" not in page.main

    def test_a_child_who_was_not_heard_is_named_with_why(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        meeting = a_meeting(council, team, review=True)
        child = team.home.children[0].id

        page = sign_in(council.lead).submit(
            path(meeting), said(team, at="10am", **{f"voice-{child}": "", f"not_heard-{child}": "In hospital"})
        )

        assert "Not heard: In hospital" in page.follow().main

    def test_who_left_the_team_is_still_asked_about(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        meeting = a_meeting(council, team, review=True)
        with council.behind_the_scenes():
            db.session.get_one(TeamMember, team.partner.id).left_on = clock.today()
            history.changed(team.family.id)

        page = sign_in(council.lead).submit(path(meeting), said(team, at="10am"))

        assert page.status == 303
        with council.behind_the_scenes():
            came = db.session.scalars(
                select(MeetingInvitee.attendance).where(MeetingInvitee.member_id == team.partner.id)
            ).all()
        assert came == [Attendance.APOLOGIES]  # and is not asked to the next
