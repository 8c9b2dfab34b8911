"""A meeting written up in one piece: who came, what was said, what becomes of each thing, when the team meets next."""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import select

from portal.core.db import db
from portal.core.errors import FieldRefused, Refused
from portal.domain.event_kinds import E
from portal.domain.meetings import Attendance, MeetingState
from portal.domain.step_downs import NeedOutcome, OutstandingState
from portal.domain.viewer import Viewer
from portal.facts import handing_over
from portal.facts import meetings as known
from portal.models.handover import OutstandingAction, StepDown, StepDownNeed
from portal.models.teamwork import Meeting, TeamMember
from portal.services import actions, history, meetings, outstanding, scales
from portal.services.meetings import Kinds, WriteUp
from portal.services.scales import Reading


@dataclass(frozen=True)
class Carried:
    """An outstanding action goes into the plan. `agreed`: its new owner said so at the meeting, if they came."""

    owner_id: int
    due_on: date
    agreed: bool


@dataclass(frozen=True)
class Completed:
    evidence: str


@dataclass(frozen=True)
class Dropped:
    reason: str


@dataclass(frozen=True)
class Next:
    """When and where the team meets next, and which members of it are asked."""

    starts_at: datetime
    place: str | None
    members: Collection[int]
    why_late: str | None = None
    apart_considered: bool = False


@dataclass(frozen=True)
class Minutes:
    """All that is known after a meeting. Outstanding actions and needs are by id, whoever brings a need by team
    member."""

    held: WriteUp
    next: Next | None = None
    settled: Mapping[int, Carried | Completed | Dropped] = field(default_factory=dict)
    brought: Mapping[int, int] = field(default_factory=dict)
    was_first_team: bool = False
    readings: list[Reading] = field(default_factory=list)
    discussed: list[int] = field(default_factory=list)


def write_up(meeting: Meeting, what: Minutes, *, by: Viewer) -> Meeting | None:
    """Record it as held with all that came of it, or nothing at all. The next meeting is arranged, and returned,
    where none stands yet. Raises FieldRefused at the answer that lacks, with the id it is about: `owner-12`."""
    if what.was_first_team and meeting.state is MeetingState.ARRANGED:
        if not known.asks_for_first(meeting, known.others(meeting)):
            raise Refused("The {first_team_meeting} is arranged already, so this was not it. Open the page again.")
        meeting.is_first_team = True
    meetings.hold(meeting, what.held, by=by)
    scales.record(meeting, what.readings, on=what.held.held_on)
    if what.discussed:
        actions.verify_discussed(meeting.family_id, what.discussed, by=by, on=what.held.held_on)
    if meeting.step_down_id is not None and meeting.is_step_down:
        step_down = db.session.get_one(StepDown, meeting.step_down_id)
        _settle(step_down, what, by=by, family_came=known.family_came(meeting.id))
        _bring(step_down, what, by=by)
    return _meet_again(meeting, what.next, by=by)


def _settle(step_down: StepDown, what: Minutes, *, by: Viewer, family_came: bool) -> None:
    """Each outstanding action, so that none is lost; one that was settled meanwhile is refused by its life."""
    found = {
        action.id: action
        for action in db.session.scalars(
            select(OutstandingAction)
            .where(OutstandingAction.step_down_id == step_down.id)
            .order_by(OutstandingAction.id)
        )
    }
    for action in found.values():
        if action.state is OutstandingState.OUTSTANDING and action.id not in what.settled:
            raise FieldRefused(f"outcome-{action.id}", f"Select what becomes of {action.ref}")
    for action_id, outcome in what.settled.items():
        if action_id not in found:
            raise Refused("One of these outstanding actions belongs to another {step_down}. Open the page again.")
        with _at(action_id):
            _settle_one(found[action_id], step_down, outcome, what.held, by=by, family_came=family_came)


def _settle_one(
    action: OutstandingAction,
    step_down: StepDown,
    outcome: Carried | Completed | Dropped,
    held: WriteUp,
    *,
    by: Viewer,
    family_came: bool,
) -> None:
    match outcome:
        case Carried():
            if step_down.episode_id is None:
                raise Refused("This {step_down} is not accepted yet, so there is no {plan} to carry anything into.")
            owner = _member(step_down.family_id, outcome.owner_id, "owner")
            came = held.attendance.get(owner.id) is Attendance.ATTENDED
            outstanding.carry(
                action,
                episode_id=step_down.episode_id,
                owner=owner,
                due_on=outcome.due_on,
                agreed=outcome.agreed and came,
                on=held.held_on,
                by=by,
            )
        case Completed():
            outstanding.complete(action, outcome.evidence, by=by, on=held.held_on)
        case Dropped():
            outstanding.drop(action, outcome.reason, by=by, on=held.held_on, family_told=family_came)


def _bring(step_down: StepDown, what: Minutes, *, by: Viewer) -> None:
    for need_id, member_id in what.brought.items():
        need = db.session.scalars(
            select(StepDownNeed).where(
                StepDownNeed.id == need_id,
                StepDownNeed.step_down_id == step_down.id,
                StepDownNeed.outcome == NeedOutcome.LEFT,
            )
        ).one()
        with _at(need_id):
            member = _member(step_down.family_id, member_id, "brought")
        need.brought_by_id = member.id
        history.record(E.NEED_BROUGHT, step_down, by=by, data={"whom": member.name, "what": need.what})


def _meet_again(meeting: Meeting, wanted: Next | None, *, by: Viewer) -> Meeting | None:
    others = known.others(meeting)
    first, standing = known.asks_for_first(meeting, others), known.following(others)
    if standing is not None and not first:
        meeting.next_meeting_id = standing.id
        return None
    if wanted is None:
        handing = handing_over.of_step_down(meeting.step_down_id) if meeting.step_down_id else handing_over.Handing()
        if known.next_is_needed(meeting, handing.destination):
            raise FieldRefused("on", "Enter the date the team meets next")
        return None
    following = meetings.arrange(
        meeting.family_id,
        Kinds(first_team=True) if first else Kinds(review=True),
        starts_at=wanted.starts_at,
        place=wanted.place,
        members=wanted.members,
        episode_id=meeting.episode_id,
        why_late=wanted.why_late,
        apart_considered=wanted.apart_considered,
        by=by,
    )
    meeting.next_meeting_id = following.id
    return following


def _member(family_id: int, member_id: int, name: str) -> TeamMember:
    member = db.session.scalars(
        select(TeamMember).where(
            TeamMember.id == member_id, TeamMember.family_id == family_id, TeamMember.left_on.is_(None)
        )
    ).first()
    if member is None:
        raise FieldRefused(name, "Choose somebody who is on the team")
    return member


@contextmanager
def _at(about: int) -> Iterator[None]:
    """What is refused inside is refused at the field about this thing."""
    try:
        yield
    except FieldRefused as refusal:
        raise FieldRefused(f"{refusal.field}-{about}", refusal.words) from None
