"""Days on which the council is closed, bank holidays, and how many due dates fall on them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from importlib.metadata import version

from sqlalchemy import func, select

from portal.core import clock
from portal.core.db import db
from portal.domain.dates import bank_holiday_names, full, near
from portal.domain.plans import OPEN_ACTIONS
from portal.domain.support import CheckState
from portal.models.following import FollowUpCheck
from portal.models.record import BankHoliday, ClosureDay
from portal.models.teamwork import PlanAction
from portal.policies.scope import unscoped
from portal.queries import administration
from portal.queries.administration import ChangeLine

SHOWN_BACK = timedelta(days=31)
AHEAD = timedelta(days=400)


@dataclass(frozen=True)
class Closed:
    """Days in a row under one name."""

    first: date
    last: date
    name: str
    days: str
    due: str


@dataclass(frozen=True)
class ClosedDays:
    """`calendar`: which one works out the bank holidays."""

    closed: list[Closed]
    holidays: list[str]
    until: str
    calendar: str
    changes: list[ChangeLine]


def coming(subject: str) -> ClosedDays:
    """Four statements."""
    today = clock.today()
    rows = list(
        db.session.scalars(select(ClosureDay).where(ClosureDay.day >= today - SHOWN_BACK).order_by(ClosureDay.day))
    )
    due = _due_on([row.day for row in rows])
    closed = [_closed(group, due, today) for group in _in_a_row(rows)]
    until = today + AHEAD
    named = {day: name for year in range(today.year, until.year + 1) for day, name in bank_holiday_names(year).items()}
    for row in db.session.scalars(select(BankHoliday).where(BankHoliday.day.between(today, until))):
        named[row.day] = row.name
    return ClosedDays(
        closed,
        [f"{day:%A} {full(day)}, {named[day]}" for day in sorted(named) if today <= day <= until],
        full(until),
        version("holidays"),
        administration.of([subject]),
    )


def due_on(days: Sequence[date]) -> int:
    """How many dates of actions and checks fall on these days, of all families."""
    return sum(_due_on(days).values())


def _due_on(days: Sequence[date]) -> dict[date, int]:
    found: dict[date, int] = {}
    with unscoped("how many due dates fall on a day, in numbers alone"):
        for column, runs in (
            (PlanAction.due_on, PlanAction.state.in_(OPEN_ACTIONS)),
            (FollowUpCheck.due_on, FollowUpCheck.state == CheckState.DUE),
        ):
            rows = db.session.execute(select(column, func.count()).where(column.in_(days), runs).group_by(column))
            for day, number in rows:
                if day is not None:
                    found[day] = found.get(day, 0) + number
    return found


def _in_a_row(rows: list[ClosureDay]) -> list[list[ClosureDay]]:
    groups: list[list[ClosureDay]] = []
    for row in rows:
        last = groups[-1][-1] if groups else None
        if last is not None and last.name == row.name and row.day == last.day + timedelta(days=1):
            groups[-1].append(row)
        else:
            groups.append([row])
    return groups


def _closed(group: list[ClosureDay], due: dict[date, int], today: date) -> Closed:
    first, last = group[0].day, group[-1].day
    number = sum(due.get(row.day, 0) for row in group)
    return Closed(
        first,
        last,
        group[0].name,
        near(first, today) if first == last else f"{near(first, today)} to {near(last, today)}",
        said(number) if number else "Nothing falls due",
    )


def said(number: int) -> str:
    """37 due dates fall on them: they are due the next working day"""
    falls = "due date falls on them: it is" if number == 1 else "due dates fall on them: they are"
    return f"{number:,} {falls} due the next working day"
