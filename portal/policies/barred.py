"""What keeps somebody from a family they would reach: it is restricted, or it is their own. Asked of the rows as they
stand when a statement runs, by the criteria of reach and by whoever chooses people for a family."""

from datetime import datetime
from typing import Any

from sqlalchemy import Date, and_, exists, func, or_, select
from sqlalchemy.sql.elements import ColumnElement

from portal.core import clock
from portal.core.db import UTCDateTime, when_run
from portal.models.families import Clearance, ConflictOfInterest
from portal.models.restricting import EmergencyOpening

# Core tables, so that the seat-belt is not put on itself; under names of their own, so that they are never mistaken for
# the same table of the statement they stand in.
_conflict = ConflictOfInterest.__table__.alias("reach_conflict")
_clearance = Clearance.__table__.alias("reach_clearance")
_opening = EmergencyOpening.__table__.alias("reach_opening")


def conflicted(family_id: Any, user_id: Any) -> ColumnElement[bool]:
    """It is their own family, or of people they know. Beats every role, and whatever else is recorded."""
    of_both = (_conflict.c.family_id == family_id, _conflict.c.user_id == user_id)
    return exists().where(*of_both, stands(_conflict.c)).correlate_except(_conflict)


def stands(conflict: Any) -> ColumnElement[bool]:
    """The condition on columns of conflicts of interest under which one counts."""
    return conflict.ended_at.is_(None)  # type: ignore[no-any-return]


def cleared(family_id: Any, user_id: Any) -> ColumnElement[bool]:
    """May see it though it is restricted: not ended, and today is not after the last day."""
    return (
        exists()
        .where(_clearance.c.family_id == family_id, _clearance.c.user_id == user_id, holds(_clearance.c))
        .correlate_except(_clearance)
    )


def holds(clearance: Any) -> ColumnElement[bool]:
    """The condition on columns of clearances under which one counts today."""
    today = when_run("reach_today", clock.today, Date())
    return and_(clearance.ended_at.is_(None), or_(clearance.until_on.is_(None), clearance.until_on >= today))


def opened(family_id: Any, user_id: Any) -> ColumnElement[bool]:
    """They opened it in an emergency, and that has not ended."""
    of_both = (_opening.c.family_id == family_id, _opening.c.user_id == user_id)
    return exists().where(*of_both, is_open(_opening.c)).correlate_except(_opening)


def open_until(family_id: Any, user_id: Any) -> ColumnElement[Any]:
    """When that will end; empty where nothing is open."""
    return (
        select(func.max(_opening.c.ends_at))
        .where(_opening.c.family_id == family_id, _opening.c.user_id == user_id, is_open(_opening.c))
        .correlate_except(_opening)
        .scalar_subquery()
    )


def is_open(opening: Any) -> ColumnElement[bool]:
    """The condition on columns of emergency openings under which one is open at this moment."""
    return and_(opening.closed_at.is_(None), opening.ends_at > when_run("reach_now", _now, UTCDateTime()))


def may_know(family: Any, user_id: Any) -> ColumnElement[bool]:
    """The condition on columns of a family table under which nothing keeps it from this user."""
    return and_(~conflicted(family.id, user_id), or_(family.restricted.is_(False), cleared(family.id, user_id)))


def _now() -> datetime:
    # Looked up each time: a test's frozen clock is another function.
    return clock.now()
