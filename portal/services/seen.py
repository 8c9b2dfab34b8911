"""Somebody says what they have seen of what happens to families, and takes it back. No history: it is theirs alone."""

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import func, or_, select

from portal.core import clock
from portal.core.db import db
from portal.core.errors import Refused
from portal.domain.seen import TOO_LATE
from portal.domain.undo import WINDOW
from portal.domain.viewer import Viewer
from portal.models.families import Family
from portal.models.people import User
from portal.models.record import Event, FamilySeen

JUST_BEFORE = timedelta(microseconds=1)


def mark(family_ids: Iterable[int], *, by: Viewer, until: datetime) -> int:
    """As seen, up to a moment that has passed; how many. Later changes stay unseen."""
    click, wanted = secrets.token_urlsafe(12), sorted(set(family_ids))
    for family_id, row in _rows(wanted, by).items():
        _set(row, family_id, min(until, clock.now()), click, by)
    db.session.flush()
    return len(wanted)


def unmark(family: Family, *, by: Viewer) -> None:
    """As not seen: the latest thing that somebody else did is news again."""
    latest: datetime | None = db.session.execute(
        select(func.max(Event.recorded_at)).where(
            Event.family_id == family.id, or_(Event.actor_id.is_(None), Event.actor_id != by.user_id)
        )
    ).scalar_one()
    row = _rows([family.id], by)[family.id]
    _set(row, family.id, latest - JUST_BEFORE if latest is not None else None, secrets.token_urlsafe(12), by)
    db.session.flush()


def undo(click: str, *, by: Viewer) -> int:
    """Put back what stood before one click; of how many families. Raises Refused once it is too late."""
    rows = db.session.scalars(
        select(FamilySeen)
        .where(
            FamilySeen.user_id == by.user_id,
            FamilySeen.click == click,
            FamilySeen.marked_at >= clock.now() - WINDOW,
        )
        .order_by(FamilySeen.family_id)
        .with_for_update()
    ).all()
    if not rows:
        raise Refused(TOO_LATE)
    for row in rows:
        if row.before_at is None:
            db.session.delete(row)
        else:
            row.seen_to, row.marked_at, row.click = row.before_to, row.before_at, None
    db.session.flush()
    return len(rows)


def _rows(family_ids: list[int], by: Viewer) -> dict[int, FamilySeen | None]:
    # One person's clicks go one after the other: at the same instant two first ones would both find nothing here.
    db.session.execute(select(User.id).where(User.id == by.user_id).with_for_update(key_share=True))
    found = db.session.scalars(
        select(FamilySeen)
        .where(FamilySeen.user_id == by.user_id, FamilySeen.family_id.in_(family_ids))
        .order_by(FamilySeen.family_id)
        .with_for_update()
    )
    known = {row.family_id: row for row in found}
    return {family_id: known.get(family_id) for family_id in family_ids}


def _set(row: FamilySeen | None, family_id: int, seen_to: datetime | None, click: str, by: Viewer) -> None:
    if row is None:
        row = FamilySeen(family_id=family_id, user_id=by.user_id)
        db.session.add(row)
    else:
        row.before_to, row.before_at = row.seen_to, row.marked_at
    row.seen_to, row.marked_at, row.click = seen_to, clock.now(), click
