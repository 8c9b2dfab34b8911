"""Messages on their way: one row for each recipient, one for each attempt, and what each person chose to be told."""

import enum
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import vocabulary
from portal.domain.notices import Notice, When
from portal.models.base import Model, Versioned, index_where, one_of


class DeliveryStatus(enum.StrEnum):
    """`lined_up`: waits for its recipient's digest. `withheld`: by the time it was sent it was theirs no longer."""

    WAITING = "waiting"
    LINED_UP = "lined_up"
    SENT = "sent"
    FAILED = "failed"
    WITHHELD = "withheld"


class Way(enum.StrEnum):
    EMAIL = "email"
    TEXT = "text"


class Delivery(Model):
    """One message to one recipient: a row of the outbox for a user or for a family's link, or a user's digest of a
    day. It is claimed by a lease; whoever holds it sends it and says what came of it. Not family-scoped: what it
    says is made under its recipient's own viewer when it is sent, and kept nowhere."""

    id: Mapped[int] = mapped_column(primary_key=True)
    outbox_id: Mapped[int | None] = mapped_column(ForeignKey("outbox_message.id"))
    digest_on: Mapped[date | None]
    # Nobody where a family is written to: who that is and how, is looked up when it is sent.
    user_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"), index=True)
    notice: Mapped[Notice | None] = mapped_column(vocabulary(Notice))
    status: Mapped[DeliveryStatus] = mapped_column(default=DeliveryStatus.WAITING)
    way: Mapped[Way] = mapped_column(default=Way.EMAIL)
    # The same at every attempt, so that a mail server or GOV.UK Notify knows one sent twice.
    message_id: Mapped[str] = mapped_column(String(100), unique=True)
    made_at: Mapped[datetime]
    next_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    leased_until: Mapped[datetime | None]
    lease: Mapped[str | None] = mapped_column(String(32))
    settled_at: Mapped[datetime | None]
    why: Mapped[str | None] = mapped_column(String(300))
    # The digest that took this line in, or the letter of several reminders.
    digest_id: Mapped[int | None] = mapped_column(ForeignKey("delivery.id"), index=True)
    __table_args__ = (
        CheckConstraint(one_of("outbox_id", "digest_on"), name="of_one_thing"),
        CheckConstraint("digest_on IS NULL OR user_id IS NOT NULL", name="digest_of_somebody"),
        UniqueConstraint("outbox_id", "user_id"),
        UniqueConstraint("user_id", "digest_on"),
        index_where("ix_delivery_waiting", "next_at", "id", where="status = 'waiting'"),
        index_where("ix_delivery_failed", "settled_at", "id", where="status = 'failed'"),
        index_where("ix_delivery_lined_up", "user_id", "id", where="status = 'lined_up'"),
    )


class DeliveryAttempt(Model):
    """One try to send: begun before anything leaves the house, so that one that was cut off can be seen."""

    id: Mapped[int] = mapped_column(primary_key=True)
    delivery_id: Mapped[int] = mapped_column(ForeignKey("delivery.id"))
    number: Mapped[int]
    lease: Mapped[str] = mapped_column(String(32))
    at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    # What the other side said, without any address: nothing where it was cut off.
    outcome: Mapped[str | None] = mapped_column(String(300))
    __table_args__ = (Index("ix_delivery_attempt_of", "delivery_id", "number"),)


class DigestDay(Model):
    """A day on which digests were begun, by whichever worker was first; `weekly`: also those that come once a week."""

    day: Mapped[date] = mapped_column(primary_key=True)
    weekly: Mapped[bool]
    begun_at: Mapped[datetime]


class NoticeChoice(Versioned, Model):
    """When one person wants to be told of one kind; the default where there is no row."""

    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"), primary_key=True)
    notice: Mapped[Notice] = mapped_column(vocabulary(Notice), primary_key=True)
    choice: Mapped[When]


class NoticeChange(Model):
    """Somebody chose anew when they are told of one kind. Never edited."""

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"), index=True)
    notice: Mapped[Notice] = mapped_column(vocabulary(Notice))
    before: Mapped[When] = mapped_column(vocabulary(When))
    after: Mapped[When] = mapped_column(vocabulary(When))
    at: Mapped[datetime]
