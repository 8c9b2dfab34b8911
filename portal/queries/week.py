"""What is due on each of the next five working days: of one's own families and of oneself, counted and drawn."""

from dataclasses import dataclass
from datetime import date, time, timedelta

from sqlalchemy import Subquery, func, or_, select

from portal.core.db import db
from portal.domain.dates import Calendar, counted, near, to_utc
from portal.domain.meetings import MeetingState
from portal.models.record import FamilySummary
from portal.models.teamwork import Meeting
from portal.queries.standing import Standing
from portal.queries.waiting_rows import day_of

DAYS = 5
WIDTH, COLUMN, BAR, FULL, TOP = 340, 68, 36, 80, 24
NOTHING = "Nothing is due in the next five working days."


@dataclass(frozen=True)
class Bar:
    """A part of a day's column, in the picture's own measure."""

    y: float
    height: float


@dataclass(frozen=True)
class Day:
    """`words`: the whole of it for the list. `x` is the middle of its column; there is no bar of nothing."""

    name: str
    letters: str
    words: str
    number: int
    x: float
    yours: Bar | None
    others: Bar | None
    top: float


@dataclass(frozen=True)
class Week:
    """Five working days from today, or from the next one."""

    days: list[Day]
    sentence: str
    ahead: str
    width: int = WIDTH
    height: int = TOP + FULL + 28
    base: int = TOP + FULL
    bar: int = BAR


@dataclass
class _Count:
    yours: int = 0
    others: int = 0
    meetings: int = 0

    @property
    def number(self) -> int:
        return self.yours + self.others + self.meetings


def of(table: Subquery, who: Standing, today: date, days: Calendar) -> Week:
    """Two statements. What falls due on a day off is due the next working day, and counted there."""
    strip = _strip(today, days)
    counts = {day: _Count() for day in strip}
    first, last = days.latest_overdue(today) + timedelta(days=1), strip[-1]
    waited_for = who.waited_for(table.c)
    due = db.session.execute(
        select(table.c.due, waited_for.label("yours"), func.count().label("number"))
        .where(table.c.due >= first, table.c.due <= last, or_(who.holds(table.c), waited_for))
        .group_by(table.c.due, "yours")
    )
    for row in due:
        if (count := counts.get(days.due(row.due))) is not None:
            count.yours += row.number if row.yours else 0
            count.others += 0 if row.yours else row.number
    for on, number in _meetings(who, strip):
        if (count := counts.get(days.due(on))) is not None:
            count.meetings += number
    return _drawn(counts, today)


def _strip(today: date, days: Calendar) -> list[date]:
    found = [days.due(today)]
    while len(found) < DAYS:
        found.append(days.due(found[-1] + timedelta(days=1)))
    return found


def _meetings(who: Standing, strip: list[date]) -> list[tuple[date, int]]:
    """Meetings that are arranged for the families one holds."""
    on = day_of(Meeting.starts_at)
    rows = db.session.execute(
        select(on.label("day"), func.count().label("number"))
        .join(FamilySummary, FamilySummary.family_id == Meeting.family_id)
        .where(
            Meeting.state == MeetingState.ARRANGED,
            Meeting.starts_at >= to_utc(strip[0], time.min),
            Meeting.starts_at < to_utc(strip[-1] + timedelta(days=1), time.min),
            who.holds_summaries(),
        )
        .group_by(on)
    )
    return [(row.day, row.number) for row in rows]


def _drawn(counts: dict[date, _Count], today: date) -> Week:
    most = max((count.yours + count.others + count.meetings for count in counts.values()), default=0) or 1
    found = [_day(day, count, place, most, today) for place, (day, count) in enumerate(counts.items())]
    total = sum(day.number for day in found)
    yours = sum(count.yours for count in counts.values())
    things = f"{counted(total, 'thing is', 'things are')} due in the next five working days"
    sentence = f"{things}, {yours} of them waiting for you." if total else NOTHING
    return Week(found, sentence, f"{things}." if total else NOTHING)


def _day(day: date, count: _Count, place: int, most: int, today: date) -> Day:
    other, scale, base = count.others + count.meetings, FULL / most, TOP + FULL
    yours = Bar(base - count.yours * scale, count.yours * scale) if count.yours else None
    top = base - count.number * scale
    return Day(
        name=f"{near(day, today)}{', today' if day == today else ''}",
        letters=f"{day:%a} {day.day}",
        words=_words(count),
        number=count.number,
        x=place * COLUMN + COLUMN / 2,
        yours=yours,
        others=Bar(top, other * scale) if other else None,
        top=top,
    )


def _words(count: _Count) -> str:
    due = count.yours + count.others
    parts = []
    if due:
        whose = f", {count.yours} waiting for you" if count.yours else ""
        parts.append(f"{counted(due, 'thing', 'things')} due{whose}")
    if count.meetings:
        parts.append(counted(count.meetings, "meeting", "meetings"))
    return "; ".join(parts) or "nothing"
