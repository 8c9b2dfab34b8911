"""A step-down confirmed as complete: responsibility moves for the children named; the others go on in a linked one."""

from collections.abc import Collection, Iterable
from typing import TypeVar

from sqlalchemy import inspect, or_, select

from portal.core import clock
from portal.core.db import db
from portal.core.errors import FieldRefused
from portal.domain.event_kinds import E
from portal.domain.leads import LeadState
from portal.domain.plans import UNSETTLED_ACTIONS
from portal.domain.step_downs import OPEN, ChildOutcome, Destination, NeedOutcome, StepDownState
from portal.domain.support import CheckStage
from portal.domain.viewer import Viewer
from portal.facts import handing_over
from portal.models.base import Model
from portal.models.deciding import JointDecision
from portal.models.families import CoordinatorAssignment, Family, Person, PersonKind
from portal.models.handover import Episode, LeadAssignment, StepDown, StepDownChild, StepDownNeed, StepDownParent
from portal.models.people import User
from portal.models.teamwork import PlanAction, TeamMember
from portal.policies.scope import unscoped
from portal.services import afterwards, checks, episodes, history, running_waivers, social_work, stays, team
from portal.services.moves import walk
from portal.services.step_downs import free_children

Row = TypeVar("Row", bound=Model)
Taken = TypeVar("Taken", StepDownChild, StepDownParent, StepDownNeed, JointDecision)
# What a linked step-down does not take along: what is its own, and what its past was.
_OWN = {"id", "version", "linked_to_id", "goes_on", "completed_at", "completed_by_name"}


def complete(
    step_down: StepDown,
    *,
    by: Viewer,
    family_told: bool = False,
    children: Collection[int] | None = None,
    instead: str | None = None,
) -> StepDown | None:
    """Responsibility moves now, and not before: to the lead, else to the coordinator. Refused while a gate is open.
    `children`: the people it is complete for, all of them unless told; the linked step-down in which the others go on
    is returned. `instead`: why the social care manager confirms it and not the social worker. Where the same worker
    goes on, the family has to have been told what changes; after one to universal services somebody
    asks how things are."""
    rows = _children(step_down)
    chosen = rows if children is None else [row for row in rows if row.person_id in children]
    left = [row for row in rows if row not in chosen]
    closed = step_down.social_work_closed_on is not None
    names = _names(row.person_id for row in chosen)
    walk(
        step_down,
        "complete",
        by=by,
        text=instead,
        completed_at=clock.now(),
        completed_by_name=by.name,
        data={
            "holder": _holder(step_down.family_id),
            "late": closed,
            **({} if closed else {"may_close": names}),
        },
    )
    if not chosen:
        raise FieldRefused("children", "Select at least one child")
    if handing_over.stands_in(by, step_down) and not (instead or "").strip():
        raise FieldRefused("instead", "Enter why the {social_worker} does not confirm it")
    if step_down.destination is Destination.SAME_WORKER and not family_told:
        raise FieldRefused("family_told", "Tell the family what changes, then tick to confirm that you have")
    for row in chosen:
        row.outcome = ChildOutcome.HANDED_OVER
    stays.overtaken(step_down, by=by)
    free_children(step_down)
    further = _go_on(step_down, left, by=by) if left else None
    episodes.activate(db.session.get_one(Episode, step_down.episode_id), by=by)
    _end_social_work(step_down)
    social_work.end_question(db.session.get_one(Family, step_down.family_id))
    running_waivers.become_actions(step_down, by=by)
    checks.reown(step_down.family_id, by=by)
    if step_down.destination is Destination.UNIVERSAL:
        afterwards.make(step_down, CheckStage.AFTER_UNIVERSAL, by=by)
    return further


def _children(step_down: StepDown) -> list[StepDownChild]:
    return list(
        db.session.scalars(
            select(StepDownChild).where(StepDownChild.step_down_id == step_down.id).order_by(StepDownChild.id)
        )
    )


def _names(person_ids: Iterable[int]) -> str:
    people = db.session.scalars(select(Person).where(Person.id.in_(list(person_ids))).order_by(Person.id))
    return " and ".join(person.name for person in people)


def _go_on(step_down: StepDown, left: list[StepDownChild], *, by: Viewer) -> StepDown:
    """A step-down of the state this one was in, with the children left out and all that was said, agreed and waived
    for them. What the team and the family did belongs to the family, and counts there too."""
    decided = [row.decision_on for row in left if row.decision_on]
    further = _copy(
        step_down,
        StepDown(
            state=StepDownState.ACCEPTED,
            linked_to_id=step_down.linked_to_id,
            goes_on=True,
            # It waits by itself from now on.
            started_at=clock.now(),
        ),
        leave={*_OWN, "state", "decision_on", "started_at"},
    )
    further.decision_on = min(decided, default=step_down.decision_on)
    further.linked_to_id = step_down.linked_to_id if step_down.goes_on else step_down.id
    db.session.add(further)
    db.session.flush()
    for row in left:
        row.outcome = ChildOutcome.GOES_ON
        _take_along(row, further, leave={"is_open", "outcome"})
    people = {row.person_id for row in left}
    for parent in _of(StepDownParent, step_down):
        _take_along(parent, further)
    for need in _of(StepDownNeed, step_down):
        if need.person_id in people or (need.person_id is None and need.outcome is NeedOutcome.LEFT):
            _take_along(need, further)
    for decision in _of(JointDecision, step_down):
        if decision.agreed_at is not None and decision.gate is not None and decision.ended_at is None:
            _take_along(decision, further, leave={"version", "plan_action_id"})
    history.record(
        E.STEP_DOWN_CHILDREN_GO_ON,
        further,
        by=by,
        data={"whom": _names(people), "other": step_down.ref},
        notify=("social_worker", "coordinator"),
    )
    return further


def _of(model: type[Taken], step_down: StepDown) -> list[Taken]:
    return list(db.session.scalars(select(model).where(model.step_down_id == step_down.id).order_by(model.id)))


def _take_along(row: Taken, further: StepDown, *, leave: Iterable[str] = ()) -> None:
    db.session.add(_copy(row, type(row)(step_down_id=further.id), leave={"id", "step_down_id", *leave}))


def _copy(one: Row, to: Row, *, leave: Collection[str]) -> Row:
    for column in inspect(type(one)).column_attrs:
        if column.key not in leave:
            setattr(to, column.key, getattr(one, column.key))
    return to


def _holder(family_id: int) -> str:
    lead = select(LeadAssignment.name).where(
        LeadAssignment.family_id == family_id, LeadAssignment.state == LeadState.ACCEPTED
    )
    coordinator = (
        select(User.name)
        .join(CoordinatorAssignment, CoordinatorAssignment.user_id == User.id)
        .where(CoordinatorAssignment.family_id == family_id, CoordinatorAssignment.to_on.is_(None))
    )
    with unscoped("who holds the family after completion"):
        return (
            db.session.execute(lead).scalar_one_or_none()
            or db.session.execute(coordinator).scalar_one_or_none()
            or "{Early_help}"
        )


def _end_social_work(step_down: StepDown) -> None:
    """The social worker leaves the team, unless they lead, hand over a brother or sister still, or have an action to
    do; social work ends for the family where no living child of it is left to social care."""
    family = db.session.get_one(Family, step_down.family_id)
    leads_now = select(LeadAssignment.user_id).where(
        LeadAssignment.family_id == family.id,
        LeadAssignment.state == LeadState.ACCEPTED,
        LeadAssignment.user_id.is_not(None),
    )
    still_to_do = select(PlanAction.owner_id).where(
        PlanAction.family_id == family.id, PlanAction.state.in_(UNSETTLED_ACTIONS)
    )
    hands_over = select(StepDown.social_worker_id).where(StepDown.family_id == family.id, StepDown.state.in_(OPEN))
    member = db.session.execute(
        select(TeamMember).where(
            TeamMember.family_id == family.id,
            TeamMember.user_id == step_down.social_worker_id,
            TeamMember.id.not_in(still_to_do),
            TeamMember.left_on.is_(None),
            TeamMember.user_id.not_in(leads_now),
            TeamMember.user_id.not_in(hands_over),
        )
    ).scalar_one_or_none()
    if member is not None:
        team.leave(member)
    handed_over = (
        select(StepDownChild.person_id)
        .join(StepDown, StepDown.id == StepDownChild.step_down_id)
        .where(
            StepDown.state == StepDownState.COMPLETED,
            StepDown.family_id == family.id,
            or_(StepDownChild.outcome.is_(None), StepDownChild.outcome == ChildOutcome.HANDED_OVER),
        )
    )
    remaining = db.session.execute(
        select(Person.id).where(
            Person.family_id == family.id,
            Person.kind == PersonKind.CHILD,
            Person.died_on.is_(None),
            Person.pregnancy_ended_on.is_(None),
            Person.id.not_in(handed_over),
        )
    ).first()
    if remaining is None:
        family.social_work_closed_on = family.social_work_closed_on or clock.today()
