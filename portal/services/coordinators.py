"""The family's early help coordinator: assigned when a step-down is accepted."""

from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.domain.events import E
from portal.domain.viewer import Viewer
from portal.models.families import CoordinatorAssignment, Family
from portal.models.people import User
from portal.services import checks, history


def assign(family: Family, user: User, *, by: Viewer) -> CoordinatorAssignment:
    """Make this person the family's coordinator from today; the one before ends today. Checks that nobody else
    holds move with it. Nothing happens where they already are."""
    current = db.session.execute(
        select(CoordinatorAssignment).where(
            CoordinatorAssignment.family_id == family.id, CoordinatorAssignment.to_on.is_(None)
        )
    ).scalar_one_or_none()
    if current is not None and current.user_id == user.id:
        return current
    if current is not None:
        current.to_on = clock.today()
        db.session.flush()
    assignment = CoordinatorAssignment(family_id=family.id, user_id=user.id, from_on=clock.today())
    db.session.add(assignment)
    history.record(E.COORDINATOR_ASSIGNED, family, by=by, data={"whom": user.name})
    checks.reown(family.id, by=by)
    return assignment
