"""Somebody's passkeys, and what a browser is asked to make or use one with."""

from dataclasses import dataclass

from sqlalchemy import select
from webauthn import (
    base64url_to_bytes,
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
)
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from portal.core.db import db
from portal.domain.dates import full, london_date, moment
from portal.domain.proving import Place
from portal.domain.viewer import Viewer
from portal.facts.proving import handle_of
from portal.models.people import User
from portal.models.proving import Passkey

PATIENCE = 300_000  # milliseconds that the browser waits for a finger, a face or a PIN


@dataclass(frozen=True)
class OwnPasskey:
    id: int
    name: str
    since: str
    used: str | None


def own(viewer: Viewer) -> list[OwnPasskey]:
    rows = db.session.scalars(
        select(Passkey).where(Passkey.user_id == viewer.user_id).order_by(Passkey.made_at, Passkey.id)
    )
    return [
        OwnPasskey(row.id, row.name, full(london_date(row.made_at)), moment(row.used_at) if row.used_at else None)
        for row in rows
    ]


def to_make(viewer: Viewer, *, challenge: bytes, at: Place, service: str) -> str:
    """What the browser is asked, as JSON: a passkey that is found without a name, and none that is there."""
    email = db.session.execute(select(User.email).where(User.id == viewer.user_id)).scalar_one()
    return options_to_json(
        generate_registration_options(
            rp_id=at.host,
            rp_name=service,
            user_id=handle_of(viewer.user_id),
            user_name=email,
            user_display_name=viewer.name,
            challenge=challenge,
            timeout=PATIENCE,
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.PREFERRED,
                user_verification=UserVerificationRequirement.PREFERRED,
            ),
            exclude_credentials=_theirs(viewer.user_id),
        )
    )


def to_prove(viewer: Viewer, *, challenge: bytes, at: Place) -> str | None:
    """For the second factor of somebody: one of theirs. None where they have none."""
    theirs = _theirs(viewer.user_id)
    if not theirs:
        return None
    asked = generate_authentication_options(
        rp_id=at.host, challenge=challenge, timeout=PATIENCE, allow_credentials=theirs
    )
    return options_to_json(asked)


def to_sign_in(*, challenge: bytes, at: Place) -> str:
    """For whoever comes: any passkey made here, with a finger, a face or a PIN."""
    asked = generate_authentication_options(
        rp_id=at.host, challenge=challenge, timeout=PATIENCE, user_verification=UserVerificationRequirement.REQUIRED
    )
    return options_to_json(asked)


def _theirs(user_id: int) -> list[PublicKeyCredentialDescriptor]:
    ids = db.session.scalars(select(Passkey.credential_id).where(Passkey.user_id == user_id).order_by(Passkey.id))
    return [PublicKeyCredentialDescriptor(id=base64url_to_bytes(each)) for each in ids]
