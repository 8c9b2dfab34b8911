"""What was merged into which record, what waits to be confirmed, and who of one record is who in the other."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ScalarSelect, Select, func, or_, select
from sqlalchemy.sql.elements import ColumnElement

from portal.core import clock
from portal.core.db import db
from portal.domain.merging import REVERSIBLE
from portal.domain.viewer import Viewer
from portal.models.families import Family, Person
from portal.models.merging import MergePerson, RecordMerge
from portal.policies.scope import unscoped


def record_of(family: Any = Family) -> ColumnElement[int]:
    """The record that a row of the family table is part of: its own, or the one it was merged into."""
    return func.coalesce(family.merged_into_id, family.id)


def into(family_id: int) -> int | None:
    """The record that this one was merged into, whoever may read it."""
    with unscoped("which record another was merged into"):
        return db.session.scalars(select(Family.merged_into_id).where(Family.id == family_id)).one_or_none()


def same_person(person_id: int) -> int | None:
    """Who this person of a record that was merged into another is there."""
    with unscoped("which record another was merged into"):
        return db.session.scalars(
            select(MergePerson.same_as_id)
            .join(RecordMerge, RecordMerge.id == MergePerson.merge_id)
            .where(MergePerson.person_id == person_id, MergePerson.same_as_id.is_not(None), _merged())
        ).one_or_none()


def parts_of(family_id: int) -> list[int]:
    """The records that were merged into this one."""
    with unscoped("which record another was merged into"):
        return list(db.session.scalars(select(Family.id).where(Family.merged_into_id == family_id).order_by(Family.id)))


def parts_in_reach() -> list[int]:
    """The records that were merged into those that the viewer reaches."""
    with unscoped("which record another was merged into"):
        merged = db.session.execute(
            select(Family.id, Family.merged_into_id).where(Family.merged_into_id.is_not(None))
        ).all()
    kept = {row.merged_into_id for row in merged}
    reached = set(db.session.scalars(select(Family.id).where(Family.id.in_(kept)))) if kept else set()
    return [row.id for row in merged if row.merged_into_id in reached]


def whole(family_id: int) -> list[int]:
    """The record, and those that were merged into it."""
    return [family_id, *parts_of(family_id)]


def same_people(family_id: int) -> Mapping[int, int]:
    """By person of a record that was merged into this one: who of this one they are."""
    with unscoped("which record another was merged into"):
        rows = db.session.execute(
            select(MergePerson.person_id, MergePerson.same_as_id)
            .join(Person, Person.id == MergePerson.person_id)
            .join(Family, Family.id == Person.family_id)
            .join(RecordMerge, RecordMerge.id == MergePerson.merge_id)
            .where(Family.merged_into_id == family_id, MergePerson.same_as_id.is_not(None), _merged())
        )
        found = {row.person_id: row.same_as_id for row in rows}
    # Who was one with somebody of a record that was itself merged later.
    return {person_id: found.get(same, same) for person_id, same in found.items()}


def waiting(family_id: int) -> RecordMerge | None:
    """What is proposed of this record and another one, where the viewer reaches both."""
    return db.session.scalars(_waiting(family_id)).one_or_none()


def waits_for_somebody(family_id: int) -> bool:
    """The same, whoever may read it."""
    with unscoped("whether a merge is proposed"):
        return db.session.scalars(_waiting(family_id)).first() is not None


def proposed_by_others(viewer: Viewer) -> ScalarSelect[int]:
    """How many of those that the viewer reaches wait for somebody else than who proposed them, as a column of another
    statement."""
    return (
        select(func.count(RecordMerge.id))
        .where(RecordMerge.confirmed_at.is_(None), RecordMerge.ended_at.is_(None))
        .where(RecordMerge.proposed_by_id != viewer.user_id)
        .scalar_subquery()
    )


def last(family_id: int) -> RecordMerge | None:
    """The last record that was merged into this one and is still part of it: it is the first to be taken apart."""
    merged: Select[RecordMerge] = (
        select(RecordMerge)
        .where(RecordMerge.family_id == family_id, _merged())
        .order_by(RecordMerge.confirmed_at.desc(), RecordMerge.id.desc())
        .limit(1)
    )
    return db.session.scalars(merged).first()


def can_be_parted(merge: RecordMerge) -> bool:
    """Once the days are over it is one record for good."""
    return merge.merged and merge.confirmed_at is not None and clock.now() < merge.confirmed_at + REVERSIBLE


def who_is_who(merge: RecordMerge) -> Sequence[MergePerson]:
    return db.session.scalars(
        select(MergePerson).where(MergePerson.merge_id == merge.id).order_by(MergePerson.person_id)
    ).all()


def _waiting(family_id: int) -> Select[RecordMerge]:
    of_both = or_(RecordMerge.family_id == family_id, RecordMerge.other_id == family_id)
    return select(RecordMerge).where(of_both, RecordMerge.confirmed_at.is_(None), RecordMerge.ended_at.is_(None))


def _merged() -> ColumnElement[bool]:
    return RecordMerge.confirmed_at.is_not(None) & RecordMerge.parted_at.is_(None)
