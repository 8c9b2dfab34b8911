"""How often anything may be taken out of the portal: the log, or a copy of what is held about somebody."""

from datetime import timedelta

from sqlalchemy import func, select

from portal.core import clock
from portal.core.db import db
from portal.core.errors import TooMany
from portal.domain.viewer import Viewer
from portal.models.record import Audit, AuditKind

MOST, WITHIN = 20, timedelta(days=1)


def demand_pace(by: Viewer) -> None:
    """Raises TooMany where this person has exported as often as anybody needs to."""
    made = db.session.execute(
        select(func.count()).where(
            Audit.user_id == by.user_id, Audit.kind == AuditKind.EXPORT, Audit.at > clock.now() - WITHIN
        )
    ).scalar_one()
    if made >= MOST:
        raise TooMany(f"You have exported {MOST} times in a day. Go on tomorrow.")
