"""Passkeys: add one, take its answer as proof once, remove it."""

import hashlib
from datetime import timedelta

from sqlalchemy import delete, select
from webauthn import verify_authentication_response, verify_registration_response
from webauthn.helpers import bytes_to_base64url, parse_authentication_credential_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import AuthenticationCredential

from portal.core import clock
from portal.core.db import db
from portal.core.errors import FieldRefused
from portal.domain.account_news import News
from portal.domain.proving import Place
from portal.facts.proving import handle_of
from portal.models.people import User
from portal.models.proving import Passkey, SpentChallenge
from portal.services import account_news

# An answer is worth nothing long before what was asked is forgotten.
FORGOTTEN = timedelta(days=1)
NOT_MADE = "No passkey was made. Try again"


def add(user_id: int, answer: str, *, name: str, challenge: bytes, at: Place) -> Passkey:
    """Keep the public half of a new passkey. Raises FieldRefused where the answer is not to what was asked here."""
    try:
        made = verify_registration_response(
            credential=answer, expected_challenge=challenge, expected_rp_id=at.host, expected_origin=at.origin
        )
    except (WebAuthnException, ValueError, KeyError, TypeError) as wrong:
        raise FieldRefused("answer", NOT_MADE) from wrong
    credential_id = bytes_to_base64url(made.credential_id)
    if db.session.scalars(select(Passkey.id).where(Passkey.credential_id == credential_id)).first():
        raise FieldRefused("answer", "This passkey is known here already")
    _spend(challenge)
    passkey = Passkey(
        user_id=user_id,
        credential_id=credential_id,
        public_key=made.credential_public_key,
        sign_count=made.sign_count,
        name=name,
        made_at=clock.now(),
    )
    db.session.add(passkey)
    account_news.tell(user_id, News.PASSKEY_MADE)
    return passkey


def proves(answer: str, *, challenge: bytes, at: Place, alone: bool, user_id: int | None = None) -> int | None:
    """Whose passkey answered, and to what was asked here and now; None where nobody's did. `alone`, without a
    password, it has to have asked for a finger, a face or a PIN. With `user_id` only theirs counts."""
    credential = _read(answer)
    passkey = None if credential is None else _passkey_of(credential, user_id)
    if credential is None or passkey is None:
        return None
    try:
        used = verify_authentication_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=at.host,
            expected_origin=at.origin,
            credential_public_key=passkey.public_key,
            credential_current_sign_count=passkey.sign_count,
            require_user_verification=alone,
        )
    except (WebAuthnException, ValueError):
        return None
    if not _spend(challenge):
        return None
    passkey.sign_count, passkey.used_at = used.new_sign_count, clock.now()
    return passkey.user_id


def remove(user_id: int, passkey_id: int) -> None:
    mine = delete(Passkey).where(Passkey.user_id == user_id, Passkey.id == passkey_id)
    if db.session.execute(mine.returning(Passkey.id)).first():
        account_news.tell(user_id, News.PASSKEY_REMOVED)


def _read(answer: str) -> AuthenticationCredential | None:
    try:
        return parse_authentication_credential_json(answer)
    except (WebAuthnException, ValueError, KeyError, TypeError):
        return None


def _passkey_of(credential: AuthenticationCredential, user_id: int | None) -> Passkey | None:
    """Locked, so that two answers of one passkey are judged one after the other."""
    passkey = db.session.scalars(
        select(Passkey)
        .join(User, User.id == Passkey.user_id)
        .where(Passkey.credential_id == bytes_to_base64url(credential.raw_id), User.active)
        .with_for_update(of=Passkey)
    ).one_or_none()
    if passkey is None or (user_id is not None and passkey.user_id != user_id):
        return None
    told = credential.response.user_handle
    return passkey if told is None or told == handle_of(passkey.user_id) else None


def _spend(challenge: bytes) -> bool:
    """Whether what was asked had not been answered before: it counts once."""
    now, spent = clock.now(), hashlib.sha256(challenge).hexdigest()
    db.session.execute(delete(SpentChallenge).where(SpentChallenge.at < now - FORGOTTEN))
    if db.session.get(SpentChallenge, spent) is not None:
        return False
    db.session.add(SpentChallenge(challenge_hash=spent, at=now))
    db.session.flush()
    return True
