"""Questions that a family answers by a link: to whom, the links themselves, and every answer."""

from datetime import date, datetime
from typing import ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.domain.asking import AskedEnd, LinkWay, Said
from portal.models.base import FamilyScoped, Model, Referenced, index_where


class FamilyQuestion(FamilyScoped, Referenced, Model):
    """Has this support started? Put to one person of the family, who may answer by a link for some days."""

    ref_prefix: ClassVar[str] = "Q"
    id: Mapped[int] = mapped_column(primary_key=True)
    referral_id: Mapped[int] = mapped_column(ForeignKey("support_referral.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    way: Mapped[LinkWay]
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    asked_by_name: Mapped[str]
    asked_at: Mapped[datetime]
    # Why this person can safely be asked, although somebody is to be kept apart: such an answer is no second source.
    safe_because: Mapped[str | None] = mapped_column(String(500))
    # What the page calls the support, where this person asked for it; nobody else of the family reads it.
    label: Mapped[str | None] = mapped_column(String(60))
    # The days of the first link; a reminder's link has the same end.
    expires_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    ended_how: Mapped[AskedEnd | None]
    __table_args__ = (
        CheckConstraint("(ended_at IS NULL) = (ended_how IS NULL)", name="ended_known"),
        index_where("uq_asked_once", "referral_id", "person_id", where="ended_at IS NULL", unique=True),
    )


class FamilyLink(FamilyScoped, Model):
    """One link to a question. The link holds a random token, of which only a hash is kept."""

    id: Mapped[int] = mapped_column(primary_key=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("family_question.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[datetime]


class FamilyAnswer(FamilyScoped, Model):
    """What somebody answered by a link. All are kept, and the last one counts."""

    id: Mapped[int] = mapped_column(primary_key=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("family_question.id"), index=True)
    said: Mapped[Said | None]
    started_on: Mapped[date | None]
    words: Mapped[str | None] = mapped_column(String(500))
    call_me: Mapped[bool] = mapped_column(default=False)
    language: Mapped[str] = mapped_column(String(10))
    answered_at: Mapped[datetime]
    # Tells a second click from a second answer: a hash over the form's own random key and what was answered.
    sent: Mapped[str] = mapped_column(String(64), unique=True)
    __table_args__ = (CheckConstraint("said IS NOT NULL OR call_me", name="says_something"),)
