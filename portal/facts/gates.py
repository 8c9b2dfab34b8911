"""The gates of a step-down: what holds, what does not, on whom it waits and since when."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, and_, func, or_, select

from portal.core.db import db
from portal.domain.dates import counted, full, london_date
from portal.domain.engagement import EARLY_HELP
from portal.domain.meetings import STANDING, MeetingState
from portal.domain.plans import OPEN_ACTIONS, ActionState
from portal.domain.step_downs import GATES_OF, Destination, Gate, NeedOutcome, OutstandingState
from portal.domain.support import CheckState, Method, ReferralState
from portal.domain.wording import GATES
from portal.facts import handovers, plans
from portal.facts.completeness import ANSWERED
from portal.facts.handovers import Scene
from portal.models.families import ParentalResponsibility
from portal.models.following import FollowUpCheck, SupportReferral
from portal.models.handover import (
    EngagementRecord,
    OutstandingAction,
    StepDown,
    StepDownChild,
    StepDownNeed,
)
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


def of(step_down: StepDown) -> list[GateState]:
    """The gates of this step-down's destination in their order; none while it has no destination."""
    return of_each([step_down])[step_down.id]


def of_each(step_downs: Iterable[StepDown]) -> dict[int, list[GateState]]:
    """The gates of several step-downs by id, in as many statements as for one. Read past the seat-belt: a gate must
    not open because somebody cannot see what keeps it shut."""
    given = list(step_downs)
    found: dict[int, list[GateState]] = {each.id: [] for each in given}
    with unscoped("gates"):
        scenes = handovers.scenes(given)
        asked = {gate for scene in scenes for gate in GATES_OF[scene.destination]}
        judged = {gate: _JUDGES[gate](scenes) for gate in sorted(asked)}
    for scene in scenes:
        found[scene.id] = [judged[gate][scene.id] for gate in GATES_OF[scene.destination]]
    return found


def _ids(scenes: list[Scene]) -> list[int]:
    return [scene.id for scene in scenes]


def _families(scenes: list[Scene]) -> list[int]:
    return [scene.step_down.family_id for scene in scenes]


def _by_step_down(statement: Any) -> defaultdict[int, list[Row[Any]]]:
    """Rows by their first column."""
    found: defaultdict[int, list[Row[Any]]] = defaultdict(list)
    for row in db.session.execute(statement):
        found[row[0]].append(row)
    return found


def _state(gate: Gate, holds: bool, waits_on: str, since: date | None, detail: str | None = None) -> GateState:
    if holds:
        return GateState(gate, GATES[gate], holds=True)
    return GateState(gate, GATES[gate], holds=False, waits_on=waits_on, since=since, detail=detail)


def _agreement(scenes: list[Scene]) -> dict[int, GateState]:
    """The latest answer of somebody with parental responsibility for a child of the step-down, or of a child who
    can decide. Another parent's no does not close it."""
    responsible = (
        select(ParentalResponsibility.id)
        .join(StepDownChild, StepDownChild.person_id == ParentalResponsibility.child_id)
        .where(StepDownChild.step_down_id == StepDown.id, ParentalResponsibility.adult_id == EngagementRecord.person_id)
        .exists()
    )
    latest = (
        select(func.max(EngagementRecord.id))
        .where(
            EngagementRecord.family_id.in_(_families(scenes)),
            EngagementRecord.purpose == EARLY_HELP,
            EngagementRecord.organisation_id.is_(None),
        )
        .group_by(EngagementRecord.person_id)
    )
    agreed = set(
        db.session.scalars(
            select(StepDown.id)
            .join(EngagementRecord, EngagementRecord.family_id == StepDown.family_id)
            .where(
                StepDown.id.in_(_ids(scenes)),
                EngagementRecord.id.in_(latest),
                EngagementRecord.answer.in_(ANSWERED),
                or_(EngagementRecord.child_can_decide, responsible),
            )
        )
    )
    return {
        scene.id: _state(Gate.AGREEMENT, scene.id in agreed, scene.social_worker, scene.step_down.decision_on)
        for scene in scenes
    }


def _lead(scenes: list[Scene]) -> dict[int, GateState]:
    return {
        scene.id: _state(
            Gate.LEAD, scene.lead is not None, scene.nominee or scene.coordinator, scene.nominated_on or scene.since
        )
        for scene in scenes
    }


def _meeting(scenes: list[Scene]) -> dict[int, GateState]:
    rows = _by_step_down(
        select(Meeting.step_down_id, Meeting.state, Meeting.starts_at)
        .where(Meeting.step_down_id.in_(_ids(scenes)), Meeting.is_step_down)
        .order_by(Meeting.starts_at, Meeting.id)
    )

    def judge(scene: Scene) -> GateState:
        held = any(row.state is MeetingState.HELD for row in rows[scene.id])
        arranged = [row for row in rows[scene.id] if row.state is MeetingState.ARRANGED]
        detail = f"Arranged for {full(london_date(arranged[-1].starts_at))}" if arranged else None
        return _state(Gate.MEETING, held, scene.leading, scene.since, detail)

    return {scene.id: judge(scene) for scene in scenes}


def _outstanding(scenes: list[Scene]) -> dict[int, GateState]:
    rows = _by_step_down(
        select(
            OutstandingAction.step_down_id,
            OutstandingAction.state,
            PlanAction.state.label("carried"),
            PlanAction.proposed_at,
            plans.once_agreed(PlanAction).label("agreed"),
            TeamMember.name,
        )
        .outerjoin(PlanAction, PlanAction.id == OutstandingAction.plan_action_id)
        .outerjoin(TeamMember, TeamMember.id == PlanAction.owner_id)
        .where(OutstandingAction.step_down_id.in_(_ids(scenes)))
        .order_by(OutstandingAction.id)
    )

    def judge(scene: Scene) -> GateState:
        mine = rows[scene.id]
        unsettled = [row for row in mine if row.state is OutstandingState.OUTSTANDING]
        back = [row for row in mine if row.carried is ActionState.HANDED_BACK]
        # What was dropped after it was carried is settled: with a reason, and for safety by social work's manager.
        unagreed = [row for row in mine if row.carried in OPEN_ACTIONS and not row.agreed]
        who = ([scene.leading] if unsettled or back else []) + [row.name for row in unagreed]
        since = (
            scene.since if unsettled else min((london_date(row.proposed_at) for row in back + unagreed), default=None)
        )
        details = [f"{len(unsettled)} of {len(mine)} still to settle"] if unsettled else []
        if back:
            details.append(f"{len(back)} handed back by the new owner")
        if unagreed:
            details.append(f"{len(unagreed)} carried, but not agreed by the new owner yet")
        return _state(Gate.OUTSTANDING, not who, ", ".join(dict.fromkeys(who)), since, "; ".join(details) or None)

    return {scene.id: judge(scene) for scene in scenes}


def _family_met(scenes: list[Scene]) -> dict[int, GateState]:
    """Each child seen by the lead, or why not and when; and the lead met somebody of the family. What was before the
    decision is no part of this handover."""
    children = _by_step_down(
        select(StepDownChild.step_down_id, StepDownChild.person_id).where(StepDownChild.step_down_id.in_(_ids(scenes)))
    )
    contacts = _by_step_down(
        select(
            Contact.family_id,
            Contact.made_by_id,
            Contact.on,
            Contact.method,
            ContactPerson.person_id,
            ContactPerson.seen,
            ContactPerson.will_see_on,
        )
        .join(ContactPerson, ContactPerson.contact_id == Contact.id)
        .where(
            Contact.family_id.in_(_families(scenes)),
            Contact.made_by_id.in_([scene.lead_id for scene in scenes if scene.lead_id]),
            Contact.method.in_([Method.VISIT, Method.MEETING, Method.CALL]),
        )
    )

    def judge(scene: Scene) -> GateState:
        # With one agency a joint call will do (lifecycles 1, single agency); a team's lead meets face to face.
        by_call = scene.destination is Destination.SINGLE_AGENCY
        decided = scene.step_down.decision_on or date.min
        rows = [
            row
            for row in contacts[scene.step_down.family_id]
            if row.made_by_id == scene.lead_id and row.on >= decided and (by_call or row.method is not Method.CALL)
        ]
        met = any(row.seen for row in rows)
        wanted = {row.person_id for row in children[scene.id]}
        unseen = wanted - {row.person_id for row in rows if row.seen or row.will_see_on}
        seen = f"{len(wanted) - len(unseen)} of {counted(len(wanted), 'child', 'children')} seen"
        detail = seen if met and unseen else None
        return _state(Gate.FAMILY_MET, met and not unseen, scene.leading, scene.since, detail)

    return {scene.id: judge(scene) for scene in scenes}


def _needs(scenes: list[Scene]) -> dict[int, GateState]:
    acted = select(PlanAction.id).where(
        PlanAction.plan_need_id == StepDownNeed.plan_need_id, plans.once_agreed(PlanAction)
    )
    supported = select(SupportReferral.id).where(
        SupportReferral.plan_need_id == StepDownNeed.plan_need_id, SupportReferral.state != ReferralState.NOT_STARTED
    )
    rows = _by_step_down(
        select(StepDownNeed.step_down_id, StepDownNeed.what)
        .where(
            StepDownNeed.step_down_id.in_(_ids(scenes)),
            StepDownNeed.outcome == NeedOutcome.LEFT,
            and_(StepDownNeed.brought_by_id.is_(None), ~acted.exists(), ~supported.exists()),
        )
        .order_by(StepDownNeed.id)
    )

    def judge(scene: Scene) -> GateState:
        detail = "Nothing agreed yet for: " + "; ".join(row.what for row in rows[scene.id])
        return _state(Gate.NEEDS, not rows[scene.id], scene.leading, scene.since, detail)

    return {scene.id: judge(scene) for scene in scenes}


def _first_team(scenes: list[Scene]) -> dict[int, GateState]:
    """Of this time of early help: one that was held years ago dates nothing."""
    dated = set(
        db.session.scalars(
            select(StepDown.id)
            .join(
                Meeting,
                or_(Meeting.episode_id == StepDown.episode_id, Meeting.step_down_id == StepDown.id),
            )
            .where(StepDown.id.in_(_ids(scenes)), Meeting.is_first_team, Meeting.state.in_(STANDING))
        )
    )
    return {scene.id: _state(Gate.FIRST_TEAM, scene.id in dated, scene.leading, scene.since) for scene in scenes}


def _checks(scenes: list[Scene]) -> dict[int, GateState]:
    followed = select(FollowUpCheck.id).where(
        FollowUpCheck.referral_id == SupportReferral.id, FollowUpCheck.state == CheckState.DUE
    )
    rows = _by_step_down(
        select(SupportReferral.family_id, SupportReferral.service_name)
        .where(
            SupportReferral.family_id.in_(_families(scenes)),
            SupportReferral.state != ReferralState.NOT_STARTED,
            ~followed.exists(),
        )
        .order_by(SupportReferral.id)
    )

    def judge(scene: Scene) -> GateState:
        loose = rows[scene.step_down.family_id]
        detail = "Nobody checks: " + "; ".join(row.service_name for row in loose)
        return _state(Gate.CHECKS, not loose, scene.leading, scene.since, detail)

    return {scene.id: judge(scene) for scene in scenes}


_JUDGES: dict[Gate, Callable[[list[Scene]], dict[int, GateState]]] = {
    Gate.AGREEMENT: _agreement,
    Gate.LEAD: _lead,
    Gate.MEETING: _meeting,
    Gate.OUTSTANDING: _outstanding,
    Gate.FAMILY_MET: _family_met,
    Gate.NEEDS: _needs,
    Gate.FIRST_TEAM: _first_team,
    Gate.CHECKS: _checks,
}
