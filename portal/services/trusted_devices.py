"""Browsers that ask their one person for no code for some days: trusted, known again, forgotten."""

import secrets
from datetime import timedelta

from sqlalchemy import ColumnElement, update

from portal.core import clock
from portal.core.db import db
from portal.models.proving import TrustedDevice
from portal.services.sign_in import hashed


def trust(user_id: int, days: int) -> str:
    """Ask for no code here for so long. Returns what the browser keeps; only its hash is kept here."""
    token, now = secrets.token_urlsafe(32), clock.now()
    db.session.add(
        TrustedDevice(
            user_id=user_id, token_hash=hashed(token), made_at=now, used_at=now, until=now + timedelta(days=days)
        )
    )
    return token


def knows(user_id: int, token: str) -> bool:
    """Whether this browser is trusted for this person still."""
    now = clock.now()
    found = db.session.execute(
        update(TrustedDevice)
        .where(
            TrustedDevice.user_id == user_id,
            TrustedDevice.token_hash == hashed(token),
            TrustedDevice.ended_at.is_(None),
            TrustedDevice.until > now,
        )
        .values(used_at=now)
        .returning(TrustedDevice.id)
    )
    return found.first() is not None


def forget(user_id: int, device_id: int) -> None:
    """Ask for a code there again."""
    _end(user_id, TrustedDevice.id == device_id)


def forget_all(user_id: int) -> None:
    _end(user_id)


def _end(user_id: int, *which: ColumnElement[bool]) -> None:
    db.session.execute(
        update(TrustedDevice)
        .where(TrustedDevice.user_id == user_id, TrustedDevice.ended_at.is_(None), *which)
        .values(ended_at=clock.now())
    )
