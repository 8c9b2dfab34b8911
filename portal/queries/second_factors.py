"""How somebody proves that it is them, as their own page tells, and what their app is to scan."""

from dataclasses import dataclass

import pyotp
from sqlalchemy import func, select

from portal.core import clock
from portal.core.db import db
from portal.core.sealed import Unread, opened
from portal.domain.dates import full, london_date, moment
from portal.domain.proving import in_fours
from portal.domain.viewer import Viewer
from portal.facts import proving
from portal.models.people import User
from portal.models.proving import AuthenticatorApp, ProviderAccount, RecoveryCode, TrustedDevice


@dataclass(frozen=True)
class Scan:
    """`address` is what the square says, `secret` the same for typing."""

    address: str
    secret: str


@dataclass(frozen=True)
class Browser:
    """One that is trusted: since when, until when, and when it was used last."""

    id: int
    since: str
    until: str
    used: str


@dataclass(frozen=True)
class OwnProofs:
    """`app_since`: when the app was set up, nothing where there is none; `codes_left`: recovery codes not used."""

    app_since: str | None
    codes_left: int
    browsers: list[Browser]


def has_app(viewer: Viewer) -> bool:
    return proving.app_of(viewer.user_id) is not None


def to_scan(viewer: Viewer, service: str) -> Scan | None:
    """Of the app that waits to be confirmed; None where none does."""
    row = db.session.execute(
        select(AuthenticatorApp.id, AuthenticatorApp.secret_sealed, User.email)
        .join(User, User.id == AuthenticatorApp.user_id)
        .where(AuthenticatorApp.user_id == viewer.user_id, AuthenticatorApp.confirmed_at.is_(None))
    ).first()
    secret = None if row is None else opened(row.secret_sealed, row.id)
    if row is None or secret is None or isinstance(secret, Unread):
        return None
    address = pyotp.TOTP(secret).provisioning_uri(name=row.email, issuer_name=service)
    return Scan(address, in_fours(secret, " "))


def connected_since(viewer: Viewer, issuer: str) -> str | None:
    """Since when the council's own sign-in lets them in; None where it does not."""
    since = db.session.scalars(
        select(ProviderAccount.connected_at).where(
            ProviderAccount.user_id == viewer.user_id, ProviderAccount.issuer == issuer
        )
    ).one_or_none()
    return full(london_date(since)) if since else None


def own(viewer: Viewer) -> OwnProofs:
    app = proving.app_of(viewer.user_id)
    left = db.session.execute(
        select(func.count()).where(RecoveryCode.user_id == viewer.user_id, RecoveryCode.used_at.is_(None))
    ).scalar_one()
    since = app.confirmed_at if app else None
    return OwnProofs(full(london_date(since)) if since else None, left, _browsers(viewer))


def _browsers(viewer: Viewer) -> list[Browser]:
    rows = db.session.scalars(
        select(TrustedDevice)
        .where(
            TrustedDevice.user_id == viewer.user_id,
            TrustedDevice.ended_at.is_(None),
            TrustedDevice.until > clock.now(),
        )
        .order_by(TrustedDevice.used_at.desc(), TrustedDevice.id)
    )
    return [
        Browser(row.id, full(london_date(row.made_at)), full(london_date(row.until)), moment(row.used_at))
        for row in rows
    ]
