"""Those who work with families: organisations, sharing agreements, users, their roles and sessions."""

from datetime import date, datetime
from typing import ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core.db import vocabulary
from portal.core.sealed import HasSealed, Sealed, SealedField, SealedText
from portal.domain.organisations import OrganisationKind as OrganisationKind  # noqa: PLC0414  (others take it from here)
from portal.domain.proving import Proof
from portal.domain.roles import Role
from portal.models.base import Model, Referenced, Versioned


class Organisation(Versioned, Referenced, Model):
    """A body whose people work with families. Council bodies need no sharing agreement."""

    ref_prefix: ClassVar[str] = "B"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[OrganisationKind]
    phone: Mapped[str | None] = mapped_column(String(40))
    # Whom to ask there.
    contact: Mapped[str | None]
    # Nobody is invited to it any more.
    retired_at: Mapped[datetime | None]
    agreements: Mapped[list["SharingAgreement"]] = relationship(back_populates="organisation", lazy="raise")


class SocialCareTeam(Model):
    """A team of social workers inside the council."""

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    name: Mapped[str]
    __table_args__ = (UniqueConstraint("organisation_id", "name"),)


class SharingAgreement(Versioned, Referenced, Model):
    """Between which dates a partner's people may see the families they work with."""

    ref_prefix: ClassVar[str] = "Y"
    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    review_on: Mapped[date | None]
    contact: Mapped[str | None]
    # Where the signed paper lies, as the council calls it.
    document: Mapped[str | None]
    organisation: Mapped[Organisation] = relationship(back_populates="agreements", lazy="raise")
    __table_args__ = (CheckConstraint("ends_on >= starts_on", name="dates_in_order"),)


class AgreementExtension(Model):
    """An agreement made to last some days longer: by whom, when and why. It asks no partner; renewing it does."""

    id: Mapped[int] = mapped_column(primary_key=True)
    agreement_id: Mapped[int] = mapped_column(ForeignKey("sharing_agreement.id"), index=True)
    before: Mapped[date]
    after: Mapped[date]
    why: Mapped[str] = mapped_column(String(500))
    by_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    by_name: Mapped[str]
    at: Mapped[datetime]
    __table_args__ = (CheckConstraint("after > before", name="longer"),)


class OrganisationClosure(Referenced, Model):
    """Days on which nobody of an organisation works: school holidays above all."""

    ref_prefix: ClassVar[str] = "OC"
    earlier_prefix: ClassVar[str] = "K"
    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    name: Mapped[str]
    from_on: Mapped[date]
    to_on: Mapped[date]
    entered_by_name: Mapped[str]
    entered_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    __table_args__ = (CheckConstraint("to_on >= from_on", name="dates_in_order"),)


class CoordinatorCover(Referenced, Model):
    """Who holds a coordinator's families while they are away, between which dates. The families stay theirs."""

    ref_prefix: ClassVar[str] = "W"
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"), index=True)
    cover_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"), index=True)
    from_on: Mapped[date]
    to_on: Mapped[date]
    named_by_name: Mapped[str]
    named_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    __table_args__ = (
        CheckConstraint("to_on >= from_on", name="dates_in_order"),
        CheckConstraint("user_id <> cover_id", name="somebody_else"),
    )


class User(HasSealed, Versioned, Referenced, Model):
    """Somebody with a sign-in."""

    ref_prefix: ClassVar[str] = "U"
    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    social_care_team_id: Mapped[int | None] = mapped_column(ForeignKey("social_care_team.id"), index=True)
    name: Mapped[str]
    job: Mapped[str | None]
    email: Mapped[str] = mapped_column(String(254), unique=True)
    phone_sealed: Mapped[Sealed | None] = mapped_column(SealedText("app_user.phone_sealed"))
    phone = SealedField[str | None]("phone_sealed", longest=40)
    password_hash: Mapped[str | None] = mapped_column(String(255))
    active: Mapped[bool] = mapped_column(default=True)
    organisation: Mapped[Organisation] = relationship(lazy="raise")
    roles: Mapped[list["UserRole"]] = relationship(back_populates="user", lazy="raise", cascade="all, delete-orphan")
    __tablename__ = "app_user"  # "user" is a reserved word on PostgreSQL


class DutyCoordinator(Model):
    """Who is given a family that was pointed to a service and has no coordinator: the latest row counts."""

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    named_by_name: Mapped[str]
    named_at: Mapped[datetime]


class UserRole(Model):
    """One role of one person."""

    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"), primary_key=True)
    role: Mapped[Role] = mapped_column(primary_key=True)
    user: Mapped[User] = relationship(back_populates="roles", lazy="raise")


class UserSession(Model):
    """A signed-in browser. The cookie holds a random token; here only its hash lies."""

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"), index=True)
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    # What it was begun with; nothing while it still waits for a second factor.
    proof: Mapped[Proof | None] = mapped_column(vocabulary(Proof))
    ended_at: Mapped[datetime | None]
    # Which browser on which system, in words, for whoever looks through their own sessions.
    browser: Mapped[str | None] = mapped_column(String(60))


class PasswordLink(Model):
    """A link by which somebody sets their password, once: sent to whoever was invited or forgot it. The email holds a
    random token; here only its hash lies."""

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    # When it was used, or ended with another one.
    ended_at: Mapped[datetime | None]
