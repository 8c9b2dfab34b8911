"""What the write-up of a meeting asks about, and what is stored where it was written up already."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Date, String, and_, cast, literal, null, select, union_all
from sqlalchemy.orm import aliased

from portal.core import clock
from portal.core.db import db
from portal.domain.dates import Calendar, full, london_date, moment
from portal.domain.meetings import Attendance, MeetingState, Rater
from portal.domain.plans import ActionState
from portal.domain.standards import Standard
from portal.domain.step_downs import NeedOutcome, OutstandingState
from portal.facts import handing_over, practice, scales
from portal.facts import meetings as known
from portal.facts.handing_over import Handing
from portal.models.families import Family, SafeContact
from portal.models.handover import StepDownNeed
from portal.models.teamwork import Meeting, MeetingInvitee, MeetingVoice, PlanAction, TeamMember
from portal.queries.households import Living, living
from portal.queries.meetings import Other, member_words, named, outstanding_of
from portal.queries.team import what

_NOBODY = cast(null(), String).label("name")
_NEVER = cast(null(), Date).label("done_on")


@dataclass(frozen=True)
class Invitee:
    """Somebody whose attendance is asked, or could be told. `leaves`: the social worker who hands over. `may_be_asked`:
    to the next meeting."""

    id: int
    name: str
    words: str
    invited: bool
    on_team: bool
    of_family: bool
    leaves: bool
    may_be_asked: bool
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
class ToMeasure:
    """An open need of the plan, and what each person last said of it."""

    id: int
    what: str
    last: dict[Rater, int]


@dataclass(frozen=True)
class DoneAction:
    """Something that is done, and that nobody has looked at since."""

    id: int
    ref: str
    words: str
    on: date


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
    ahead: bool
    invitees: list[Invitee]
    children: list[Living]
    voices: dict[int, tuple[str | None, str | None]]
    outstanding: list[ToSettle]
    needs: list[NeedLeft]
    measured: list[ToMeasure]
    must_measure: bool
    done: list[DoneAction]
    asks_for_first: bool
    next: Other | None
    next_needed: bool
    not_asked: list[str]
    offered_on: date | None
    first_by: str | None
    calendar: Calendar


def to_write_up(meeting: Meeting) -> ToWriteUp:
    """In a fixed number of statements, whatever the numbers of people, needs and actions."""
    held = meeting.state is MeetingState.HELD
    handover = meeting.step_down_id if meeting.is_step_down else None
    handing = handing_over.of_step_down(handover) if handover else Handing()
    family, others = _around(meeting)
    first = known.asks_for_first(meeting, others)
    following = None if first else known.following(others)
    measures = meeting.is_first_team or meeting.is_review
    days, team = practice.calendar(), _team(meeting)
    first_by = _limit(meeting, handing, days) if first else None
    needs, done = _left_and_done(meeting, handover)
    return ToWriteUp(
        family_ref=family.ref,
        family_name=family.name,
        what=what(meeting),
        when=moment(meeting.starts_at),
        arranged_on=london_date(meeting.starts_at),
        held=held,
        arranged=meeting.state is MeetingState.ARRANGED,
        ahead=meeting.state is MeetingState.ARRANGED and london_date(meeting.starts_at) > clock.today(),
        invitees=[_invitee(row, handing.leaver) for row in team],
        children=[person for person in living(meeting.family_id) if person.is_child],
        voices=_stored_voices(meeting.id) if held else {},
        outstanding=_to_settle(handover, handing.decides) if handover else [],
        needs=needs,
        measured=_to_measure(meeting) if first or measures else [],
        must_measure=measures,
        done=done,
        asks_for_first=first,
        next=named(following) if following else None,
        next_needed=following is None and known.next_is_needed(meeting, handing.destination),
        not_asked=[row.name for row in team if row.left_on is None and row.never_contact],
        offered_on=_first_by(first_by, days) if first else _review_on(meeting, days),
        first_by=full(first_by) if first_by else None,
        calendar=days,
    )


def _around(meeting: Meeting) -> tuple[Family, list[Meeting]]:
    """Its family, and the meetings that stand beside it."""
    rows = db.session.execute(
        select(Family, Meeting)
        .outerjoin(Meeting, and_(Meeting.family_id == Family.id, *known.beside(meeting)))
        .where(Family.id == meeting.family_id)
        .order_by(Meeting.starts_at, Meeting.id)
    ).all()
    return rows[0].Family, [row.Meeting for row in rows if row.Meeting is not None]


def _review_on(meeting: Meeting, days: Calendar) -> date:
    """Six weeks after this meeting, or what the council has set; today, where that has gone by."""
    weeks = practice.amount(Standard.TEAM_REVIEW)
    return days.due(max(clock.today(), london_date(meeting.starts_at) + timedelta(weeks=weeks)))


def _first_by(by: date | None, days: Calendar) -> date | None:
    """The last day by the standard; today, where that has gone by."""
    return days.due(max(clock.today(), by)) if by else None


def _limit(meeting: Meeting, handing: Handing, days: Calendar) -> date | None:
    """By when the team meets first, where the destination brings a team together."""
    if handing.decided_on is None or not known.next_is_needed(meeting, handing.destination):
        return None
    return practice.due_after(handing.decided_on, Standard.FIRST_TEAM, days)


def _team(meeting: Meeting) -> Any:
    """Who was asked, and who else is on the team."""
    invited = aliased(MeetingInvitee)
    return db.session.execute(
        select(
            TeamMember.id,
            TeamMember.name,
            TeamMember.organisation,
            TeamMember.person_id,
            TeamMember.user_id,
            TeamMember.left_on,
            invited.id.label("invited"),
            invited.attendance,
            SafeContact.never_contact,
        )
        .outerjoin(invited, (invited.member_id == TeamMember.id) & (invited.meeting_id == meeting.id))
        .outerjoin(SafeContact, SafeContact.person_id == TeamMember.person_id)
        .where(TeamMember.family_id == meeting.family_id, invited.id.is_not(None) | TeamMember.left_on.is_(None))
        .order_by(TeamMember.id)
    ).all()


def _invitee(row: Any, leaver: int | None) -> Invitee:
    return Invitee(
        row.id,
        row.name,
        member_words(row),
        invited=row.invited is not None,
        on_team=row.left_on is None,
        of_family=row.person_id is not None,
        leaves=row.user_id is not None and row.user_id == leaver,
        may_be_asked=row.left_on is None and not row.never_contact,
        attendance=row.attendance,
    )


def _stored_voices(meeting_id: int) -> dict[int, tuple[str | None, str | None]]:
    rows = db.session.execute(
        select(MeetingVoice.person_id, MeetingVoice.voice, MeetingVoice.not_heard).where(
            MeetingVoice.meeting_id == meeting_id
        )
    ).all()
    return {row.person_id: (row.voice, row.not_heard) for row in rows}


def _to_settle(step_down_id: int, who: str) -> list[ToSettle]:
    found = []
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


def _to_measure(meeting: Meeting) -> list[ToMeasure]:
    """Each open need with the last that parent, child and worker said of it."""
    found: dict[int, ToMeasure] = {}
    for need, rater, value in db.session.execute(scales.open_needs_with_readings(meeting)):
        measured = found.setdefault(need.id, ToMeasure(need.id, need.what, {}))
        if rater is not None:
            measured.last[rater] = value
    return list(found.values())


def _left_and_done(meeting: Meeting, step_down_id: int | None) -> tuple[list[NeedLeft], list[DoneAction]]:
    """What the step-down left, and what was done in the plan by the day of the meeting: one statement for both."""
    left = select(
        literal("need").label("kind"), StepDownNeed.id, StepDownNeed.what, StepDownNeed.brought_by_id, _NOBODY, _NEVER
    ).where(StepDownNeed.step_down_id == step_down_id, StepDownNeed.outcome == NeedOutcome.LEFT)
    done = (
        select(
            literal("done").label("kind"),
            PlanAction.id,
            PlanAction.what,
            PlanAction.owner_id,
            TeamMember.name,
            PlanAction.done_on,
        )
        .join(TeamMember, TeamMember.id == PlanAction.owner_id)
        .where(
            PlanAction.episode_id == meeting.episode_id,
            PlanAction.state == ActionState.DONE,
            PlanAction.done_on <= london_date(meeting.starts_at),
        )
    )
    rows: Any = db.session.execute(union_all(left, done)).all()
    return (
        [NeedLeft(*row[1:4]) for row in sorted(rows, key=lambda row: row.id) if row.kind == "need"],
        [
            DoneAction(
                row.id,
                f"{PlanAction.ref_prefix}-{row.id}",
                f"{PlanAction.ref_prefix}-{row.id}: {row.what}, {row.name}",
                row.done_on,
            )
            for row in sorted(rows, key=lambda row: row.id)
            if row.kind == "done"
        ],
    )
