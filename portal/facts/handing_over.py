"""Who hands a family over and leaves its team with that; who decides about what concerns safety."""

from sqlalchemy import select

from portal.core.db import db
from portal.domain.leads import LeadState
from portal.domain.roles import Role
from portal.domain.step_downs import Destination
from portal.models.handover import LeadAssignment, StepDown
from portal.models.people import User, UserRole


def leaver(step_down_id: int) -> int | None:
    """The user who leaves the team once this step-down is complete: its social worker, unless they go on as the
    same worker or lead the family."""
    leads = (
        select(LeadAssignment.id)
        .where(
            LeadAssignment.family_id == StepDown.family_id,
            LeadAssignment.user_id == StepDown.social_worker_id,
            LeadAssignment.state == LeadState.ACCEPTED,
        )
        .exists()
    )
    return db.session.scalars(
        select(StepDown.social_worker_id).where(
            StepDown.id == step_down_id, StepDown.destination.is_distinct_from(Destination.SAME_WORKER), ~leads
        )
    ).first()


def who_decides(step_down_id: int) -> str:
    """Who can drop what concerns safety: the social care managers of its team, by name."""
    managers = db.session.scalars(
        select(User.name)
        .join(UserRole, UserRole.user_id == User.id)
        .join(StepDown, StepDown.social_care_team_id == User.social_care_team_id)
        .where(StepDown.id == step_down_id, User.active, UserRole.role == Role.SOCIAL_CARE_MANAGER)
        .order_by(User.name, User.id)
    ).all()
    return " or ".join(managers) or "them to decide"


def safety_words(ref: str, who: str) -> str:
    """Why an outstanding action that concerns safety cannot be dropped, what else can become of it, whom to ask."""
    return (
        f"{ref} concerns safety: only the {{social_care_manager}} can drop it. Carry it into the {{plan}}, "
        f"record how it was completed, or ask {who}"
    )
