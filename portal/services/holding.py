"""What somebody held is passed on: families, leads, actions and checks, in one transaction."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from sqlalchemy import select, update

from portal.core.db import db
from portal.core.errors import FieldRefused, Refused
from portal.domain.event_kinds import E
from portal.domain.leads import EndCode, LeadState
from portal.domain.permissions import P
from portal.domain.plans import OPEN_ACTIONS
from portal.domain.support import CheckState
from portal.domain.viewer import Viewer
from portal.facts import leading
from portal.models.families import CoordinatorAssignment, Family
from portal.models.following import FollowUpCheck
from portal.models.handover import LeadAssignment
from portal.models.people import User
from portal.models.teamwork import PlanAction, TeamMember
from portal.policies import rules
from portal.services import actions, coordinators, history, leads, summary, team

PASSED_ON = "What they held is passed on"


@dataclass(frozen=True)
class Passing:
    """Who takes over what: by id of the family, assignment, action or check, the user who takes it."""

    families: Mapping[int, int] = field(default_factory=dict)
    leads: Mapping[int, int] = field(default_factory=dict)
    actions: Mapping[int, int] = field(default_factory=dict)
    checks: Mapping[int, int] = field(default_factory=dict)


def pass_on(user_id: int, passing: Passing, *, by: Viewer) -> int:
    """Pass on what this person holds. Whoever takes a lead is asked, and the other leads until they accept. Raises
    FieldRefused at the field of what cannot be taken (`families-3`), and then nothing is passed on. What they no
    longer hold is left as it is. Answers how many things were passed on."""
    rules.demand(by, P.COORDINATOR_ASSIGN)
    _lock(passing)
    return (
        sum(_family(id_, user_id, to, by=by) for id_, to in passing.families.items())
        + sum(_lead(id_, user_id, to, by=by) for id_, to in passing.leads.items())
        + sum(_action(id_, user_id, to, by=by) for id_, to in passing.actions.items())
        + _checks(user_id, passing.checks, by=by)
    )


def _lock(passing: Passing) -> None:
    """Every family's lock, in one order, before anything is changed."""
    families = set(passing.families)
    for model, ids in ((LeadAssignment, passing.leads), (PlanAction, passing.actions), (FollowUpCheck, passing.checks)):
        families |= set(db.session.scalars(select(model.family_id).where(model.id.in_(list(ids)))))
    for family_id in sorted(families):
        summary.lock(family_id)


def _family(family_id: int, user_id: int, to: int, *, by: Viewer) -> bool:
    held = db.session.execute(
        select(Family)
        .join(CoordinatorAssignment, CoordinatorAssignment.family_id == Family.id)
        .where(
            Family.id == family_id,
            CoordinatorAssignment.user_id == user_id,
            CoordinatorAssignment.to_on.is_(None),
        )
    ).scalar_one_or_none()
    if held is None or to == user_id:
        return False
    coordinators.reassign(held, to, by=by, field=f"families-{family_id}")
    return True


def _lead(assignment_id: int, user_id: int, to: int, *, by: Viewer) -> bool:
    assignment = db.session.scalars(
        select(LeadAssignment).where(
            LeadAssignment.id == assignment_id,
            LeadAssignment.user_id == user_id,
            LeadAssignment.state.in_([LeadState.NOMINATED, LeadState.ACCEPTED]),
        )
    ).one_or_none()
    if assignment is None or to == user_id:
        return False
    family = db.session.get_one(Family, assignment.family_id)
    try:
        if assignment.state is LeadState.NOMINATED:
            leads.withdraw(assignment, by=by)
            leads.ask(family, leads.Whom(to), by=by)
            return True
        if leading.standing(family.id).asked is not None:
            raise Refused("Somebody was asked to lead after them already.")
        leads.leave(assignment, EndCode.LEFT_ROLE, None, by=by, successor=leads.Whom(to))
    except (FieldRefused, Refused) as refusal:
        raise FieldRefused(f"leads-{assignment_id}", refusal.words) from refusal
    return True


def _action(action_id: int, user_id: int, to: int, *, by: Viewer) -> bool:
    action = db.session.scalars(
        select(PlanAction)
        .join(TeamMember, TeamMember.id == PlanAction.owner_id)
        .where(PlanAction.id == action_id, TeamMember.user_id == user_id, PlanAction.state.in_(OPEN_ACTIONS))
    ).one_or_none()
    if action is None or to == user_id:
        return False
    family = db.session.get_one(Family, action.family_id)
    member = team.join_user(family, to, by=by, field=f"actions-{action_id}")
    actions.pass_on(action, member, PASSED_ON, by=by)
    return True


def _checks(user_id: int, checks: Mapping[int, int], *, by: Viewer) -> int:
    """One line a family and a new owner. Whoever is named here keeps the check when responsibility moves."""
    rows = db.session.execute(
        select(FollowUpCheck.id, FollowUpCheck.family_id).where(
            FollowUpCheck.id.in_(list(checks)),
            FollowUpCheck.owner_id == user_id,
            FollowUpCheck.state == CheckState.DUE,
        )
    ).all()
    moved: dict[tuple[int, int], list[int]] = {}
    for row in rows:
        if checks[row.id] != user_id:
            moved.setdefault((row.family_id, checks[row.id]), []).append(row.id)
    for (family_id, to), ids in moved.items():
        family, owner = db.session.get_one(Family, family_id), db.session.get_one(User, to)
        team.may_see(family, owner, field=f"checks-{ids[0]}")
        db.session.execute(update(FollowUpCheck).where(FollowUpCheck.id.in_(ids)).values(owner_id=to, hand_named=True))
        history.record(E.CHECK_REOWNED, family, by=by, data={"whom": owner.name, "checks": _named(ids)})
    return sum(map(len, moved.values()))


def _named(ids: Iterable[int]) -> str:
    refs = [f"{FollowUpCheck.ref_prefix}-{id_}" for id_ in sorted(ids)]
    return f"checks {', '.join(refs[:-1])} and {refs[-1]}" if len(refs) > 1 else f"check {refs[0]}"
