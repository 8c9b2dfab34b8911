"""When a service is open, in words, from the parts of an iCalendar rule that directories publish."""

import re
from datetime import time

from portal.domain.dates import all_of, clock_words

DAYS = {
    "MO": "Monday",
    "TU": "Tuesday",
    "WE": "Wednesday",
    "TH": "Thursday",
    "FR": "Friday",
    "SA": "Saturday",
    "SU": "Sunday",
}
WEEK = list(DAYS)
WHICH = {"": "", "1": "first ", "2": "second ", "3": "third ", "4": "fourth ", "5": "fifth ", "-1": "last "}
PART = re.compile(rf"\+?(-?[0-9])?({'|'.join(DAYS)})")
LONGER_THAN_A_PAIR = 3  # From three days in a row on, people say "Monday to Wednesday"


def in_words(
    *, byday: str, opens_at: time | None, closes_at: time | None, every: int = 1, monthly: bool = False
) -> str:
    """Monday to Friday, 9am to 5pm. What cannot be put in words is left out; nothing at all gives ""."""
    parts = [part for part in (_days(byday, monthly=monthly), _hours(opens_at, closes_at)) if part]
    if parts and every > 1:
        parts.append(f"every {every} {'months' if monthly else 'weeks'}")
    words = ", ".join(parts)
    return words[:1].upper() + words[1:]


def _days(byday: str, *, monthly: bool) -> str:
    found = [PART.fullmatch(part.strip().upper()) for part in byday.split(",")]
    named = [(match[1] or "", match[2]) for match in found if match and (match[1] or "") in WHICH]
    if len(named) < len(found):
        return ""  # Half the days would be a wrong answer
    if monthly:
        return all_of([f"{WHICH[which]}{DAYS[day]}" for which, day in named]) + " of the month"
    return _week([day for _, day in named])


def _week(days: list[str]) -> str:
    places = sorted({WEEK.index(day) for day in days})
    if len(places) >= LONGER_THAN_A_PAIR and places[-1] - places[0] == len(places) - 1:
        return f"{DAYS[WEEK[places[0]]]} to {DAYS[WEEK[places[-1]]]}"
    return all_of([DAYS[WEEK[place]] for place in places])


def _hours(opens_at: time | None, closes_at: time | None) -> str:
    if opens_at and closes_at:
        return f"{clock_words(opens_at)} to {clock_words(closes_at)}"
    return f"from {clock_words(opens_at)}" if opens_at else ""
