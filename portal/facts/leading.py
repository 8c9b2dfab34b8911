"""Who leads a family, or was asked to and has not answered."""

from dataclasses import dataclass

from sqlalchemy import select

from portal.core.db import db
from portal.domain.leads import LeadState
from portal.models.handover import LeadAssignment
from portal.models.people import User


@dataclass(frozen=True)
class Leading:
    """The one assignment that stands; `accepted` is false while the question is open."""

    assignment_id: int
    step_down_id: int | None
    user_id: int
    name: str
    accepted: bool


def current(family_id: int) -> Leading | None:
    """Who leads; else who was asked; else nobody."""
    rows = db.session.execute(
        select(LeadAssignment.id, LeadAssignment.step_down_id, LeadAssignment.user_id, User.name, LeadAssignment.state)
        .join(User, User.id == LeadAssignment.user_id)
        .where(
            LeadAssignment.family_id == family_id,
            LeadAssignment.state.in_([LeadState.NOMINATED, LeadState.ACCEPTED]),
        )
        .order_by(LeadAssignment.id)
    ).all()
    found = [Leading(row.id, row.step_down_id, row.user_id, row.name, row.state is LeadState.ACCEPTED) for row in rows]
    return next((each for each in found if each.accepted), next(iter(found), None))
