"""Working days of a council in England or Wales, and dates and times in the words people read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import holidays

try:
    LONDON = ZoneInfo("Europe/London")
except ZoneInfoNotFoundError:  # the first place where it shows: nothing that deals with dates can go on
    raise SystemExit(
        "The portal cannot start:\n- It does not know what time it is in London: this machine has no time zones. "
        "Install the package tzdata."
    ) from None
SATURDAY = 5  # As date.weekday() has it
NOON = time(12)

NEAR = timedelta(weeks=4)
COUNTED_WORKING_DAYS = 10  # Further away than this a due date is shown as a date, not as a number of days

MONTHS_UNTIL_YEARS = 24  # A child of 14 months is not spoken of as one year old


@lru_cache(maxsize=64)
def bank_holidays(year: int) -> frozenset[date]:
    """Bank holidays of England and Wales, substitute days included. Worked out, not looked up, so any year is known."""
    return frozenset(bank_holiday_names(year))


@lru_cache(maxsize=64)
def bank_holiday_names(year: int) -> Mapping[date, str]:
    """What each of them is called."""
    found = holidays.country_holidays("GB", subdiv="ENG", years=year)
    return {day: name.replace("'", "’").replace("(observed)", "(substitute day)") for day, name in found.items()}


@dataclass(frozen=True)
class Calendar:
    """The working days of one council: Monday to Friday, less bank holidays, less the days it is closed itself.

    Counting has one rule everywhere: the first working day after the trigger is day 1, whatever day the trigger was.
    """

    closed: frozenset[date] = frozenset()

    def is_working_day(self, day: date) -> bool:
        return day.weekday() < SATURDAY and day not in self.closed and day not in bank_holidays(day.year)

    def due(self, day: date) -> date:
        """The working day on which something dated `day` falls due: that day, or the next working day after it."""
        while not self.is_working_day(day):
            day += timedelta(days=1)
        return day

    def working_days_after(self, start: date, n: int) -> date:
        if n < 0:
            raise ValueError("Working days are counted forwards: n must be 0 or more")
        day = start
        for _ in range(n):
            day = self.due(day + timedelta(days=1))
        return self.due(day)

    def working_days_before(self, day: date, n: int) -> date:
        """The working day that comes so many working days earlier."""
        for _ in range(n):
            day = self.latest_overdue(day)
        return day

    def working_days_between(self, first: date, last: date) -> int:
        """How many working days after `first` is `last`; negative where it comes before."""
        if last < first:
            return -self.working_days_between(last, first)
        return self.working_days_within(first, last)

    def weeks_after(self, start: date, n: int) -> date:
        """Weeks are calendar weeks: the day may not be a working day, see `due`."""
        return start + timedelta(weeks=n)

    def latest_overdue(self, today: date) -> date:
        """The latest date that counts as overdue on `today`, so that a query can ask `due_on <= latest_overdue`."""
        day = today - timedelta(days=1)
        while not self.is_working_day(day):
            day -= timedelta(days=1)
        return day

    def is_overdue(self, day: date, today: date) -> bool:
        return self.due(day) < today

    def working_days_within(self, after: date, until: date) -> int:
        """Working days later than `after`, up to and including `until`, as on a calendar on the wall."""
        return _working_days_within(after, until, self.closed)


@lru_cache(maxsize=4096)
def _working_days_within(after: date, until: date, closed: frozenset[date]) -> int:
    if until <= after:
        return 0
    weekdays = _weekdays_up_to(until) - _weekdays_up_to(after)
    days_off = {day for year in range(after.year, until.year + 1) for day in bank_holidays(year)} | closed
    return weekdays - sum(after < day <= until and day.weekday() < SATURDAY for day in days_off)


def _weekdays_up_to(day: date) -> int:
    """Mondays to Fridays from the first Monday of the calendar, 1 January of the year 1."""
    weeks, rest = divmod(day.toordinal(), 7)
    return weeks * SATURDAY + min(rest, SATURDAY)


# Dates in words: the same few days stand on every page, so what was said of them is remembered


@lru_cache(maxsize=4096)
def full(day: date) -> str:
    """2 September 2024"""
    return f"{day.day} {day:%B} {day.year}"


@lru_cache(maxsize=4096)
def near(day: date, today: date) -> str:
    """Monday 2 September, within four weeks either way; otherwise 2 September 2024."""
    return f"{day:%A} {day.day} {day:%B}" if abs(day - today) <= NEAR else full(day)


def short(day: date, today: date) -> str:
    """2 September, with the year where it is another one than this year."""
    return f"{day.day} {day:%B}" if day.year == today.year else full(day)


def due_words(day: date | None, today: date, calendar: Calendar) -> str:
    """How far away a due date is, in working days. A date on a non-working day is due the next working day."""
    if day is None:
        return "no date set"
    due = calendar.due(day)
    if due < today:
        late = calendar.working_days_between(due, today)
        # Due on Friday and read on Saturday: late, though no working day has gone by.
        return f"{counted(late, 'working day', 'working days')} overdue" if late else "under 1 working day overdue"
    if due == today:
        return "due today"
    if due == today + timedelta(days=1):
        return "due tomorrow"
    # Read on a Sunday, Tuesday is two working days away: the reader is not a trigger that waits for Monday.
    left = calendar.working_days_within(today, due)
    if left > COUNTED_WORKING_DAYS:
        return f"due {short(day, today)}"
    return f"due in {counted(left, 'working day', 'working days')}"


def age_words(born: date, today: date) -> str:
    """Age in years; under two in months, and in the first month in weeks.

    In English law a person born on 29 February comes of age on 1 March in other years: comparing month and
    day does that.
    """
    if born > today:
        return "not yet born"
    months = _months(born, today)
    if months >= MONTHS_UNTIL_YEARS:
        return counted(months // 12, "year", "years")
    if months:
        return counted(months, "month", "months")
    weeks = (today - born).days // 7
    return counted(weeks, "week", "weeks") if weeks else "under 1 week"


def years_old(born: date, today: date) -> int:
    return _months(born, today) // 12


def _months(born: date, today: date) -> int:
    return (today.year - born.year) * 12 + today.month - born.month - (today.day < born.day)


def counted(n: int, singular: str, plural: str) -> str:
    """1 family, 2 families, 1,200 families"""
    return f"{n:,} {singular if n == 1 else plural}"


def all_of(words: Sequence[str]) -> str:
    """Monday; Monday and Friday; Monday, Tuesday and Friday."""
    return " and ".join(part for part in (", ".join(words[:-1]), words[-1]) if part)


# Times: kept in UTC, shown in London


def london_date(moment_utc: datetime) -> date:
    """The date on a London calendar: half past midnight on 1 July in summer time is still 30 June in UTC."""
    return _in_london(moment_utc).date()


def moment(moment_utc: datetime) -> str:
    """2 September 2024 at 9:32am"""
    return f"{full(london_date(moment_utc))} at {clock_time(moment_utc)}"


def clock_words(at: time) -> str:
    """10:42am, 2pm, midday"""
    if (at.hour, at.minute) == (12, 0):
        return "midday"
    minutes = f":{at.minute:02}" if at.minute else ""
    return f"{at.hour % 12 or 12}{minutes}{'am' if at < NOON else 'pm'}"


def clock_time(moment_utc: datetime) -> str:
    """The time alone, as `moment` has it: 10:42am"""
    return clock_words(_in_london(moment_utc).time())


def to_utc(day: date, at: time) -> datetime:
    """The moment when a clock in London shows this date and time.

    When the clocks go back an hour comes twice: the first one is meant. When they go forward an hour is left
    out: such a time is refused, in words for the person who typed it.
    """
    local = datetime.combine(day, at.replace(tzinfo=None, fold=0), LONDON)
    utc = local.astimezone(UTC)
    if utc.astimezone(LONDON).time() != local.time():
        raise ValueError(f"There is no {clock_words(at)} on {full(day)}, because the clocks go forward")
    return utc


def _in_london(moment_utc: datetime) -> datetime:
    if moment_utc.tzinfo is None:
        raise ValueError("A moment needs its time zone")
    return moment_utc.astimezone(LONDON)
