"""The council's calendar and practice standards, as every clock reads them."""

from datetime import date

from sqlalchemy import select

from portal.core.db import db
from portal.domain.dates import Calendar
from portal.domain.standards import DEFAULTS, Standard, Unit
from portal.models.record import BankHoliday, ClosureDay, PracticeStandard


def calendar() -> Calendar:
    """Working days: bank holidays of England and Wales, and the council's own days."""
    days = db.session.execute(select(BankHoliday.day).union(select(ClosureDay.day))).scalars()
    return Calendar(frozenset(days))


def amount(standard: Standard) -> int:
    """The council's value, else the default, in the standard's own unit."""
    own = db.session.execute(
        select(PracticeStandard.amount).where(PracticeStandard.key == standard)
    ).scalar_one_or_none()
    return DEFAULTS[standard].amount if own is None else own


def due_after(start: date, standard: Standard, days: Calendar | None = None) -> date:
    """The day a limit falls on, counted in the standard's unit; never a day on which nobody works."""
    days = days or calendar()
    number = amount(standard)
    match DEFAULTS[standard].unit:
        case Unit.WORKING_DAYS:
            return days.working_days_after(start, number)
        case Unit.WEEKS:
            return days.due(days.weeks_after(start, number))
        case Unit.CALENDAR_DAYS:
            return days.due(date.fromordinal(start.toordinal() + number))
        case _:
            raise LookupError(f"{standard} is not a length of time")
