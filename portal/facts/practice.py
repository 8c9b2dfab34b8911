"""The council's calendar and practice standards, as every clock reads them."""

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.sql.elements import ColumnElement

from portal.core.db import db
from portal.core.kept import kept
from portal.domain.dates import Calendar
from portal.domain.standards import DEFAULTS, Standard, Unit
from portal.models.record import BankHoliday, ClosureDay, PracticeStandard


def calendar() -> Calendar:
    """Working days: bank holidays of England and Wales, and the council's own days."""
    return _of_days(frozenset(db.session.scalars(_closed())))


@lru_cache(maxsize=2)
def _of_days(days: frozenset[date]) -> Calendar:
    # The same one from request to request: what was counted with it is found again without comparing every day.
    return Calendar(days)


@kept
def _closed() -> Any:
    return select(BankHoliday.day).union(select(ClosureDay.day))


def amount(standard: Standard) -> int:
    """The council's value, else the default, in the standard's own unit."""
    return db.session.execute(select(own_amount(standard))).scalar_one()


def amounts(standards: Iterable[Standard]) -> dict[Standard, int]:
    """The same of several, in one statement."""
    wanted = list(standards)
    rows = db.session.execute(
        select(PracticeStandard.key, PracticeStandard.amount).where(PracticeStandard.key.in_(wanted))
    )
    return {each: DEFAULTS[each].amount for each in wanted} | {row.key: row.amount for row in rows}


def own_amount(standard: Standard) -> ColumnElement[int]:
    """The same as a column, for a statement that reads more besides."""
    own = select(PracticeStandard.amount).where(PracticeStandard.key == standard).scalar_subquery()
    return func.coalesce(own, DEFAULTS[standard].amount)


def due_after(start: date, standard: Standard, days: Calendar | None = None) -> date:
    """The day a limit falls on, counted in the standard's unit; never a day on which nobody works."""
    return counted_from(start, amount(standard), DEFAULTS[standard].unit, days or calendar())


@lru_cache(maxsize=256)
def latest_passed(number: int, standard: Standard, today: date, days: Calendar) -> date:
    """The latest day from which this limit, of `number` units, has passed: a query can ask `counted_on <= it`."""
    day = today
    while counted_from(day, number, DEFAULTS[standard].unit, days) >= today:
        day = date.fromordinal(day.toordinal() - 1)
    return day


@lru_cache(maxsize=4096)
def counted_from(start: date, number: int, unit: Unit, days: Calendar) -> date:
    """The working day that so many of this unit after `start` come to. Raises LookupError for a unit that is no
    length of time."""
    match unit:
        case Unit.WORKING_DAYS:
            return days.working_days_after(start, number)
        case Unit.WEEKS:
            return days.due(days.weeks_after(start, number))
        case Unit.CALENDAR_DAYS:
            return days.due(date.fromordinal(start.toordinal() + number))
        case _:
            raise LookupError(f"{unit} is not a length of time")
