"""Somebody says what they have seen of what happens to families, and takes it back. No history: it is theirs alone."""

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import func, or_, select

from portal.core import clock
from portal.core.db import db
from portal.core.errors import Refused
from portal.domain.permissions import P
from portal.domain.roles import Role
from portal.domain.seen import NOT_YOURS, OPEN_AGAIN, TOO_LATE
from portal.domain.undo import WINDOW
from portal.domain.viewer import Viewer
from portal.models.families import Family
from portal.models.people import User
from portal.models.record import Event, FamilySeen
from portal.policies import rules

JUST_BEFORE = timedelta(microseconds=1)


def mark(family_ids: Iterable[int], *, by: Viewer, until: datetime) -> int:
    """As seen, up to a moment that has passed; how many. Later changes stay unseen."""
    click, wanted = secrets.token_urlsafe(12), sorted(set(family_ids))
    for family_id, row in _rows(wanted, by).items():
        _set(row, family_id, min(until, clock.now()), click, by)
    db.session.flush()
    return len(wanted)


def mark_chosen(families: Iterable[Family], *, by: Viewer, until: datetime | None) -> tuple[int, str]:
    """The same of those that are this person's; how many, and by which click it is undone. A coordinator reaches
    families of others too: nothing is kept of those."""
    if until is None:
        raise Refused(OPEN_AGAIN)
    works_with = Role.COORDINATOR not in by.roles
    own = [each.id for each in families if works_with or rules.allowed(by, P.FAMILY_UNSEEN, each)]
    if not own:
        raise Refused(NOT_YOURS)
    click = secrets.token_urlsafe(12)
    for family_id, row in _rows(sorted(own), by).items():
        _set(row, family_id, min(until, clock.now()), click, by)
    db.session.flush()
    return len(own), click


def unmark(family: Family, *, by: Viewer) -> None:
    """As not seen: the latest thing that somebody else did is news again."""
    unmark_chosen([family], by=by)


def unmark_chosen(families: Iterable[Family], *, by: Viewer) -> tuple[int, str]:
    """Those that are this person's to hold or lead; how many, and by which click it is undone. Raises Refused where
    none is."""
    own = [family.id for family in families if rules.allowed(by, P.FAMILY_UNSEEN, family)]
    if not own:
        raise Refused(NOT_YOURS)
    others = or_(Event.actor_id.is_(None), Event.actor_id != by.user_id)
    rows = db.session.execute(
        select(Event.family_id, func.max(Event.recorded_at).label("news"))
        .where(Event.family_id.in_(own), others)
        .group_by(Event.family_id)
    )
    latest = {row.family_id: row.news for row in rows}
    click = secrets.token_urlsafe(12)
    for family_id, row in _rows(sorted(own), by).items():
        news = latest.get(family_id)
        _set(row, family_id, news - JUST_BEFORE if news is not None else None, click, by)
    db.session.flush()
    return len(own), click


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
