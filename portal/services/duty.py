"""The coordinator on duty: a family that is pointed to a service and has no coordinator becomes theirs."""

from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.core.errors import FieldRefused
from portal.domain.permissions import P
from portal.domain.roles import Role
from portal.domain.viewer import Viewer
from portal.models.families import CoordinatorAssignment, Family
from portal.models.people import DutyCoordinator, User, UserRole
from portal.policies import rules
from portal.policies.scope import unscoped
from portal.services import coordinators, team


def name(user_id: int | None, *, by: Viewer) -> None:
    """From now on this coordinator is on duty; with None nobody is, and the early help manager is in their place."""
    rules.demand(by, P.COORDINATOR_ASSIGN)
    if user_id is not None and _coordinator(user_id) is None:
        raise FieldRefused("coordinator", "Choose {coordinator:a} with an open account")
    db.session.add(DutyCoordinator(user_id=user_id, named_by_name=by.name, named_at=clock.now()))


def take_up(family: Family, *, by: Viewer) -> None:
    """Give a family without a coordinator to whoever is on duty, where they may see it; else to an early help manager
    who may."""
    with unscoped("whether a family has a coordinator"):
        has_one = db.session.execute(
            select(CoordinatorAssignment.id).where(
                CoordinatorAssignment.family_id == family.id, CoordinatorAssignment.to_on.is_(None)
            )
        ).first()
    user = None if has_one else next((user for user in _who_could() if _may_see(family, user)), None)
    if user is not None:
        with unscoped("whether a family has a coordinator"):
            coordinators.assign(family, user, by=by)


def _who_could() -> list[User]:
    """Whoever is on duty, then the early help managers."""
    latest = db.session.execute(
        select(DutyCoordinator.user_id).order_by(DutyCoordinator.id.desc()).limit(1)
    ).scalar_one_or_none()
    on_duty = _coordinator(latest) if latest else None
    managers = db.session.scalars(
        select(User)
        .join(UserRole, UserRole.user_id == User.id)
        .where(User.active, UserRole.role == Role.EARLY_HELP_MANAGER)
        .order_by(User.id)
    )
    return [*([on_duty] if on_duty else []), *managers]


def _may_see(family: Family, user: User) -> bool:
    try:
        team.may_see(family, user)
    except FieldRefused:
        return False
    return True


def _coordinator(user_id: int) -> User | None:
    return db.session.execute(
        select(User)
        .join(UserRole, UserRole.user_id == User.id)
        .where(User.id == user_id, User.active, UserRole.role == Role.COORDINATOR)
    ).scalar_one_or_none()
