"""The gates of a step-down: what holds, what does not, on whom it waits and since when."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, or_, select
from sqlalchemy.orm import aliased

from portal.core.db import db
from portal.domain.dates import london_date
from portal.domain.leads import LeadState
from portal.domain.meetings import MeetingState
from portal.domain.plans import LIVE_ACTIONS, ActionState
from portal.domain.step_downs import GATES_OF, Destination, Gate, NeedOutcome, OutstandingState
from portal.domain.support import CheckState, Method, ReferralState
from portal.domain.wording import GATES
from portal.facts.completeness import ANSWERED
from portal.models.families import CoordinatorAssignment, ParentalResponsibility
from portal.models.following import FollowUpCheck, SupportReferral
from portal.models.handover import (
    EngagementRecord,
    LeadAssignment,
    OutstandingAction,
    StepDown,
    StepDownChild,
    StepDownNeed,
)
from portal.models.people import User
from portal.models.teamwork import Contact, ContactPerson, Meeting, PlanAction, TeamMember
from portal.policies.scope import unscoped


@dataclass(frozen=True)
class GateState:
    """One gate. `waits_on` is a name, or a concept in braces; `since` the day it began to wait."""

    gate: Gate
    words: str
    holds: bool
    waits_on: str | None = None
    since: date | None = None
    detail: str | None = None


@dataclass(frozen=True)
class _Scene:
    """Who is who around one step-down, read once."""

    step_down: StepDown
    social_worker: str
    coordinator: str
    lead: str | None
    lead_id: int | None
    nominee: str | None
    nominated_on: date | None

    @property
    def leading(self) -> str:
        return self.lead or self.coordinator

    @property
    def since(self) -> date | None:
        return london_date(self.step_down.answered_at) if self.step_down.answered_at else self.step_down.decision_on


def of(step_down: StepDown) -> list[GateState]:
    """The gates of this step-down's destination in their order. Read past the seat-belt: a gate must not open
    because somebody cannot see what keeps it shut."""
    if step_down.destination is None:
        return []
    with unscoped("gates"):
        scene = _scene(step_down)
        return [_TESTS[gate](scene) for gate in GATES_OF[step_down.destination]]


def _scene(step_down: StepDown) -> _Scene:
    people = db.session.execute(
        select(LeadAssignment.state, User.name, User.id, LeadAssignment.nominated_at)
        .join(User, User.id == LeadAssignment.user_id)
        .where(
            LeadAssignment.family_id == step_down.family_id,
            LeadAssignment.state.in_([LeadState.NOMINATED, LeadState.ACCEPTED]),
        )
    ).all()
    lead = next((row for row in people if row.state is LeadState.ACCEPTED), None)
    nominee = next((row for row in people if row.state is LeadState.NOMINATED), None)
    worker = db.session.execute(select(User.name).where(User.id == step_down.social_worker_id)).scalar_one()
    coordinator = db.session.execute(
        select(User.name)
        .join(CoordinatorAssignment, CoordinatorAssignment.user_id == User.id)
        .where(CoordinatorAssignment.family_id == step_down.family_id, CoordinatorAssignment.to_on.is_(None))
    ).scalar_one_or_none()
    return _Scene(
        step_down,
        social_worker=worker,
        coordinator=coordinator or "{coordinator:many}",
        lead=lead.name if lead else None,
        lead_id=lead.id if lead else None,
        nominee=nominee.name if nominee else None,
        nominated_on=london_date(nominee.nominated_at) if nominee else None,
    )


def _state(gate: Gate, holds: bool, waits_on: str, since: date | None, detail: str | None = None) -> GateState:
    if holds:
        return GateState(gate, GATES[gate], holds=True)
    return GateState(gate, GATES[gate], holds=False, waits_on=waits_on, since=since, detail=detail)


def _agreement(scene: _Scene) -> GateState:
    """The latest answer of somebody with parental responsibility for a child of the step-down, or of a child who
    can decide. Another parent's no does not close it."""
    parents = (
        select(ParentalResponsibility.adult_id)
        .join(StepDownChild, StepDownChild.person_id == ParentalResponsibility.child_id)
        .where(StepDownChild.step_down_id == scene.step_down.id)
    )
    latest = (
        select(func.max(EngagementRecord.id))
        .where(EngagementRecord.family_id == scene.step_down.family_id)
        .group_by(EngagementRecord.person_id)
    )
    agreed = db.session.execute(
        select(EngagementRecord.id)
        .where(
            EngagementRecord.id.in_(latest),
            EngagementRecord.answer.in_(ANSWERED),
            or_(EngagementRecord.person_id.in_(parents), EngagementRecord.child_can_decide),
        )
        .limit(1)
    ).first()
    return _state(Gate.AGREEMENT, agreed is not None, scene.social_worker, scene.step_down.decision_on)


def _lead(scene: _Scene) -> GateState:
    waits_on = scene.nominee or scene.coordinator
    return _state(Gate.LEAD, scene.lead is not None, waits_on, scene.nominated_on or scene.since)


def _meeting(scene: _Scene) -> GateState:
    held = db.session.execute(
        select(Meeting.id)
        .where(
            Meeting.family_id == scene.step_down.family_id,
            Meeting.step_down_id == scene.step_down.id,
            Meeting.is_step_down,
            Meeting.state == MeetingState.HELD,
        )
        .limit(1)
    ).first()
    return _state(Gate.MEETING, held is not None, scene.leading, scene.since)


def _outstanding(scene: _Scene) -> GateState:
    rows = db.session.execute(
        select(OutstandingAction.id, OutstandingAction.state, PlanAction.state.label("carried"), TeamMember.name)
        .outerjoin(PlanAction, PlanAction.id == OutstandingAction.plan_action_id)
        .outerjoin(TeamMember, TeamMember.id == PlanAction.owner_id)
        .where(OutstandingAction.step_down_id == scene.step_down.id)
        .order_by(OutstandingAction.id)
    ).all()
    unsettled = [row for row in rows if row.state is OutstandingState.OUTSTANDING]
    unagreed = [row for row in rows if row.carried is ActionState.PROPOSED]
    waits_on = scene.leading if unsettled else ", ".join(dict.fromkeys(row.name for row in unagreed))
    detail = (
        f"{len(unsettled)} of {len(rows)} still to settle"
        if unsettled
        else "Carried, but not agreed by the new owner yet"
    )
    return _state(Gate.OUTSTANDING, not unsettled and not unagreed, waits_on, scene.since, detail)


def _family_met(scene: _Scene) -> GateState:
    """Each child seen by the lead, or why not and when; and the lead met somebody of the family."""
    children = select(StepDownChild.person_id).where(StepDownChild.step_down_id == scene.step_down.id)
    # With one agency a joint call will do (lifecycles 1, single agency); a team's lead meets face to face.
    methods = [Method.VISIT, Method.MEETING]
    if scene.step_down.destination is Destination.SINGLE_AGENCY:
        methods.append(Method.CALL)
    rows = db.session.execute(
        select(ContactPerson.person_id, ContactPerson.seen, ContactPerson.will_see_on)
        .join(Contact, Contact.id == ContactPerson.contact_id)
        .where(
            Contact.family_id == scene.step_down.family_id,
            Contact.made_by_id == (scene.lead_id or -1),
            Contact.method.in_(methods),
        )
    ).all()
    met = any(row.seen for row in rows)
    accounted = {row.person_id for row in rows if row.seen or row.will_see_on}
    wanted = set(db.session.scalars(children))
    unseen = wanted - accounted
    detail = f"{len(wanted) - len(unseen)} of {len(wanted)} children seen" if met and unseen else None
    return _state(Gate.FAMILY_MET, met and not unseen, scene.leading, scene.since, detail)


def _needs(scene: _Scene) -> GateState:
    action, referral = aliased(PlanAction), aliased(SupportReferral)
    covered = or_(
        StepDownNeed.brought_by_id.is_not(None),
        select(action.id)
        .where(action.plan_need_id == StepDownNeed.plan_need_id, action.state.in_(LIVE_ACTIONS))
        .exists(),
        select(referral.id)
        .where(referral.plan_need_id == StepDownNeed.plan_need_id, referral.state != ReferralState.NOT_STARTED)
        .exists(),
    )
    uncovered = db.session.scalars(
        select(StepDownNeed.what)
        .where(
            StepDownNeed.step_down_id == scene.step_down.id,
            StepDownNeed.outcome == NeedOutcome.LEFT,
            ~covered,
        )
        .order_by(StepDownNeed.id)
    ).all()
    detail = "Nothing agreed yet for: " + "; ".join(uncovered) if uncovered else None
    return _state(Gate.NEEDS, not uncovered, scene.leading, scene.since, detail)


def _first_team(scene: _Scene) -> GateState:
    dated = db.session.execute(
        select(Meeting.id).where(Meeting.family_id == scene.step_down.family_id, Meeting.is_first_team).limit(1)
    ).first()
    return _state(Gate.FIRST_TEAM, dated is not None, scene.leading, scene.since)


def _checks(scene: _Scene) -> GateState:
    followed = (
        select(FollowUpCheck.id)
        .where(FollowUpCheck.referral_id == SupportReferral.id, FollowUpCheck.state == CheckState.DUE)
        .exists()
    )
    loose = db.session.scalars(
        select(SupportReferral.service_name)
        .where(
            SupportReferral.family_id == scene.step_down.family_id,
            SupportReferral.state != ReferralState.NOT_STARTED,
            ~followed,
        )
        .order_by(SupportReferral.id)
    ).all()
    detail = "Nobody checks: " + "; ".join(loose) if loose else None
    return _state(Gate.CHECKS, not loose, scene.leading, scene.since, detail)


_TESTS: dict[Gate, Callable[[_Scene], GateState]] = {
    Gate.AGREEMENT: _agreement,
    Gate.LEAD: _lead,
    Gate.MEETING: _meeting,
    Gate.OUTSTANDING: _outstanding,
    Gate.FAMILY_MET: _family_met,
    Gate.NEEDS: _needs,
    Gate.FIRST_TEAM: _first_team,
    Gate.CHECKS: _checks,
}
