"""How a step-down ended without early help: the family said no, or it stays with social care."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.sealed import HasSealed, Sealed, SealedField, SealedText
from portal.domain.step_downs import HolderAnswer, NoKind, StayNow
from portal.domain.support import Escalation
from portal.models.base import FamilyScoped, Model, index_where


class FamilySaidNo(FamilyScoped, HasSealed, Model):
    """The family said no, or could not be reached; who reviews that, who keeps an eye out, and the way back."""

    id: Mapped[int] = mapped_column(primary_key=True)
    step_down_id: Mapped[int] = mapped_column(ForeignKey("step_down.id"), unique=True)
    kind: Mapped[NoKind]
    words: Mapped[str] = mapped_column(String(1000))
    person_name: Mapped[str | None]
    said_on: Mapped[date | None]
    offer_again_on: Mapped[date | None]
    way_back: Mapped[str] = mapped_column(String(500))
    review_by: Mapped[Escalation]
    # A colleague with a sign-in, or somebody without one, who was told by whoever recorded this.
    watcher_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    watcher_name: Mapped[str]
    watcher_contact_sealed: Mapped[Sealed | None] = mapped_column(SealedText("family_said_no.watcher_contact_sealed"))
    watcher_contact = SealedField[str | None]("watcher_contact_sealed", longest=200)
    watcher_told: Mapped[str | None]
    recorded_by_name: Mapped[str]
    recorded_at: Mapped[datetime]
    __table_args__ = (
        CheckConstraint("kind <> 'said_no' OR (person_name IS NOT NULL AND said_on IS NOT NULL)", name="said_by_whom"),
        CheckConstraint("watcher_id IS NOT NULL OR watcher_told IS NOT NULL", name="watcher_told"),
    )


class StaysWithSocialCare(FamilyScoped, Model):
    """The social worker asks that the family stays; the social care manager agrees, or not. At most one waits."""

    id: Mapped[int] = mapped_column(primary_key=True)
    step_down_id: Mapped[int] = mapped_column(ForeignKey("step_down.id"), index=True)
    reason: Mapped[str] = mapped_column(String(1000))
    what_now: Mapped[StayNow]
    worker_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    worker_name: Mapped[str | None]
    trigger: Mapped[str | None] = mapped_column(String(500))
    contact_made: Mapped[str | None] = mapped_column(String(500))
    asked_by_name: Mapped[str]
    asked_on: Mapped[date]
    agreed: Mapped[bool | None]
    settled_by_name: Mapped[str | None]
    settled_on: Mapped[date | None]
    settled_words: Mapped[str | None] = mapped_column(String(1000))
    __table_args__ = (
        index_where("uq_one_stay_asked", "step_down_id", where="settled_on IS NULL", unique=True),
        CheckConstraint("what_now <> 'other_worker' OR worker_id IS NOT NULL", name="other_worker_named"),
        CheckConstraint("trigger IS NULL OR contact_made IS NOT NULL", name="contact_after_trigger"),
    )


class HolderQuestion(FamilyScoped, Model):
    """Social work closed before early help began: who holds the family? Void once social work is open again."""

    id: Mapped[int] = mapped_column(primary_key=True)
    since: Mapped[date]
    due_on: Mapped[date]
    answer: Mapped[HolderAnswer | None]
    holder_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    holder_name: Mapped[str | None]
    words: Mapped[str | None] = mapped_column(String(1000))
    answered_by_name: Mapped[str | None]
    answered_on: Mapped[date | None]
    ended_on: Mapped[date | None]
    __table_args__ = (
        index_where("uq_one_holder_question", "family_id", where="ended_on IS NULL", unique=True),
        CheckConstraint("answer <> 'named' OR holder_name IS NOT NULL", name="holder_known"),
    )
