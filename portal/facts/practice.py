"""The council's calendar and practice standards, as every clock reads them."""

from collections.abc import Iterable
from datetime import date
from functools import lru_cache

from sqlalchemy import func, select
from sqlalchemy.sql.elements import ColumnElement

from portal.domain.dates import Calendar
from portal.domain.standards import DEFAULTS, Standard, Unit
from portal.facts.at_hand import at_hand
from portal.models.record import PracticeStandard


def calendar() -> Calendar:
    """Working days: bank holidays of England and Wales, and the council's own days."""
    return at_hand().calendar


def amount(standard: Standard) -> int:
    """The council's value, else the default, in the standard's own unit."""
    return at_hand().amounts[standard]


def amounts(standards: Iterable[Standard]) -> dict[Standard, int]:
    """The same of several."""
    own = at_hand().amounts
    return {each: own[each] for each in standards}


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
