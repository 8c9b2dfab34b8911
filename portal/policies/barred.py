"""What keeps somebody from a family they would reach: it is restricted, or it is their own. Asked of the rows as they
stand when a statement runs, by the criteria of reach and by whoever chooses people for a family."""

from typing import Any

from sqlalchemy import Date, and_, exists, or_
from sqlalchemy.sql.elements import ColumnElement

from portal.core import clock
from portal.core.db import when_run
from portal.models.families import Clearance, ConflictOfInterest

# Core tables, so that the seat-belt is not put on itself; under names of their own, so that they are never mistaken for
# the same table of the statement they stand in.
_conflict = ConflictOfInterest.__table__.alias("reach_conflict")
_clearance = Clearance.__table__.alias("reach_clearance")


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


def may_know(family: Any, user_id: Any) -> ColumnElement[bool]:
    """The condition on columns of a family table under which nothing keeps it from this user."""
    return and_(~conflicted(family.id, user_id), or_(family.restricted.is_(False), cleared(family.id, user_id)))
