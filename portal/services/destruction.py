"""The record of a family is destroyed: every row of every table that leads to it, in one transaction."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, delete, exists, inspect, or_, select, update

from portal.core.db import Base, db
from portal.core.errors import Refused
from portal.facts import merging
from portal.models.base import FamilyScoped
from portal.models.families import Family, LookUp
from portal.models.merging import MergePerson, MovedValue, RecordMerge
from portal.models.messages import Delivery, DeliveryAttempt
from portal.models.record import Audit, FormDraft, IdempotencyKey, OutboxMessage
from portal.models.restricting import ConflictDeclaration
from portal.policies.scope import unscoped
from portal.services import remember

Model = type[Any]
# Kept, and why.
KEPT: Mapping[Model, str] = {
    Audit: "the log only grows: who did what with which reference. What fields held goes with the record",
    IdempotencyKey: "where a form led, for 30 days: a reference alone",
}


def demand_later_family(family: Family) -> None:
    """A number that is the last one could be given again, and the log would tell of two families as one."""
    last = max(merging.whole(family.id))
    with unscoped("a record is destroyed"):
        later = db.session.execute(select(exists().where(Family.id > last))).scalar_one()
    if not later:
        raise Refused("This is the record with the last number, which could be given again. Add a {family} first.")


def destroy(family_id: int) -> dict[str, int]:
    """Messages that were not sent are gone with the rest, and so is what was left of records that were merged into it.
    Returns how many rows of which table there were."""
    counts: dict[str, int] = {}
    whole = merging.whole(family_id)
    with unscoped("a record is destroyed"):
        _part_from_others(whole)
        for number in whole:
            remember.forget_changes(number)
        for model, of_family in rows_of(*whole):
            gone = db.session.execute(delete(model).where(of_family), execution_options={"synchronize_session": False})
            if gone.rowcount:  # type: ignore[attr-defined]
                counts[str(inspect(model).local_table)] = gone.rowcount  # type: ignore[attr-defined]
    # What was read of it is no more.
    db.session.expunge_all()
    return counts


def rows_of(*family_ids: int) -> Iterator[tuple[Model, ColumnElement[bool]]]:
    """Each table, those first that others do not point to."""
    tables = {inspect(mapper).local_table: mapper.class_ for mapper in Base.registry.mappers}
    beside = _beside(family_ids)
    for table in reversed(Base.metadata.sorted_tables):
        model = tables[table]
        if model is Family:
            yield model, Family.id.in_(family_ids)
        elif model in beside:
            yield model, beside[model]
        elif issubclass(model, FamilyScoped):
            yield model, model.family_id.in_(family_ids)


def _beside(family_ids: Sequence[int]) -> Mapping[Model, ColumnElement[bool]]:
    """Tables that are not of one family, and hold rows of it."""
    messages = select(OutboxMessage.id).where(OutboxMessage.family_id.in_(family_ids))
    deliveries = select(Delivery.id).where(Delivery.outbox_id.in_(messages))
    merges = or_(RecordMerge.family_id.in_(family_ids), RecordMerge.other_id.in_(family_ids))
    of_merges = select(RecordMerge.id).where(merges)
    return {
        LookUp: LookUp.found_family_id.in_(family_ids),
        FormDraft: FormDraft.family_id.in_(family_ids),
        ConflictDeclaration: ConflictDeclaration.family_id.in_(family_ids),
        OutboxMessage: OutboxMessage.family_id.in_(family_ids),
        Delivery: Delivery.outbox_id.in_(messages),
        DeliveryAttempt: DeliveryAttempt.delivery_id.in_(deliveries),
        # Of two families, while it is proposed or after they were taken apart again.
        RecordMerge: merges,
        MergePerson: MergePerson.merge_id.in_(of_merges),
        MovedValue: MovedValue.merge_id.in_(of_merges),
    }


def _part_from_others(family_ids: Sequence[int]) -> None:
    """Where a message about another family was sent with one of this, it was sent all the same."""
    messages = select(OutboxMessage.id).where(OutboxMessage.family_id.in_(family_ids))
    own = select(Delivery.id).where(Delivery.outbox_id.in_(messages))
    db.session.execute(
        update(Delivery).where(Delivery.digest_id.in_(own)).values(digest_id=None),
        execution_options={"synchronize_session": False},
    )
