"""How often anything may be taken out of the portal: the log, or a copy of what is held about somebody."""

from sqlalchemy import func, select

from portal.core import clock
from portal.core.db import db
from portal.core.errors import TooMany
from portal.domain.limits import PACES, Limit
from portal.domain.viewer import Viewer
from portal.models.record import Audit, AuditKind


def demand_pace(by: Viewer) -> None:
    """Raises TooMany where this person has exported as often as anybody needs to. Each export is in the log: they are
    counted there."""
    (pace,) = PACES[Limit.EXPORT]
    made = db.session.execute(
        select(func.count()).where(
            Audit.user_id == by.user_id, Audit.kind == AuditKind.EXPORT, Audit.at > clock.now() - pace.within
        )
    ).scalar_one()
    if made >= pace.times:
        raise TooMany(f"You have exported {pace.times} times in a day. Go on tomorrow.")
