"""Slow down machines: what is limited is counted in the database, before it is done."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, func, insert, select

from portal.core import clock
from portal.core.db import db, writing
from portal.domain.limits import PACES, Limit, kept_for
from portal.models.throttles import LimitedUse


@dataclass(frozen=True)
class Use:
    """One use that was counted. Whoever did nothing wrong gives it back."""

    id: int


def take(limit: Limit, *who: object) -> Use | None:
    """Count one use, before what it is for; None where it has to wait. On a short connection of its own, so that it
    counts whatever becomes of the request: no other transaction may be open. It is written before it is counted:
    of many at one instant no more come through than may."""
    now, whose = clock.now(), _hashed(who)
    with writing():
        with db.engine.begin() as connection:
            connection.execute(
                delete(LimitedUse).where(LimitedUse.limit == limit, LimitedUse.at <= now - kept_for(limit))
            )
            use = connection.execute(
                insert(LimitedUse).values(limit=limit, who_hash=whose, at=now).returning(LimitedUse.id)
            ).scalar_one()
        with db.engine.begin() as connection:
            if _too_fast(connection, limit, whose, now, use):
                connection.execute(delete(LimitedUse).where(LimitedUse.id == use))
                return None
    return Use(use)


def give_back(use: Use) -> None:
    """In the caller's transaction: it was right, and counts no more."""
    db.session.execute(delete(LimitedUse).where(LimitedUse.id == use.id))


def _too_fast(connection: Connection, limit: Limit, whose: str, now: datetime, this: int) -> bool:
    others = select(func.count(LimitedUse.id)).where(
        LimitedUse.limit == limit, LimitedUse.who_hash == whose, LimitedUse.id != this
    )
    return any(
        connection.execute(others.where(LimitedUse.at > now - pace.within)).scalar_one() >= pace.times
        for pace in PACES[limit]
    )


def _hashed(who: tuple[object, ...]) -> str:
    return hashlib.sha256("\n".join(str(part) for part in who).encode("utf-8", "replace")).hexdigest()
