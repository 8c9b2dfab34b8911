"""Digests: on which days each person has one, and when what is due stands in it."""

import enum
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from portal.domain.dates import LONDON, Calendar
from portal.domain.roles import Role

# In London. A worker that was down begins them later on the same day, but in the evening leaves them to the next one.
FROM, UNTIL = time(8), time(18)
WEEK = timedelta(days=7)
DAY = timedelta(days=1)


class Often(enum.StrEnum):
    """Coordinators every working day; everybody else on Mondays, or on the next working day."""

    DAILY = "daily"
    WEEKLY = "weekly"


def how_often(roles: Iterable[Role]) -> Often:
    return Often.DAILY if Role.COORDINATOR in roles else Often.WEEKLY


def may_begin(now: datetime, days: Calendar) -> bool:
    """Whether digests go out at this moment at all."""
    local = now.astimezone(LONDON)
    return days.is_working_day(local.date()) and FROM <= local.time() < UNTIL


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def has_weekly(day: date, last_weekly: date | None, days: Calendar) -> bool:
    """Whether those that come once a week are due: on the week's first working day, or later in the week where that
    was missed. The very first ones wait for such a day."""
    first = days.due(monday_of(day))
    return day == first or (last_weekly is not None and last_weekly < first <= day)


def begins_month(day: date, often: Often, days: Calendar) -> bool:
    """Whether a person's digest of this day is the one in which things stand that are told once a month: that of the
    week of the month's first Monday."""
    monday = monday_of(day)
    return monday.day <= WEEK.days and (often is Often.WEEKLY or day == days.due(monday))


@dataclass(frozen=True)
class Window:
    """The days one digest tells of, both included: each day is in one of a person's digests, and in no other."""

    first: date
    last: date

    def holds(self, day: date) -> bool:
        return self.first <= day <= self.last


def windows(day: date, last: date | None, last_weekly: date | None) -> Mapping[Often, Window]:
    """What the digests of `day` tell of: its own day or week, and what was missed since those before it."""
    this_week = monday_of(day)
    since = monday_of(last_weekly) + WEEK if last_weekly else this_week
    return {
        Often.DAILY: Window(last + DAY if last else day, day),
        Often.WEEKLY: Window(since, this_week + WEEK - DAY),
    }


class Rung(enum.StrEnum):
    """The four times somebody is told of one thing that is theirs; the coordinator is told at the last one."""

    SOON = "soon"
    TODAY = "today"
    LATE = "late"
    LATE_AGAIN = "late_again"


@dataclass(frozen=True)
class Ladder:
    """So many working days before a thing is due, and after it. Never a third time after it."""

    soon: int
    late: int
    late_again: int
    days: Calendar

    def days_of(self, due_on: date) -> Mapping[Rung, date]:
        due = self.days.due(due_on)
        return {
            Rung.SOON: self.days.working_days_before(due, self.soon),
            Rung.TODAY: due,
            Rung.LATE: self.days.working_days_after(due, self.late),
            Rung.LATE_AGAIN: self.days.working_days_after(due, self.late_again),
        }

    def rung_in(self, window: Window, due_on: date) -> Rung | None:
        """The last rung that a digest tells of, for something due on that day."""
        reached = [rung for rung, day in self.days_of(due_on).items() if window.holds(day)]
        return reached[-1] if reached else None

    def may_stand_in(self, window: Window) -> Window:
        """Due dates outside this one have no rung in the window."""
        behind = self.days.working_days_before(window.first, max(self.late, self.late_again))
        return Window(self.days.latest_overdue(behind) + DAY, self.days.working_days_after(window.last, self.soon))
