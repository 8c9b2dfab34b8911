"""Who changed something of the portal itself last."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from portal.core.db import db
from portal.models.administering import AdminChange


@dataclass(frozen=True)
class Latest:
    who: str
    at: datetime


def latest_row(subject: str) -> AdminChange | None:
    newest = select(AdminChange).where(AdminChange.subject == subject).order_by(AdminChange.id.desc()).limit(1)
    return db.session.scalars(newest).first()


def newest() -> int:
    """The number of the latest change of anything, 0 where there was none: what a form has seen."""
    return db.session.execute(select(func.coalesce(func.max(AdminChange.id), 0))).scalar_one()


def latest(subject: str) -> Latest | None:
    row = db.session.execute(
        select(AdminChange.by_name, AdminChange.at)
        .where(AdminChange.subject == subject)
        .order_by(AdminChange.id.desc())
        .limit(1)
    ).first()
    return Latest(row.by_name, row.at) if row else None
