"""How long a record is kept: a hold is placed and lifted; that it is destroyed takes two people."""

from datetime import date

from sqlalchemy import Select, inspect, select

from portal.core import clock
from portal.core.db import db
from portal.core.errors import FieldRefused, Refused
from portal.domain.dates import full
from portal.domain.event_kinds import E
from portal.domain.viewer import Viewer
from portal.facts import merging, retention
from portal.models.families import Family
from portal.models.subjects import DestroyedRecord, DestructionProposal, RetentionHold
from portal.services import destruction, history


def hold(family: Family, *, why: str, review_on: date, by: Viewer) -> RetentionHold:
    """A proposal that waits is withdrawn by it. Raises Refused where a hold is there already."""
    if _hold(family) is not None:
        raise Refused("There is a hold already. Lift it first, or leave it as it is.")
    made = RetentionHold(
        family_id=family.id,
        why=why,
        review_on=review_on,
        placed_by_id=by.user_id,
        placed_by_name=by.name,
        placed_at=clock.now(),
    )
    db.session.add(made)
    history.record(E.RETENTION_HELD, family, by=by, data={"review": full(review_on)})
    proposal = _proposal(family)
    if proposal is not None:
        _withdraw(proposal, family, by=by)
    return made


def lift(family: Family, *, why: str, by: Viewer) -> None:
    held = _hold(family)
    if held is None:
        raise Refused("There is no hold any more.")
    held.lifted_at, held.lifted_by_name, held.lifted_why = clock.now(), by.name, why
    history.record(E.RETENTION_LIFTED, family, by=by)


def propose(family: Family, *, why: str, by: Viewer) -> DestructionProposal:
    """Nothing is destroyed until somebody else confirms it."""
    _demand_due(family)
    waiting = _proposal(family)
    if waiting is not None:
        raise Refused(f"{waiting.proposed_by_name} has proposed this already.")
    if merging.waits_for_somebody(family.id):
        raise Refused("It is proposed that this record and another one are one {family}. That has to be settled first.")
    made = DestructionProposal(
        family_id=family.id, why=why, proposed_by_id=by.user_id, proposed_by_name=by.name, proposed_at=clock.now()
    )
    db.session.add(made)
    history.record(E.DESTRUCTION_PROPOSED, family, by=by)
    return made


def withdraw(family: Family, *, by: Viewer) -> None:
    _withdraw(_waiting(family), family, by=by)


def confirm(family: Family, *, reference: str, by: Viewer) -> DestroyedRecord:
    """By somebody else than who proposed it, under the same conditions, asked anew: then the record is gone."""
    proposal = _waiting(family)
    if proposal.proposed_by_id == by.user_id:
        raise Refused("You proposed this. Somebody else has to confirm it.")
    _demand_due(family)
    if reference.strip().upper() != family.ref:
        raise FieldRefused("reference", f"Enter the reference of this record, {family.ref}, as it stands at the top")
    destruction.demand_later_family(family)
    record = DestroyedRecord(
        reference=family.ref,
        rule=str(retention.rule()),
        proposed_by_id=proposal.proposed_by_id,
        proposed_by_name=proposal.proposed_by_name,
        proposed_at=proposal.proposed_at,
        confirmed_by_id=by.user_id,
        confirmed_by_name=by.name,
        destroyed_at=clock.now(),
    )
    parts = [_part_of(record, number) for number in merging.parts_of(family.id)]
    record.counts = destruction.destroy(family.id)
    db.session.add_all([record, *parts])
    return record


def _part_of(record: DestroyedRecord, number: int) -> DestroyedRecord:
    """A record that had been merged into it: its reference is destroyed with it."""
    columns = inspect(DestroyedRecord).column_attrs.keys()
    same = {name: getattr(record, name) for name in columns if name not in ("id", "reference", "counts")}
    return DestroyedRecord(**same, reference=f"{Family.ref_prefix}-{number}", counts={})


def _demand_due(family: Family) -> None:
    kept = retention.of_family(family.id)
    if kept.is_open:
        raise Refused("This {family} is open: its record is not destroyed.")
    if kept.missing:
        raise Refused(f"It cannot be said when this record is due. {'. '.join(kept.missing)}.")
    if not kept.is_due(clock.today()):
        raise Refused(f"This record is kept until {full(kept.due_on) if kept.due_on else 'later'}.")
    if _hold(family) is not None:
        raise Refused("There is a hold on this record. It has to be lifted first.")


def _withdraw(proposal: DestructionProposal, family: Family, *, by: Viewer) -> None:
    proposal.withdrawn_at, proposal.withdrawn_by_name = clock.now(), by.name
    history.record(E.DESTRUCTION_WITHDRAWN, family, by=by)


def _waiting(family: Family) -> DestructionProposal:
    proposal = _proposal(family)
    if proposal is None:
        raise Refused("Nobody proposes to destroy this record any more.")
    return proposal


def _proposal(family: Family) -> DestructionProposal | None:
    waiting: Select[DestructionProposal] = select(DestructionProposal).where(
        DestructionProposal.family_id == family.id, DestructionProposal.withdrawn_at.is_(None)
    )
    return db.session.scalars(waiting).one_or_none()


def _hold(family: Family) -> RetentionHold | None:
    holding: Select[RetentionHold] = select(RetentionHold).where(
        RetentionHold.family_id == family.id, RetentionHold.lifted_at.is_(None)
    )
    return db.session.scalars(holding).one_or_none()
