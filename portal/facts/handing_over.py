"""Who hands a family over and leaves its team with that; who decides about what concerns safety."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, select

from portal.core.db import db
from portal.domain.leads import LeadState
from portal.domain.roles import Role
from portal.domain.step_downs import Destination
from portal.domain.viewer import Viewer
from portal.models.handover import LeadAssignment, StepDown
from portal.models.people import User, UserRole


@dataclass(frozen=True)
class Handing:
    """`leaver`: the user who leaves the team once the step-down is complete, its social worker, unless they go on as
    the same worker or lead the family. `decides`: who can drop what concerns safety, by name."""

    destination: Destination | None = None
    leaver: int | None = None
    decides: str = "them to decide"
    decided_on: date | None = None


def of_step_down(step_down_id: int) -> Handing:
    """In one statement: a row for each social care manager of its team."""
    leads = (
        select(LeadAssignment.id)
        .where(
            LeadAssignment.family_id == StepDown.family_id,
            LeadAssignment.user_id == StepDown.social_worker_id,
            LeadAssignment.state == LeadState.ACCEPTED,
        )
        .exists()
    )
    manages = (
        select(UserRole.user_id).where(UserRole.user_id == User.id, UserRole.role == Role.SOCIAL_CARE_MANAGER).exists()
    )
    rows = db.session.execute(
        select(StepDown.destination, StepDown.decision_on, StepDown.social_worker_id, leads.label("leads"), User.name)
        .outerjoin(User, and_(User.social_care_team_id == StepDown.social_care_team_id, User.active.is_(True), manages))
        .where(StepDown.id == step_down_id)
        .order_by(User.name, User.id)
    ).all()
    if not rows:
        return Handing()
    goes_on = rows[0].destination is Destination.SAME_WORKER or rows[0].leads
    return Handing(
        rows[0].destination,
        None if goes_on else rows[0].social_worker_id,
        " or ".join(row.name for row in rows if row.name) or Handing.decides,
        rows[0].decision_on,
    )


def leaver(step_down_id: int) -> int | None:
    return of_step_down(step_down_id).leaver


def stands_in(viewer: Viewer, step_down: StepDown) -> bool:
    """Whether this person would confirm it in place of the allocated social worker, while social work goes on."""
    return (
        step_down.social_work_closed_on is None
        and viewer.user_id != step_down.social_worker_id
        and Role.SOCIAL_CARE_MANAGER in viewer.roles
    )


def who_decides(step_down_id: int) -> str:
    return of_step_down(step_down_id).decides


def safety_words(ref: str, who: str) -> str:
    """Why an outstanding action that concerns safety cannot be dropped, what else can become of it, whom to ask."""
    return (
        f"{ref} concerns safety: only the {{social_care_manager}} can drop it. Carry it into the {{plan}}, "
        f"record how it was completed, or ask {who}"
    )
