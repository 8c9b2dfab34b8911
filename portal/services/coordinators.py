"""The family's early help coordinator: assigned when a step-down is accepted, changed by the manager."""

from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.core.errors import FieldRefused
from portal.domain.event_kinds import E
from portal.domain.permissions import P
from portal.domain.roles import Role
from portal.domain.viewer import Viewer
from portal.models.families import CoordinatorAssignment, Family
from portal.models.people import User, UserRole
from portal.policies import rules
from portal.services import checks, history, team

FIELD = "coordinator"


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
    told = () if user.id == by.user_id else ("coordinator",)
    history.record(E.COORDINATOR_ASSIGNED, family, by=by, data={"whom": user.name}, notify=told)
    checks.reown(family.id, by=by)
    return assignment


def reassign(family: Family, user_id: int, *, by: Viewer, field: str = FIELD) -> None:
    """The manager gives the family to another coordinator. Raises FieldRefused for a closed account, for who is no
    coordinator, who must not see the family, and who holds it already."""
    rules.demand(by, P.COORDINATOR_ASSIGN, family)
    user = db.session.get_one(User, user_id)
    team.may_see(family, user, field=field)
    coordinates = select(UserRole.role).where(UserRole.user_id == user_id, UserRole.role == Role.COORDINATOR)
    if db.session.execute(coordinates).first() is None:
        raise FieldRefused(field, "Choose {coordinator:a}")
    before = db.session.scalars(
        select(CoordinatorAssignment.user_id).where(
            CoordinatorAssignment.family_id == family.id, CoordinatorAssignment.to_on.is_(None)
        )
    ).first()
    if before == user_id:
        raise FieldRefused(field, "They are the family’s {coordinator} already. Choose somebody else")
    assign(family, user, by=by)
    team.join_user(family, user_id, by=by, field=field)
