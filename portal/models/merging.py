"""Two records that turn out to be one family: who proposed to merge them, who is who in them, and what was moved."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.models.base import FamilyScoped, Model, index_where

WAITS = "confirmed_at IS NULL AND ended_at IS NULL"


class RecordMerge(FamilyScoped, Model):
    """Somebody proposed that another record is part of this family's; somebody else confirms it, or not. The family is
    the one that is kept. At most one waits of each of the two; whether it was merged and is still, `merged` says."""

    id: Mapped[int] = mapped_column(primary_key=True)
    other_id: Mapped[int] = mapped_column(ForeignKey("family.id"), index=True)
    why: Mapped[str] = mapped_column(String(1000))
    proposed_by_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    proposed_by_name: Mapped[str]
    proposed_at: Mapped[datetime]
    # Not agreed to, or withdrawn.
    ended_at: Mapped[datetime | None]
    ended_by_name: Mapped[str | None]
    ended_why: Mapped[str | None] = mapped_column(String(1000))
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    confirmed_by_name: Mapped[str | None]
    confirmed_at: Mapped[datetime | None]
    # Of each table the last number there was: what has a greater one was written since.
    marks: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    parted_at: Mapped[datetime | None]
    parted_by_name: Mapped[str | None]
    parted_why: Mapped[str | None] = mapped_column(String(1000))
    __table_args__ = (
        CheckConstraint("other_id <> family_id", name="two_families"),
        CheckConstraint("confirmed_by_id IS NULL OR confirmed_by_id <> proposed_by_id", name="two_people"),
        CheckConstraint("parted_at IS NULL OR (confirmed_at IS NOT NULL AND parted_why IS NOT NULL)", name="parted"),
        CheckConstraint("ended_at IS NULL OR confirmed_at IS NULL", name="one_outcome"),
        index_where("uq_one_merge_kept", "family_id", where=WAITS, unique=True),
        index_where("uq_one_merge_other", "other_id", where=WAITS, unique=True),
    )

    @property
    def waits(self) -> bool:
        return self.confirmed_at is None and self.ended_at is None

    @property
    def merged(self) -> bool:
        return self.confirmed_at is not None and self.parted_at is None


class MergePerson(FamilyScoped, Model):
    """Somebody who was in one of the two records when it was proposed; of the other one also who they are in the one
    that is kept, where they are in both."""

    id: Mapped[int] = mapped_column(primary_key=True)
    merge_id: Mapped[int] = mapped_column(ForeignKey("record_merge.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    same_as_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    __table_args__ = (
        UniqueConstraint("merge_id", "person_id"),
        UniqueConstraint("merge_id", "same_as_id"),
        CheckConstraint("same_as_id IS NULL OR same_as_id <> person_id", name="two_rows"),
    )


class MovedValue(FamilyScoped, Model):
    """One column of one row that a merge changed: what it held before and after, so that it can be parted exactly.
    Numbers, dates and yes or no alone; what a person was filled in with is not repeated here."""

    id: Mapped[int] = mapped_column(primary_key=True)
    merge_id: Mapped[int] = mapped_column(ForeignKey("record_merge.id"))
    of_table: Mapped[str] = mapped_column(String(60))
    of_column: Mapped[str] = mapped_column(String(60))
    row_id: Mapped[int]
    before: Mapped[Any] = mapped_column(JSON(none_as_null=True), nullable=True)
    after: Mapped[Any] = mapped_column(JSON(none_as_null=True), nullable=True)
    __table_args__ = (Index("ix_moved_value_of", "merge_id", "of_table"),)
