"""The gates of a step-down: what holds, what does not, on whom it waits and since when."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import and_, or_, select

from portal.domain.dates import counted, full, london_date
from portal.domain.meetings import STANDING, MeetingState
from portal.domain.plans import OPEN_ACTIONS, ActionState
from portal.domain.step_downs import GATES_OF, Destination, Gate, OutstandingState
from portal.domain.support import OPEN_REFERRALS, CheckState, Method
from portal.facts import at_once, gate_agreement, handovers, plans, unsettled, waivers
from portal.facts.gate_states import GateState, Judge, by_key, families, ids, state
from portal.facts.handovers import Scene
from portal.facts.waivers import Waiver
from portal.models.families import Person
from portal.models.following import FollowUpCheck, SupportReferral
from portal.models.handover import (
    OutstandingAction,
    StepDown,
    StepDownChild,
    StepDownNeed,
)
from portal.models.teamwork import Contact, ContactPerson, Meeting, PlanAction, TeamMember
from portal.policies.scope import unscoped

# What two gates ask for where the family goes to one agency.
NAMED = "The named person has accepted"
VISIT_OR_CALL = "A joint visit or call has reached the family, and each child was seen or heard"
WAIVERS = "waivers"


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
        judged, waived = _judged(scenes, sorted(asked), list(found))
    for scene in scenes:
        found[scene.id] = [
            _with(judged[gate][scene.id], waived.get((scene.id, gate))) for gate in GATES_OF[scene.destination]
        ]
    return found


def _judged(
    scenes: list[Scene], asked: list[Gate], ids: list[int]
) -> tuple[dict[Gate, dict[int, GateState]], dict[tuple[int, Gate], Waiver]]:
    """What each judge says, and the waivers; all that they read together, in one statement."""
    judges = {gate: _JUDGES[gate](scenes) for gate in asked}
    wanted = {f"{int(gate)}-{place}": one for gate in asked for place, one in enumerate(next(judges[gate]))}
    rows = at_once.read({**wanted, WAIVERS: waivers.statement(ids)})
    judged = {}
    for gate, judge in judges.items():
        given = [by_key(rows[name]) for name in wanted if name.startswith(f"{int(gate)}-")]
        try:
            judge.send(given)
        except StopIteration as said:
            judged[gate] = said.value
    return judged, waivers.of_rows(rows[WAIVERS])


def _with(state: GateState, waiver: Waiver | None) -> GateState:
    """An open gate holds while its waiver does; when that has run out it is open again, and says so."""
    if waiver is None or state.holds:
        return state
    if waiver.in_force:
        return replace(state, holds=True, waived=waiver)
    return replace(state, detail=". ".join(part for part in (state.detail, waiver.words) if part))


def _lead(scenes: list[Scene]) -> Judge:
    yield []
    return {
        scene.id: state(
            Gate.LEAD,
            scene.lead is not None,
            scene.nominee or scene.coordinator,
            scene.nominated_on or scene.since,
            words=NAMED if scene.destination is Destination.SINGLE_AGENCY else None,
        )
        for scene in scenes
    }


def _meeting(scenes: list[Scene]) -> Judge:
    """The meeting of the step-down itself, or of the one that its children were left out of."""
    (rows,) = yield [
        select(StepDown.id.label("key"), Meeting.starts_at.label("place"), Meeting.state)
        .join(
            Meeting,
            or_(
                Meeting.step_down_id == StepDown.id,
                and_(StepDown.goes_on.is_(True), Meeting.step_down_id == StepDown.linked_to_id),
            ),
        )
        .where(StepDown.id.in_(ids(scenes)), Meeting.is_step_down)
    ]

    def judge(scene: Scene) -> GateState:
        held = any(row.state is MeetingState.HELD for row in rows[scene.id])
        arranged = [row for row in rows[scene.id] if row.state is MeetingState.ARRANGED]
        detail = f"Arranged for {full(london_date(arranged[-1].place))}" if arranged else None
        return state(Gate.MEETING, held, scene.leading, scene.since, detail)

    return {scene.id: judge(scene) for scene in scenes}


def _outstanding(scenes: list[Scene]) -> Judge:
    (rows,) = yield [
        select(
            OutstandingAction.step_down_id.label("key"),
            OutstandingAction.id.label("place"),
            OutstandingAction.state,
            OutstandingAction.settled_at,
            OutstandingAction.family_told_on,
            PlanAction.state.label("carried"),
            PlanAction.proposed_at,
            plans.once_agreed(PlanAction).label("agreed"),
            TeamMember.name,
        )
        .outerjoin(PlanAction, PlanAction.id == OutstandingAction.plan_action_id)
        .outerjoin(TeamMember, TeamMember.id == PlanAction.owner_id)
        .where(OutstandingAction.step_down_id.in_(ids(scenes)))
    ]

    def judge(scene: Scene) -> GateState:
        mine = rows[scene.id]
        unsettled = [row for row in mine if row.state is OutstandingState.OUTSTANDING]
        back = [row for row in mine if row.carried is ActionState.HANDED_BACK]
        # What was dropped after it was carried is settled: with a reason, and for safety by social work's manager.
        unagreed = [row for row in mine if row.carried in OPEN_ACTIONS and not row.agreed]
        untold = [row for row in mine if row.state is OutstandingState.DROPPED and row.family_told_on is None]
        who = ([scene.leading] if unsettled or back or untold else []) + [row.name for row in unagreed]
        waiting = [scene.since] if unsettled else [london_date(row.proposed_at) for row in back + unagreed]
        waiting += [london_date(row.settled_at) for row in untold if row.settled_at]
        since = min((day for day in waiting if day), default=None)
        details = [f"{len(unsettled)} of {len(mine)} still to settle"] if unsettled else []
        if back:
            details.append(f"{len(back)} handed back by the new owner")
        if unagreed:
            details.append(f"{len(unagreed)} carried, but not agreed by the new owner yet")
        if untold:
            details.append(f"{len(untold)} dropped, but the family has not been told yet")
        return state(Gate.OUTSTANDING, not who, ", ".join(dict.fromkeys(who)), since, "; ".join(details) or None)

    return {scene.id: judge(scene) for scene in scenes}


def _family_met(scenes: list[Scene]) -> Judge:
    """Each child who lives seen by the lead, or why not and when; and the lead met somebody of the family. What was
    before the decision is no part of this handover."""
    (children, contacts) = yield [
        select(StepDownChild.step_down_id.label("key"), StepDownChild.id.label("place"), StepDownChild.person_id)
        .join(Person, Person.id == StepDownChild.person_id)
        .where(
            StepDownChild.step_down_id.in_(ids(scenes)),
            Person.died_on.is_(None),
            Person.pregnancy_ended_on.is_(None),
        ),
        select(
            Contact.family_id.label("key"),
            ContactPerson.id.label("place"),
            Contact.made_by_id,
            Contact.member_id,
            Contact.on.label("on"),
            Contact.method,
            ContactPerson.person_id,
            ContactPerson.seen,
            ContactPerson.will_see_on,
        )
        .join(ContactPerson, ContactPerson.contact_id == Contact.id)
        .where(
            Contact.family_id.in_(families(scenes)),
            or_(
                Contact.made_by_id.in_([scene.lead_id for scene in scenes if scene.lead_id]),
                Contact.member_id.in_([scene.lead_member_id for scene in scenes if scene.lead_member_id]),
            ),
            Contact.method.in_([Method.VISIT, Method.MEETING, Method.CALL]),
        ),
    ]

    def judge(scene: Scene) -> GateState:
        # With one agency a joint call will do (lifecycles 1, single agency); a team's lead meets face to face.
        by_call = scene.destination is Destination.SINGLE_AGENCY
        decided = scene.step_down.decision_on or date.min
        rows = [
            row
            for row in contacts[scene.step_down.family_id]
            if _led(row, scene) and row.on >= decided and (by_call or row.method is not Method.CALL)
        ]
        met = any(row.seen for row in rows)
        wanted = {row.person_id for row in children[scene.id]}
        unseen = wanted - {row.person_id for row in rows if row.seen or row.will_see_on}
        seen = f"{len(wanted) - len(unseen)} of {counted(len(wanted), 'child', 'children')} seen"
        detail = seen if met and unseen else None
        words = VISIT_OR_CALL if by_call else None
        return state(Gate.FAMILY_MET, met and not unseen, scene.leading, scene.since, detail, words=words)

    return {scene.id: judge(scene) for scene in scenes}


def _led(contact: Any, scene: Scene) -> bool:
    if scene.lead_member_id is not None:
        return bool(contact.member_id == scene.lead_member_id)
    return scene.lead_id is not None and bool(contact.made_by_id == scene.lead_id)


def _needs(scenes: list[Scene]) -> Judge:
    (rows,) = yield [
        select(StepDownNeed.step_down_id.label("key"), StepDownNeed.id.label("place"), StepDownNeed.what).where(
            StepDownNeed.step_down_id.in_(ids(scenes)), unsettled.need()
        )
    ]

    def judge(scene: Scene) -> GateState:
        detail = "Nothing agreed yet for: " + "; ".join(row.what for row in rows[scene.id])
        return state(Gate.NEEDS, not rows[scene.id], scene.leading, scene.since, detail)

    return {scene.id: judge(scene) for scene in scenes}


def _first_team(scenes: list[Scene]) -> Judge:
    """Of this time of early help: one that was held years ago dates nothing. The step-down meeting may be it."""
    (dated,) = yield [
        select(StepDown.id.label("key"), Meeting.id.label("place"))
        .join(Meeting, or_(Meeting.episode_id == StepDown.episode_id, Meeting.step_down_id == StepDown.id))
        .where(StepDown.id.in_(ids(scenes)), Meeting.is_first_team, Meeting.state.in_(STANDING))
    ]
    return {scene.id: state(Gate.FIRST_TEAM, scene.id in dated, scene.leading, scene.since) for scene in scenes}


def _checks(scenes: list[Scene]) -> Judge:
    followed = select(FollowUpCheck.id).where(
        FollowUpCheck.referral_id == SupportReferral.id, FollowUpCheck.state == CheckState.DUE
    )
    (rows,) = yield [
        select(
            SupportReferral.family_id.label("key"), SupportReferral.id.label("place"), SupportReferral.service_name
        ).where(
            SupportReferral.family_id.in_(families(scenes)),
            SupportReferral.state.in_(OPEN_REFERRALS),
            ~followed.exists(),
        )
    ]

    def judge(scene: Scene) -> GateState:
        loose = rows[scene.step_down.family_id]
        detail = "Nobody checks: " + "; ".join(row.service_name for row in loose)
        return state(Gate.CHECKS, not loose, scene.leading, scene.since, detail)

    return {scene.id: judge(scene) for scene in scenes}


_JUDGES: dict[Gate, Callable[[list[Scene]], Judge]] = {
    Gate.AGREEMENT: gate_agreement.judge,
    Gate.LEAD: _lead,
    Gate.MEETING: _meeting,
    Gate.OUTSTANDING: _outstanding,
    Gate.FAMILY_MET: _family_met,
    Gate.NEEDS: _needs,
    Gate.FIRST_TEAM: _first_team,
    Gate.CHECKS: _checks,
}
