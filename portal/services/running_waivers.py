"""Waivers that still run when a step-down is complete: each becomes an action of the early help manager."""

from sqlalchemy import case, select

from portal.core.db import db
from portal.core.errors import FieldRefused
from portal.domain.deciding import Side
from portal.domain.roles import Role
from portal.domain.step_downs import Gate
from portal.domain.viewer import Viewer
from portal.facts import gates, practice
from portal.models.deciding import JointDecision
from portal.models.families import CoordinatorAssignment, Family
from portal.models.handover import StepDown
from portal.models.people import User, UserRole
from portal.models.teamwork import TeamMember
from portal.services import actions, team

# What is still to do about it, as anybody would write an action.
TO_DO = {
    Gate.MEETING: "Hold the meeting between social care and early help, and write it up",
    Gate.FAMILY_MET: "See that the family is met and each child is seen",
    Gate.NEEDS: "See that something is agreed for each need left",
    Gate.FIRST_TEAM: "See that the team’s first meeting has a date",
}


def become_actions(step_down: StepDown, *, by: Viewer) -> None:
    """Of what is still missing behind a waiver; by the day on which the waiver ends."""
    waived = [each.waived for each in gates.of(step_down) if each.waived is not None]
    if not waived or step_down.episode_id is None:
        return
    days = practice.calendar()
    for waiver in waived:
        decision = db.session.get_one(JointDecision, waiver.decision_id)
        action = actions.propose(
            TO_DO[waiver.gate],
            episode_id=step_down.episode_id,
            owner=_owner(decision, by=by),
            due_on=days.due(waiver.until),
            by=by,
            step_down_id=step_down.id,
        )
        decision.plan_action_id = action.id


def _owner(decision: JointDecision, *, by: Viewer) -> TeamMember:
    """The early help manager who decided, else another, else the family's coordinator: whoever may see the family."""
    family = db.session.get_one(Family, decision.family_id)
    decided = decision.proposed_by_id if decision.proposed_for is Side.EARLY_HELP else decision.agreed_by_id
    managers = db.session.scalars(
        select(User.id)
        .join(UserRole, UserRole.user_id == User.id)
        .where(User.active, UserRole.role == Role.EARLY_HELP_MANAGER)
        .order_by(case((User.id == decided, 0), else_=1), User.id)
    ).all()
    coordinator = db.session.scalars(
        select(CoordinatorAssignment.user_id).where(
            CoordinatorAssignment.family_id == family.id, CoordinatorAssignment.to_on.is_(None)
        )
    ).all()
    refused: FieldRefused | None = None
    for user_id in [*managers, *coordinator]:
        try:
            return team.join_user(family, user_id, by=by)
        except FieldRefused as refusal:
            refused = refusal
    raise refused or FieldRefused("who", "Nobody in {early_help} can take on what was waived")
