"""Each family's summary row: locked before a change, recounted before its commit."""

from typing import Any

from sqlalchemy import select

from portal.core.db import db
from portal.facts import open_things
from portal.facts.summary import Summary, derive
from portal.models.families import Family
from portal.models.record import FamilySummary
from portal.policies.scope import unscoped
from portal.services.history import CHANGED

LOCKED = "locked_summaries"


def lock_family_of(model: type[Any], thing_id: int) -> None:
    """Take the lock that every change of one family takes first, so that two changes never wait in a ring."""
    family_id = (
        select(Family.id).where(Family.id == thing_id)
        if model is Family
        else select(model.family_id).where(model.id == thing_id)
    ).scalar_subquery()
    with unscoped("recount"):
        row = db.session.execute(
            select(FamilySummary).where(FamilySummary.family_id == family_id).with_for_update()
        ).scalar_one_or_none()
    # Held on to, so that the recount at the end finds it without asking again.
    db.session.info.setdefault(LOCKED, []).append(row)


def lock(family_id: int) -> None:
    """The same lock, where the family's id is known."""
    lock_family_of(Family, family_id)


def lock_second(family_id: int) -> bool:
    """The lock of another family beside the one that is held. It is not waited for: two that each hold one and wait for
    the other's would wait for ever. Returns whether it was free."""
    with unscoped("recount"):
        free = select(FamilySummary).where(FamilySummary.family_id == family_id).with_for_update(skip_locked=True)
        row = db.session.execute(free).scalar_one_or_none()
    db.session.info.setdefault(LOCKED, []).append(row)
    return row is not None


def recount_changed() -> None:
    """Recount each family that gained an event in this transaction."""
    for family_id in sorted(db.session.info.pop(CHANGED, set())):
        recount(family_id)
    db.session.info.pop(LOCKED, None)


def forget_changed() -> None:
    """What was changed has been rolled back: there is nothing to recount."""
    for key in (CHANGED, LOCKED):
        db.session.info.pop(key, None)


def recount(family_id: int) -> None:
    """Write what the family's own rows say into its summary; the row is made where there is none."""
    db.session.flush()
    found = derive(open_things.of_family(family_id))
    with unscoped("recount"):
        row = db.session.get(FamilySummary, family_id)
    if row is None:
        row = FamilySummary(family_id=family_id)
        db.session.add(row)
    for name, value in vars(found).items():
        setattr(row, name, value)
    db.session.flush()


def families() -> list[int]:
    """Every family there is, for a recount of all."""
    with unscoped("recount"):
        return list(db.session.scalars(select(Family.id).order_by(Family.id)))


def put_right(family_id: int) -> bool:
    """Recount one family whatever happened; whether its summary said something else."""
    lock(family_id)
    wrong = bool(differences(family_id))
    if wrong:
        recount(family_id)
    db.session.info.pop(LOCKED, None)
    return wrong


def differences(family_id: int) -> dict[str, tuple[Any, Any]]:
    """Where the stored summary and a recount disagree: {column: (stored, recounted)}. Empty when all is well."""
    found: Summary = derive(open_things.of_family(family_id))
    with unscoped("recount"):
        row = db.session.execute(
            select(FamilySummary).where(FamilySummary.family_id == family_id).execution_options(populate_existing=True)
        ).scalar_one()
    return {name: (getattr(row, name), value) for name, value in vars(found).items() if getattr(row, name) != value}
