"""Records as such: copies of what is held about somebody, holds, and that a record was destroyed."""

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.models.base import FamilyScoped, Model, Referenced, index_where


class DataCopy(FamilyScoped, Referenced, Model):
    """Somebody asked what is held about one person: who, how it was made sure that it is them, and what for. The copy
    itself is made anew when it is opened, and kept nowhere. Never edited."""

    ref_prefix: ClassVar[str] = "DC"
    earlier_prefix: ClassVar[str] = "Y"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    why: Mapped[str] = mapped_column(String(300))
    asked_by: Mapped[str]
    identity: Mapped[str] = mapped_column(String(500))
    made_by_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    made_by_name: Mapped[str]
    made_at: Mapped[datetime]


class RetentionHold(FamilyScoped, Model):
    """The record is kept, whatever its age, until somebody lifts this. At most one holds; those that were lifted
    stay."""

    id: Mapped[int] = mapped_column(primary_key=True)
    why: Mapped[str] = mapped_column(String(1000))
    review_on: Mapped[date]
    placed_by_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    placed_by_name: Mapped[str]
    placed_at: Mapped[datetime]
    lifted_by_name: Mapped[str | None]
    lifted_at: Mapped[datetime | None]
    lifted_why: Mapped[str | None] = mapped_column(String(1000))
    __table_args__ = (
        index_where("uq_one_hold", "family_id", where="lifted_at IS NULL", unique=True),
        CheckConstraint("(lifted_at IS NULL) = (lifted_why IS NULL)", name="lifted_reasoned"),
    )


class DestructionProposal(FamilyScoped, Model):
    """Somebody proposed that the record is destroyed; somebody else confirms it, and then this row is gone with it. At
    most one waits; those that were withdrawn stay."""

    id: Mapped[int] = mapped_column(primary_key=True)
    why: Mapped[str] = mapped_column(String(1000))
    proposed_by_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    proposed_by_name: Mapped[str]
    proposed_at: Mapped[datetime]
    withdrawn_by_name: Mapped[str | None]
    withdrawn_at: Mapped[datetime | None]
    __table_args__ = (index_where("uq_one_proposal", "family_id", where="withdrawn_at IS NULL", unique=True),)


class DestroyedRecord(Model):
    """A record that is no more: its reference, who proposed and who confirmed it, by which rule, and how many rows of
    which table there were. Nothing of a person. Never edited."""

    id: Mapped[int] = mapped_column(primary_key=True)
    # Not a foreign key: the family is gone.
    reference: Mapped[str] = mapped_column(String(20), unique=True)
    rule: Mapped[str]
    proposed_by_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    proposed_by_name: Mapped[str]
    proposed_at: Mapped[datetime]
    confirmed_by_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    confirmed_by_name: Mapped[str]
    destroyed_at: Mapped[datetime]
    counts: Mapped[dict[str, Any]]
    __table_args__ = (CheckConstraint("confirmed_by_id <> proposed_by_id", name="two_people"),)
