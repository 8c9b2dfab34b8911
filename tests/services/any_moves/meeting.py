"""Clicks on contacts, meetings and what was outstanding."""

from datetime import time, timedelta

from hypothesis import strategies as st
from hypothesis.stateful import (
    precondition,
    rule,
)
from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.domain.dates import london_date, to_utc
from portal.domain.meetings import AskedBy, Attendance, MeetingState, Rater
from portal.domain.permissions import P
from portal.domain.plans import ActionState, NeedState
from portal.domain.step_downs import (
    NeedOutcome,
    OutstandingState,
)
from portal.domain.support import Method
from portal.domain.viewer import Viewer
from portal.models.families import Family, Person, PersonKind
from portal.models.handover import OutstandingAction, StepDownNeed
from portal.models.teamwork import Meeting, MeetingInvitee, PlanAction, PlanNeed, TeamMember
from portal.services import (
    contacts,
    meeting_changes,
    meetings,
    outstanding,
    scales,
    write_ups,
)
from tests.services.any_moves.clicks import (
    Clicks,
    anybody,
    days_ahead,
    numbers,
)


class MeetingUp(Clicks):
    # Contacts and meetings

    @rule(
        who=anybody, number=numbers, method=st.sampled_from((Method.VISIT, Method.VISIT, *Method)), seen=st.booleans()
    )
    def the_family_is_seen(self, who: str | None, number: int, method: Method, seen: bool) -> None:
        family = self.pick(Family, number)

        def write_down(found: Family, by: Viewer) -> None:
            people = db.session.scalars(select(Person.id).where(Person.family_id == found.id)).all()
            contacts.record(
                found,
                on=clock.today(),
                method=method,
                answered=True,
                seen=[contacts.Seen(person, seen=seen) for person in people],
                note=None,
                by=by,
            )

        self.do(who or self.leader_of(family.id), P.CONTACT_RECORD, family, write_down)

    @rule(
        who=anybody,
        number=numbers,
        days=days_ahead,
        kinds=st.sampled_from(
            (meetings.Kinds(step_down=True), meetings.Kinds(first_team=True), meetings.Kinds(review=True))
        ),
    )
    def a_meeting_is_arranged(self, who: str | None, number: int, days: int, kinds: meetings.Kinds) -> None:
        family = self.pick(Family, number)

        def arrange(found: Family, by: Viewer) -> None:
            meetings.arrange_for(
                found,
                kinds,
                starts_at=to_utc(clock.today() + timedelta(days=days), time(14)),
                place="Family hub",
                members=[row.id for row in self.on_the_team(found.id)],
                why_late="The school holidays" if days > 100 else None,
                by=by,
            )

        self.do(who or self.leader_of(family.id), P.MEETING_ARRANGE, family, arrange)

    @precondition(lambda self: self.has(Meeting, MeetingState.ARRANGED))
    @rule(
        who=anybody,
        number=numbers,
        agreed=st.booleans(),
        outcome=st.sampled_from(("carried", "completed", "dropped", "left")),
    )
    def a_meeting_is_written_up(self, who: str | None, number: int, agreed: bool, outcome: str) -> None:
        meeting = self.pick(Meeting, number, MeetingState.ARRANGED)

        def write_up(found: Meeting, by: Viewer) -> None:
            write_ups.write_up(found, self.minutes(found, outcome, agreed=agreed), by=by)

        self.do(who or self.leader_of(meeting.family_id), P.MEETING_WRITE_UP, meeting, write_up)

    def minutes(self, meeting: Meeting, outcome: str, *, agreed: bool) -> write_ups.Minutes:
        """Everybody came; each outstanding action is settled the same way; whoever was asked first takes what is to
        be taken."""
        asked = [row.member_id for row in self.picture.of(MeetingInvitee, meeting_id=meeting.id)]
        taker = asked[-1] if asked else 0
        settled: dict[int, write_ups.Carried | write_ups.Completed | write_ups.Dropped] = {}
        for action in self.picture.of(OutstandingAction, step_down_id=meeting.step_down_id):
            if action.state is OutstandingState.OUTSTANDING and outcome != "left":
                if outcome == "carried":
                    settled[action.id] = write_ups.Carried(taker, clock.today() + timedelta(days=7), agreed)
                elif outcome == "completed":
                    settled[action.id] = write_ups.Completed("The school confirmed it")
                else:
                    settled[action.id] = write_ups.Dropped("It is not needed")
        needed = db.session.scalars(
            select(StepDownNeed.id).where(
                StepDownNeed.step_down_id == meeting.step_down_id, StepDownNeed.outcome == NeedOutcome.LEFT
            )
        ).all()
        children = [
            person for person in self.picture.of(Person, family_id=meeting.family_id) if person.kind is PersonKind.CHILD
        ]
        done = [row.id for row in self.picture.of(PlanAction, family_id=meeting.family_id, state=ActionState.DONE)]
        return write_ups.Minutes(
            held=meetings.WriteUp(
                held_on=min(london_date(meeting.starts_at), clock.today()),
                attendance=dict.fromkeys(asked, Attendance.ATTENDED),
                family_views="We want one person to ring",
                voices=[meetings.Voice(child.id, "I like my school", None) for child in children],
                decisions="Everybody knows what they do next",
            ),
            next=write_ups.Next(
                to_utc(clock.today() + timedelta(days=21), time(14)),
                "Family hub",
                [member.id for member in self.on_the_team(meeting.family_id)],
            ),
            settled=settled,
            brought=dict.fromkeys(needed, taker) if meeting.is_step_down else {},
            readings=[
                scales.Reading(need.id, Rater.WORKER, 4)
                for need in self.picture.of(PlanNeed, episode_id=meeting.episode_id, state=NeedState.OPEN)
            ],
            discussed=done,
        )

    @precondition(lambda self: self.has(Meeting, MeetingState.ARRANGED))
    @rule(who=anybody, number=numbers, days=days_ahead, moved=st.booleans())
    def a_meeting_is_moved_or_called_off(self, who: str | None, number: int, days: int, moved: bool) -> None:
        meeting = self.pick(Meeting, number, MeetingState.ARRANGED)
        wish = meeting_changes.Wish(AskedBy.FAMILY, "A hospital appointment")

        def change(found: Meeting, by: Viewer) -> None:
            if moved:
                starts_at = to_utc(clock.today() + timedelta(days=days), time(14))
                meeting_changes.reschedule(found, wish, starts_at=starts_at, place="School", by=by)
            else:
                meeting_changes.cancel(found, wish, by=by)

        self.do(who or self.leader_of(meeting.family_id), P.MEETING_ARRANGE, meeting, change)

    # What social work still had to do

    @precondition(lambda self: self.has(OutstandingAction, OutstandingState.OUTSTANDING))
    @rule(
        who=anybody,
        number=numbers,
        member=numbers,
        outcome=st.sampled_from(("carried", "agreed", "completed", "dropped")),
    )
    def an_outstanding_action_is_settled(self, who: str | None, number: int, member: int, outcome: str) -> None:
        action = self.pick(OutstandingAction, number, OutstandingState.OUTSTANDING)
        members = self.picture.of(TeamMember, family_id=action.family_id)

        def settle(found: OutstandingAction, by: Viewer) -> None:
            if outcome == "completed":
                outstanding.complete(found, "The school confirmed it", by=by)
            elif outcome == "dropped":
                outstanding.drop(found, "It is not needed", by=by)
            else:
                outstanding.hand_to(
                    found,
                    owner_id=members[member % len(members)].id if members else 0,
                    due_on=clock.today() + timedelta(days=7),
                    agreed=outcome == "agreed",
                    by=by,
                )

        usual = "social_care_manager" if outcome == "dropped" else self.leader_of(action.family_id)
        self.do(who or usual, P.OUTSTANDING_SETTLE, action, settle)
