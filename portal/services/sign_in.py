"""Signing in and out: passwords, and sessions as rows."""

import hashlib
import secrets
from dataclasses import dataclass

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError, VerifyMismatchError
from sqlalchemy import ColumnElement, func, select, update

from portal.core import clock
from portal.core.db import db
from portal.domain import browsers, passwords
from portal.domain.proving import Proof
from portal.domain.viewer import Viewer
from portal.models.people import User, UserSession


@dataclass(frozen=True)
class Account:
    """What is needed to check a password, read before any transaction that writes."""

    user_id: int
    password_hash: str


def hash_password(password: str, memory_kib: int) -> str:
    return PasswordHasher(memory_cost=memory_kib).hash(passwords.normal(password))


def account(email: str) -> Account | None:
    """The active account of an address, whatever its case."""
    return _account(func.lower(User.email) == email.lower())


def own_account(viewer: Viewer) -> Account | None:
    """That of somebody who is signed in; None where they have no password."""
    return _account(User.id == viewer.user_id)


def _account(*which: ColumnElement[bool]) -> Account | None:
    row = db.session.execute(select(User.id, User.password_hash).where(User.active, *which)).first()
    return Account(row.id, row.password_hash) if row and row.password_hash else None


def password_is(known: Account | None, password: str, memory_kib: int) -> bool:
    """Whether the password is right. An unknown address costs the same time as a known one."""
    hasher = PasswordHasher(memory_cost=memory_kib)
    given = passwords.normal(password)
    if known is None:
        hasher.hash(given)
        return False
    try:
        return hasher.verify(known.password_hash, given)
    except (VerifyMismatchError, VerificationError, InvalidHashError):
        return False


def begin(user_id: int, proof: Proof | None = Proof.PASSWORD) -> str:
    """Start a session and return its token, of which only a hash is kept. Without a proof it waits for one."""
    token, now, where = secrets.token_urlsafe(32), clock.now(), browsers.current()
    db.session.add(
        UserSession(token_hash=hashed(token), user_id=user_id, started_at=now, seen_at=now, browser=where, proof=proof)
    )
    return token


def end(session_id: int) -> None:
    _end(UserSession.id == session_id)


def end_own(viewer: Viewer, session_id: int) -> None:
    """Sign somebody out in another browser of theirs; nothing happens where it is nobody's, or another's."""
    _end(UserSession.user_id == viewer.user_id, UserSession.id == session_id)


def end_others(viewer: Viewer) -> None:
    """Sign this person out everywhere but in this browser."""
    _end(UserSession.user_id == viewer.user_id, UserSession.id != viewer.session_id)


def renewed(viewer: Viewer) -> str:
    """This session under another token, so that one which was read somewhere opens nothing more. The old one stays
    known as ended: a form that was opened before is still its writer's."""
    token, now = secrets.token_urlsafe(32), clock.now()
    old = db.session.execute(
        update(UserSession)
        .where(UserSession.id == viewer.session_id, UserSession.ended_at.is_(None))
        .values(ended_at=now)
        .returning(UserSession.started_at, UserSession.proof, UserSession.browser)
    ).first()
    if old is not None:
        kept = {"started_at": old.started_at, "proof": old.proof, "browser": old.browser}
        db.session.add(UserSession(token_hash=hashed(token), user_id=viewer.user_id, seen_at=now, **kept))
    return token


def _end(*which: ColumnElement[bool]) -> None:
    db.session.execute(update(UserSession).where(UserSession.ended_at.is_(None), *which).values(ended_at=clock.now()))


def end_all(user_id: int) -> None:
    """Sign somebody out everywhere."""
    db.session.execute(
        update(UserSession)
        .where(UserSession.user_id == user_id, UserSession.ended_at.is_(None))
        .values(ended_at=clock.now())
    )


def hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
