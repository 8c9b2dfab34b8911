"""Codes as a second factor: set up the app, count a code once, recovery codes."""

import hashlib
import secrets
from collections.abc import Mapping
from hmac import compare_digest

import pyotp
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import delete, or_, select, update

from portal.core import clock
from portal.core.db import db
from portal.core.errors import FieldRefused, Refused, Unreadable
from portal.domain.account_news import News
from portal.domain.proving import LETTERS, RECOVERY_CODES, code_in, in_fours, recovery_code_in
from portal.facts import proving
from portal.models.proving import AuthenticatorApp, RecoveryCode
from portal.services import account_news, trusted_devices

# A code is good for half a minute, and for one more on either side: clocks of phones differ.
STEP = 30
NEAR = (0, -1, 1)
RECOVERY_LENGTH = 16
# A code is eighty bits of chance: it needs no more than that each guess costs something. Ten are tried one by one.
_SLOW = PasswordHasher(time_cost=1, memory_cost=4096, parallelism=1)
WRONG = "Enter the code that your app shows now. Each code counts once"


def prepare(user_id: int) -> None:
    """Make a secret for the app to scan. One that was made before and never confirmed opens nothing any more."""
    db.session.execute(
        delete(AuthenticatorApp).where(AuthenticatorApp.user_id == user_id, AuthenticatorApp.confirmed_at.is_(None))
    )
    db.session.add(AuthenticatorApp(user_id=user_id, secret=pyotp.random_base32(), made_at=clock.now()))


def confirm(user_id: int, typed: str) -> list[str]:
    """The app that was scanned makes codes from now on, and the one before none. Returns recovery codes, which can
    never be shown again. Raises FieldRefused where the code is not of this app, Refused where none waits."""
    app = db.session.scalars(
        select(AuthenticatorApp)
        .where(AuthenticatorApp.user_id == user_id, AuthenticatorApp.confirmed_at.is_(None))
        .with_for_update()
    ).one_or_none()
    if app is None:
        raise Refused("There is no app to set up any more. Begin again.")
    step = _step(app, typed)
    if step is None:
        raise FieldRefused("code", WRONG)
    db.session.execute(
        delete(AuthenticatorApp).where(AuthenticatorApp.user_id == user_id, AuthenticatorApp.confirmed_at.is_not(None))
    )
    app.confirmed_at, app.last_step = clock.now(), step
    trusted_devices.forget_all(user_id)
    account_news.tell(user_id, News.APP)
    db.session.flush()
    return _recovery_codes(user_id)


def code_counts(user_id: int, typed: str) -> bool:
    """Whether this is a code of their app that was not used before, nor one before it."""
    app = proving.app_of(user_id)
    step = None if app is None else _step(app, typed)
    if app is None or step is None:
        return False
    used = db.session.execute(
        update(AuthenticatorApp)
        .where(
            AuthenticatorApp.id == app.id, or_(AuthenticatorApp.last_step.is_(None), AuthenticatorApp.last_step < step)
        )
        .values(last_step=step)
        .returning(AuthenticatorApp.id)
    )
    return used.first() is not None


def new_recovery_codes(user_id: int) -> list[str]:
    """Codes for paper; those before them count no more. Raises Refused where no app is set up."""
    if proving.app_of(user_id) is None:
        raise Refused("Set up an app first. You get recovery codes with it.")
    account_news.tell(user_id, News.RECOVERY_CODES)
    return _recovery_codes(user_id)


def _recovery_codes(user_id: int) -> list[str]:
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user_id))
    codes = ["".join(secrets.choice(LETTERS) for _ in range(RECOVERY_LENGTH)) for _ in range(RECOVERY_CODES)]
    now = clock.now()
    db.session.add_all(RecoveryCode(user_id=user_id, code_hash=_hashed(code), made_at=now) for code in codes)
    return [in_fours(code, "-") for code in codes]


def unused_recovery_codes(user_id: int) -> Mapping[int, str]:
    """The hashes of those that still count, by their ids: to be compared while no transaction is open."""
    rows = db.session.execute(
        select(RecoveryCode.id, RecoveryCode.code_hash).where(
            RecoveryCode.user_id == user_id, RecoveryCode.used_at.is_(None)
        )
    )
    return {row.id: row.code_hash for row in rows}


def which_of(codes: Mapping[int, str], typed: str) -> int | None:
    """The id of the one that was typed."""
    given = _digest(recovery_code_in(typed))
    return next((number for number, kept in codes.items() if _is(kept, given)), None)


def spend(recovery_code_id: int) -> bool:
    """Whether it had not been used before: it counts once."""
    used = db.session.execute(
        update(RecoveryCode)
        .where(RecoveryCode.id == recovery_code_id, RecoveryCode.used_at.is_(None))
        .values(used_at=clock.now())
        .returning(RecoveryCode.id)
    )
    return used.first() is not None


def _step(app: AuthenticatorApp, typed: str) -> int | None:
    """The half minute that this is the code of; None where it is of none about now. An app whose secret cannot be read
    makes no codes that count: other ways to sign in do."""
    code = code_in(typed)
    if code is None:
        return None
    try:
        now, codes = int(clock.now().timestamp()) // STEP, pyotp.TOTP(app.secret)
    except Unreadable:
        return None
    return next((now + off for off in NEAR if compare_digest(codes.at((now + off) * STEP), code)), None)


def _hashed(code: str) -> str:
    return _SLOW.hash(_digest(code))


def _digest(code: str) -> str:
    # As codes were kept before they were salted: those were hashed once more, and still count.
    return hashlib.sha256(code.encode("utf-8", "replace")).hexdigest()


def _is(kept: str, given: str) -> bool:
    try:
        return _SLOW.verify(kept, given)
    except (VerificationError, InvalidHashError):
        return False
