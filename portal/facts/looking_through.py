"""What early help managers look through: restricted families once a month, emergency openings until somebody has."""

from sqlalchemy import func, select

from portal.core.db import db
from portal.domain.roles import Role
from portal.domain.viewer import Viewer
from portal.models.families import Clearance, Family
from portal.models.people import UserRole
from portal.models.restricting import EmergencyOpening
from portal.policies import barred


def restricted() -> int:
    """How many restricted families the viewer may see."""
    return db.session.execute(select(func.count(Family.id)).where(Family.restricted)).scalar_one()


def opened(viewer: Viewer) -> int:
    """How many emergency openings of others nobody has looked into yet, of families that the viewer may see."""
    waiting = (EmergencyOpening.reviewed_at.is_(None), EmergencyOpening.user_id != viewer.user_id)
    return db.session.execute(select(func.count(EmergencyOpening.id)).where(*waiting)).scalar_one()


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
