"""Whose password a link sets."""

import hashlib
from dataclasses import dataclass

from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.models.people import PasswordLink, User


@dataclass(frozen=True)
class Behind:
    """What a link opens: the account of one person."""

    link_id: int
    user_id: int
    name: str
    email: str


def behind(token: str) -> Behind | None:
    """None where the link opens nothing: used, too old, never made, or of an account that is closed."""
    row = db.session.execute(
        select(PasswordLink.id, User.id.label("user_id"), User.name, User.email)
        .join(User, User.id == PasswordLink.user_id)
        .where(
            PasswordLink.token_hash == hashed(token),
            PasswordLink.ended_at.is_(None),
            PasswordLink.expires_at > clock.now(),
            User.active,
        )
    ).first()
    return None if row is None else Behind(row.id, row.user_id, row.name, row.email)


def hashed(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
