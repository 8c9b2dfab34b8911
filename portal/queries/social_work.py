"""The families of a social care team, and the workers they can go to."""

from dataclasses import dataclass

from sqlalchemy import and_, or_, select

from portal.core.db import db
from portal.domain.roles import Role
from portal.domain.step_downs import OPEN
from portal.domain.viewer import Viewer
from portal.models.families import Family
from portal.models.handover import StepDown
from portal.models.people import User, UserRole

NOBODY = -1


@dataclass(frozen=True)
class Choice:
    id: int
    words: str


@dataclass(frozen=True)
class Passing:
    """Families with the worker each has now, and who can take them."""

    families: list[Choice]
    workers: list[Choice]


def passing(viewer: Viewer) -> Passing:
    """Two statements: the families of the viewer's team that are open to social work, and its workers."""
    team = viewer.social_care_team_id or NOBODY
    rows = db.session.execute(
        select(Family.id, Family.name, User.name.label("worker"))
        .outerjoin(StepDown, and_(StepDown.family_id == Family.id, StepDown.state.in_(OPEN)))
        .outerjoin(User, User.id == Family.social_worker_id)
        .where(
            or_(
                StepDown.social_care_team_id == team,
                and_(Family.social_care_team_id == team, Family.social_work_closed_on.is_(None)),
            )
        )
        .distinct()
        .order_by(User.name, Family.name, Family.id)
    ).all()
    workers = db.session.execute(
        select(User.id, User.name)
        .join(UserRole, UserRole.user_id == User.id)
        .where(User.active, User.social_care_team_id == team, UserRole.role == Role.SOCIAL_WORKER)
        .order_by(User.name, User.id)
    ).all()
    return Passing(
        [Choice(row.id, f"{row.name}, {Family.ref_prefix}-{row.id}: {row.worker or 'nobody named'}") for row in rows],
        [Choice(row.id, row.name) for row in workers],
    )
