"""The log of one family or of one person, row by row, for a file."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select

from portal.core import clock
from portal.core.db import db, reading
from portal.domain.log_words import as_what, because, did
from portal.domain.viewer import Viewer, asking
from portal.facts import merging
from portal.models.families import Family
from portal.models.people import Organisation, User
from portal.models.record import Audit
from portal.queries import log_changes
from portal.queries.log_as_shown import changes_as_shown, reason_as_shown

AT_ONCE = 500
COLUMNS = ("When", "Who", "Reference", "Organisation", "As", "What", "Family", "How many", "Reason", "Changes")
Row = tuple[object, ...]


@dataclass(frozen=True)
class Export:
    """How many rows there are, and they themselves: read as whoever asked, some at a time, while they are sent."""

    count: int
    rows: Callable[[], Iterator[Row]]


def of_family(family_id: int, viewer: Viewer) -> Export:
    return _export(Audit.family_id.in_(merging.whole(family_id)), viewer)


def of_person(user_id: int, viewer: Viewer) -> Export:
    """What somebody did, signing in too, but with families that the viewer does not reach."""
    at_the_door = and_(Audit.user_id.is_(None), Audit.subject == f"{User.ref_prefix}-{user_id}")
    return _export(or_(Audit.user_id == user_id, at_the_door), viewer)


def _export(of: ColumnElement[bool], viewer: Viewer) -> Export:
    """Up to now: what comes later is in the next file."""
    last = db.session.execute(select(func.max(Audit.id)).where(of)).scalar_one() or 0
    reached = or_(Audit.family_id.is_(None), Family.id.is_not(None), Audit.family_id.in_(merging.parts_in_reach()))
    wanted = [of, Audit.id <= last, reached]
    counted = select(func.count(Audit.id)).outerjoin(Family, Family.id == Audit.family_id).where(*wanted)
    return Export(db.session.execute(counted).scalar_one(), lambda: _rows(wanted, viewer))


def _rows(wanted: list[ColumnElement[bool]], viewer: Viewer) -> Iterator[Row]:
    """The oldest first. Between two batches no transaction is open and nobody is bound: sending takes its time."""
    after = 0
    while batch := _batch([*wanted, Audit.id > after], viewer):
        yield from map(_row, batch)
        after = batch[-1].id


def _batch(wanted: list[ColumnElement[bool]], viewer: Viewer) -> list[Any]:
    with reading(), asking(viewer):
        rows = db.session.execute(
            select(
                Audit.id,
                Audit.at,
                Audit.user_id,
                User.name,
                Organisation.name.label("organisation"),
                Audit.standing,
                Audit.roles,
                Audit.kind,
                Audit.page,
                Audit.subject,
                Audit.family_id,
                Audit.rows,
                reason_as_shown(),
                changes_as_shown(),
            )
            .outerjoin(User, User.id == Audit.user_id)
            .outerjoin(Organisation, Organisation.id == Audit.organisation_id)
            .outerjoin(Family, Family.id == Audit.family_id)
            .where(*wanted)
            .order_by(Audit.id)
            .limit(AT_ONCE)
        )
        found = list(rows)
        db.session.rollback()
    return found


def _row(row: Any) -> Row:
    return (
        row.at.astimezone(clock.LONDON).strftime("%Y-%m-%d %H:%M:%S"),
        row.name,
        f"{User.ref_prefix}-{row.user_id}" if row.user_id else None,
        row.organisation,
        as_what(row.standing, row.roles),
        did(row.kind, row.page, row.subject),
        f"{Family.ref_prefix}-{row.family_id}" if row.family_id else None,
        row.rows,
        because(row.reason),
        "\n".join(log_changes.lines(row.changes)) or None,
    )
