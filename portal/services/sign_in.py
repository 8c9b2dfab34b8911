"""Signing in and out: passwords, and sessions as rows."""

import hashlib
import secrets
from dataclasses import dataclass

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError, VerifyMismatchError
from sqlalchemy import func, select, update

from portal.core import clock
from portal.core.db import db
from portal.models.people import User, UserSession


@dataclass(frozen=True)
class Account:
    """What is needed to check a password, read before any transaction that writes."""

    user_id: int
    password_hash: str


def hash_password(password: str, memory_kib: int) -> str:
    return PasswordHasher(memory_cost=memory_kib).hash(password)


def account(email: str) -> Account | None:
    """The active account of an address, whatever its case."""
    row = db.session.execute(
        select(User.id, User.password_hash).where(func.lower(User.email) == email.lower(), User.active)
    ).first()
    return Account(row.id, row.password_hash) if row and row.password_hash else None


def password_is(known: Account | None, password: str, memory_kib: int) -> bool:
    """Whether the password is right. An unknown address costs the same time as a known one."""
    hasher = PasswordHasher(memory_cost=memory_kib)
    if known is None:
        hasher.hash(password)
        return False
    try:
        return hasher.verify(known.password_hash, password)
    except (VerifyMismatchError, VerificationError, InvalidHashError):
        return False


def begin(user_id: int) -> str:
    """Start a session and return its token, of which only a hash is kept."""
    token, now = secrets.token_urlsafe(32), clock.now()
    db.session.add(UserSession(token_hash=hashed(token), user_id=user_id, started_at=now, seen_at=now))
    return token


def end(session_id: int) -> None:
    db.session.execute(
        update(UserSession)
        .where(UserSession.id == session_id, UserSession.ended_at.is_(None))
        .values(ended_at=clock.now())
    )


def hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
