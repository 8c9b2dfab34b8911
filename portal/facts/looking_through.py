"""What early help managers look through: restricted families once a month, emergency openings until somebody has."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ScalarSelect, exists, func, or_, select
from sqlalchemy.orm import aliased

from portal.core.db import db
from portal.domain.roles import Role
from portal.domain.viewer import Viewer
from portal.models.families import Clearance, Family
from portal.models.people import User, UserRole
from portal.models.restricting import EmergencyOpening
from portal.policies import barred
from portal.policies.scope import unscoped


def restricted() -> int:
    """How many restricted families the viewer may see."""
    return db.session.execute(select(func.count(Family.id)).where(Family.restricted)).scalar_one()


def opened(viewer: Viewer) -> int:
    """How many emergency openings of others nobody has looked into yet, of families that the viewer may see."""
    return db.session.execute(select(opened_by_others(viewer))).scalar_one()


def opened_by_others(viewer: Viewer) -> ScalarSelect[int]:
    """The same, as a column of another statement."""
    waiting = (EmergencyOpening.reviewed_at.is_(None), EmergencyOpening.user_id != viewer.user_id)
    return select(func.count(EmergencyOpening.id)).where(*waiting).scalar_subquery()


def managers_with_some(*, monthly: bool) -> set[int]:
    """Who may have any of this to look through, whoever asks; what it is, is read as each of them."""
    holds = select(UserRole.user_id).where(UserRole.role == Role.EARLY_HELP_MANAGER)
    waits = select(EmergencyOpening.id).where(EmergencyOpening.reviewed_at.is_(None)).exists()
    found = set(db.session.scalars(holds.where(waits)))
    if monthly:
        cleared = (
            select(Clearance.user_id)
            .join(Family, Family.id == Clearance.family_id)
            .where(Family.restricted, Clearance.user_id.in_(holds), barred.holds(Clearance))
        )
        found |= set(db.session.scalars(cleared))
    return found


@dataclass(frozen=True)
class Unwatched:
    """An opening that no manager may look into: they opened it, it is their own, or they are not cleared for it."""

    ref: str
    user_id: int
    who: str
    opened_at: datetime


def unwatched() -> list[Unwatched]:
    """For administrators: nothing of the family. The latest first."""
    return _unwatched()


def is_unwatched(ref: str) -> bool:
    """This one, by its reference."""
    number = int(ref.rpartition("-")[2])
    return bool(_unwatched(EmergencyOpening.id == number))


def _unwatched(*which: Any) -> list[Unwatched]:
    manager = aliased(User)
    manages = select(UserRole.user_id).where(UserRole.role == Role.EARLY_HELP_MANAGER)
    could = exists().where(
        manager.active,
        manager.id.in_(manages),
        manager.id != EmergencyOpening.user_id,
        ~barred.conflicted(Family.id, manager.id),
        or_(
            Family.restricted.is_(False),
            barred.cleared(Family.id, manager.id),
            barred.opened(Family.id, manager.id),
        ),
    )
    with unscoped("whether a manager may look into what was opened in an emergency"):
        rows = db.session.execute(
            select(EmergencyOpening, User.name)
            .join(User, User.id == EmergencyOpening.user_id)
            .join(Family, Family.id == EmergencyOpening.family_id)
            .where(EmergencyOpening.reviewed_at.is_(None), ~could, *which)
            .order_by(EmergencyOpening.opened_at.desc(), EmergencyOpening.id.desc())
        ).all()
    return [
        Unwatched(row.EmergencyOpening.ref, row.EmergencyOpening.user_id, row.name, row.EmergencyOpening.opened_at)
        for row in rows
    ]
