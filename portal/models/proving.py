"""How people prove that it is them: their app, recovery codes, passkeys, trusted devices, the council's own sign-in."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.sealed import HasSealed, Sealed, SealedField, SealedText
from portal.models.base import Model, index_where


class AuthenticatorApp(HasSealed, Model):
    """The app on somebody's phone that makes codes. One that is not confirmed waits to be scanned, and proves
    nothing."""

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    secret_sealed: Mapped[Sealed] = mapped_column(SealedText("authenticator_app.secret_sealed"))
    secret = SealedField[str]("secret_sealed", instead=None)
    made_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    # The half minute of the last code that counted: a code counts once.
    last_step: Mapped[int | None]
    __table_args__ = (
        index_where("ix_authenticator_app_own", "user_id", where="confirmed_at IS NOT NULL", unique=True),
        index_where("ix_authenticator_app_waiting", "user_id", where="confirmed_at IS NULL", unique=True),
    )


class RecoveryCode(Model):
    """A code on paper for whoever has lost the phone. Only a slow, salted hash is kept, and it counts once."""

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"), index=True)
    code_hash: Mapped[str] = mapped_column(String(120))
    made_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class Passkey(Model):
    """A key that lives in somebody's phone, computer or security key. Here lies only its public half."""

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"), index=True)
    credential_id: Mapped[str] = mapped_column(String(1400), unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int] = mapped_column(BigInteger, default=0)
    name: Mapped[str] = mapped_column(String(60))
    made_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class SpentChallenge(Model):
    """What was asked of a passkey and has been answered: an answer counts once."""

    challenge_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)


class TrustedDevice(Model):
    """A browser that asks its one person for no code until a day. It holds a random token; here lies its hash."""

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[datetime]
    used_at: Mapped[datetime]
    until: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class ProviderAccount(Model):
    """Somebody's account at the council's own sign-in: known by who issued it and its subject, never by an email
    address."""

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"), index=True)
    issuer: Mapped[str] = mapped_column(String(300))
    subject: Mapped[str] = mapped_column(String(255))
    connected_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    __table_args__ = (UniqueConstraint("issuer", "subject"), UniqueConstraint("user_id", "issuer"))


class FactorReset(Model):
    """One administrator asks that somebody sets up their codes anew; another confirms it. Never edited after."""

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    why: Mapped[str] = mapped_column(String(500))
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    asked_by_name: Mapped[str]
    asked_at: Mapped[datetime]
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    confirmed_by_name: Mapped[str | None]
    confirmed_at: Mapped[datetime | None]
    withdrawn_by_name: Mapped[str | None]
    withdrawn_at: Mapped[datetime | None]
    __table_args__ = (
        CheckConstraint("asked_by_id <> confirmed_by_id", name="two_administrators"),
        CheckConstraint("user_id <> asked_by_id AND user_id <> confirmed_by_id", name="of_somebody_else"),
        index_where(
            "ix_factor_reset_open", "user_id", where="confirmed_at IS NULL AND withdrawn_at IS NULL", unique=True
        ),
    )
