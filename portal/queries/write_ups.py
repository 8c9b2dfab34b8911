"""What the write-up of a meeting asks about, and what is stored where it was written up already."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import aliased

from portal.core import clock
from portal.core.db import db
from portal.domain.dates import Calendar, london_date, moment
from portal.domain.meetings import Attendance, MeetingState
from portal.domain.standards import Standard
from portal.domain.step_downs import NeedOutcome, OutstandingState
from portal.facts import handing_over, practice
from portal.facts import meetings as known
from portal.models.handover import StepDownNeed
from portal.models.teamwork import Meeting, MeetingInvitee, MeetingVoice, TeamMember
from portal.queries.households import Living, living
from portal.queries.meetings import Other, family_of, member_words, named, outstanding_of
from portal.queries.team import what


@dataclass(frozen=True)
class Invitee:
    """Somebody whose attendance is asked, or could be told. `leaves`: the social worker who hands over."""

    id: int
    name: str
    words: str
    invited: bool
    on_team: bool
    of_family: bool
    leaves: bool
    attendance: Attendance | None


@dataclass(frozen=True)
class ToSettle:
    """An outstanding action of the step-down, with what is stored of it. `kept`: why it cannot be dropped here."""

    id: int
    ref: str
    what: str
    concerns_safety: bool
    kept: str | None
    state: OutstandingState
    evidence: str | None
    drop_reason: str | None
    owner_id: int | None
    due_on: date | None


@dataclass(frozen=True)
class NeedLeft:
    id: int
    what: str
    brought_by_id: int | None


@dataclass(frozen=True)
class ToWriteUp:
    """All that a write-up asks about, with what is stored where it was written up already."""

    family_ref: str
    family_name: str
    what: str
    when: str
    arranged_on: date
    held: bool
    arranged: bool
    invitees: list[Invitee]
    children: list[Living]
    voices: dict[int, tuple[str | None, str | None]]
    outstanding: list[ToSettle]
    needs: list[NeedLeft]
    asks_for_first: bool
    next: Other | None
    next_needed: bool
    not_asked: list[str]
    review_on: date
    calendar: Calendar


def to_write_up(meeting: Meeting) -> ToWriteUp:
    held = meeting.state is MeetingState.HELD
    handover = meeting.step_down_id if meeting.is_step_down else None
    first = known.asks_for_first(meeting)
    following = None if first else known.following(meeting)
    days, family = practice.calendar(), family_of(meeting)
    return ToWriteUp(
        family_ref=family.ref,
        family_name=family.name,
        what=what(meeting),
        when=moment(meeting.starts_at),
        arranged_on=london_date(meeting.starts_at),
        held=held,
        arranged=meeting.state is MeetingState.ARRANGED,
        invitees=_invitees(meeting, handing_over.leaver(handover) if handover else None),
        children=[person for person in living(meeting.family_id) if person.is_child],
        voices=_stored_voices(meeting.id) if held else {},
        outstanding=_to_settle(handover) if handover else [],
        needs=_needs_left(handover) if handover else [],
        asks_for_first=first,
        next=named(following) if following else None,
        next_needed=following is None and known.next_is_needed(meeting),
        not_asked=known.never_asked(meeting.family_id),
        review_on=days.due(clock.today() + timedelta(weeks=practice.amount(Standard.TEAM_REVIEW))),
        calendar=days,
    )


def _invitees(meeting: Meeting, leaver: int | None) -> list[Invitee]:
    invited = aliased(MeetingInvitee)
    rows = db.session.execute(
        select(
            TeamMember.id,
            TeamMember.name,
            TeamMember.organisation,
            TeamMember.person_id,
            TeamMember.user_id,
            TeamMember.left_on,
            invited.id.label("invited"),
            invited.attendance,
        )
        .outerjoin(invited, (invited.member_id == TeamMember.id) & (invited.meeting_id == meeting.id))
        .where(TeamMember.family_id == meeting.family_id, invited.id.is_not(None) | TeamMember.left_on.is_(None))
        .order_by(TeamMember.id)
    ).all()
    return [
        Invitee(
            row.id,
            row.name,
            member_words(row),
            invited=row.invited is not None,
            on_team=row.left_on is None,
            of_family=row.person_id is not None,
            leaves=row.user_id is not None and row.user_id == leaver,
            attendance=row.attendance,
        )
        for row in rows
    ]


def _stored_voices(meeting_id: int) -> dict[int, tuple[str | None, str | None]]:
    rows = db.session.execute(
        select(MeetingVoice.person_id, MeetingVoice.voice, MeetingVoice.not_heard).where(
            MeetingVoice.meeting_id == meeting_id
        )
    ).all()
    return {row.person_id: (row.voice, row.not_heard) for row in rows}


def _to_settle(step_down_id: int) -> list[ToSettle]:
    found, who = [], handing_over.who_decides(step_down_id)
    for row in outstanding_of(step_down_id):
        action, plan = row.OutstandingAction, row.PlanAction
        found.append(
            ToSettle(
                action.id,
                action.ref,
                action.what,
                action.concerns_safety,
                handing_over.safety_words(action.ref, who) if action.concerns_safety else None,
                action.state,
                action.evidence,
                action.drop_reason,
                plan.owner_id if plan else None,
                plan.due_on if plan else None,
            )
        )
    return found


def _needs_left(step_down_id: int) -> list[NeedLeft]:
    rows = db.session.execute(
        select(StepDownNeed.id, StepDownNeed.what, StepDownNeed.brought_by_id)
        .where(StepDownNeed.step_down_id == step_down_id, StepDownNeed.outcome == NeedOutcome.LEFT)
        .order_by(StepDownNeed.id)
    ).all()
    return [NeedLeft(*row) for row in rows]
