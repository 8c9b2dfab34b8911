"""The families of a social care team, and the workers they can go to; the families that somebody holds for now."""

from dataclasses import dataclass

from sqlalchemy import and_, or_, select

from portal.core import clock
from portal.core.db import db
from portal.domain.dates import near
from portal.domain.roles import Role
from portal.domain.step_downs import OPEN, HolderAnswer
from portal.domain.viewer import Viewer
from portal.models.families import Family
from portal.models.handover import StepDown
from portal.models.people import User, UserRole
from portal.models.step_down_ends import HolderQuestion

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


@dataclass(frozen=True)
class ForNow:
    """A family that somebody holds between social work and early help: since when, who said so, and why."""

    family_ref: str
    family_name: str
    closed: str
    by_whom: str
    named: str
    why: str


def held_by(viewer: Viewer) -> list[ForNow]:
    """Families that the viewer was named to hold, those without social work longest first."""
    today, asked = clock.today(), HolderQuestion
    rows = db.session.execute(
        select(asked.since, asked.answered_by_name, asked.answered_on, asked.words, Family.id, Family.name)
        .join(Family, Family.id == asked.family_id)
        .where(asked.holder_id == viewer.user_id, asked.answer == HolderAnswer.NAMED, asked.ended_on.is_(None))
        .order_by(asked.since, asked.id)
    )
    return [
        ForNow(
            f"{Family.ref_prefix}-{row.id}",
            row.name,
            near(row.since, today),
            row.answered_by_name,
            near(row.answered_on, today),
            row.words,
        )
        for row in rows
    ]
