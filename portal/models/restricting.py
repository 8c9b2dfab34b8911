"""Families that only some may see: since when, why, on whose word; and those opened all the same in an emergency."""

from datetime import datetime
from typing import ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import vocabulary
from portal.core.sealed import HasSealed, Sealed, SealedField, SealedText
from portal.domain.emergencies import Emergency
from portal.models.base import FamilyScoped, Model, Referenced, index_where


class Restriction(FamilyScoped, Model):
    """A family was restricted, until it was lifted. Whether it is so today stands on the family too, where every
    statement asks for it; who may see it all the same stands in Clearance."""

    id: Mapped[int] = mapped_column(primary_key=True)
    restricted_at: Mapped[datetime]
    restricted_by_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    why: Mapped[str] = mapped_column(String(500))
    lifted_at: Mapped[datetime | None]
    lifted_by_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    lifted_why: Mapped[str | None] = mapped_column(String(500))
    __table_args__ = (
        index_where("uq_restricted_once", "family_id", where="lifted_at IS NULL", unique=True),
        CheckConstraint("lifted_at IS NULL OR lifted_why IS NOT NULL", name="lifted_with_reason"),
    )


class RestrictionRequest(FamilyScoped, HasSealed, Model):
    """Somebody who works with the family asks that only some may see it: nothing is restricted by that. A manager
    restricts it, or says why not; neither of both where it ended with a merge, or was withdrawn. At most one waits."""

    id: Mapped[int] = mapped_column(primary_key=True)
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    asked_by_name: Mapped[str]
    asked_at: Mapped[datetime]
    why_sealed: Mapped[Sealed] = mapped_column(SealedText("restriction_request.why_sealed"))
    why = SealedField[str]("why_sealed", longest=1000)
    # In the words of who asked: whoever restricts it chooses.
    who_stays_sealed: Mapped[Sealed | None] = mapped_column(SealedText("restriction_request.who_stays_sealed"))
    who_stays = SealedField[str | None]("who_stays_sealed", longest=500)
    answered_at: Mapped[datetime | None]
    answered_by_name: Mapped[str | None]
    granted: Mapped[bool | None]
    answer_sealed: Mapped[Sealed | None] = mapped_column(SealedText("restriction_request.answer_sealed"))
    answer = SealedField[str | None]("answer_sealed", longest=1000)
    # The line of the family's history that says no, or that it was withdrawn.
    event_id: Mapped[int | None] = mapped_column(ForeignKey("event.id"), unique=True)
    __table_args__ = (
        index_where("uq_restriction_asked_once", "family_id", where="answered_at IS NULL", unique=True),
        CheckConstraint("answered_at IS NOT NULL OR granted IS NULL", name="answered_some_day"),
        CheckConstraint("granted IS NULL OR granted OR answer_sealed IS NOT NULL", name="refused_with_reason"),
    )

    @property
    def withdrawn(self) -> bool:
        return self.granted is None and self.event_id is not None


class ConflictDeclaration(Referenced, Model):
    """Somebody said that a family is their own, or of people they know, in words that may name none we know. Not
    family-scoped: it is read by managers, and by who said it, who never learns what it names."""

    ref_prefix: ClassVar[str] = "CD"
    earlier_prefix: ClassVar[str] = "Z"
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"), index=True)
    reference: Mapped[str | None] = mapped_column(String(40))
    who: Mapped[str | None]
    why: Mapped[str] = mapped_column(String(300))
    declared_at: Mapped[datetime]
    # Which family it is, where that is known: at once, or by a manager's answer.
    family_id: Mapped[int | None] = mapped_column(ForeignKey("family.id"), index=True)
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    answer: Mapped[str | None] = mapped_column(String(300))
    __table_args__ = (CheckConstraint("reference IS NOT NULL OR who IS NOT NULL", name="names_somebody"),)


class EmergencyOpening(FamilyScoped, Referenced, Model):
    """Somebody opened a family out of their reach, for some hours, because it could not wait. Ends by itself; whether
    it is open at this moment, `portal/policies/barred.py` says."""

    ref_prefix: ClassVar[str] = "EO"
    earlier_prefix: ClassVar[str] = "B"
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    reason: Mapped[Emergency] = mapped_column(vocabulary(Emergency))
    why: Mapped[str] = mapped_column(String(300))
    opened_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    # Where it was closed before it ended by itself.
    closed_at: Mapped[datetime | None]
    reviewed_at: Mapped[datetime | None]
    reviewed_by_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    review: Mapped[str | None] = mapped_column(String(500))
    __table_args__ = (
        Index("ix_emergency_opening_own", "user_id", "ends_at"),
        CheckConstraint("ends_at > opened_at", name="ends_after"),
        CheckConstraint("reviewed_by_id IS NULL OR reviewed_by_id <> user_id", name="reviewed_by_another"),
        CheckConstraint("reviewed_at IS NULL OR review IS NOT NULL", name="reviewed_in_words"),
    )
