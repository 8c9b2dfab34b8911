"""Until when an organisation's people may see families, from the dates of its sharing agreements."""

import enum
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from portal.domain.dates import counted, full

DAY = timedelta(days=1)


class Warn(enum.IntEnum):
    """How near the end is: not yet said, said once, said again, passed."""

    NOT_YET = 0
    FIRST = 1
    LAST = 2
    ENDED = 3


@dataclass(frozen=True)
class Standing:
    """How sharing with one organisation stands today. `ends_on` is the last day it is covered; it lies in the past
    where cover ended, and is None for the council's own people and where there never was an agreement."""

    organisation: str
    warn: Warn
    ends_on: date | None
    left: int = 0

    @property
    def words(self) -> str:
        """The sentence that says so; empty while there is nothing to say."""
        if self.warn is Warn.NOT_YET:
            return ""
        if self.ends_on is None:
            return f"{self.organisation} has no sharing agreement"
        if self.warn is Warn.ENDED:
            return f"The sharing agreement with {self.organisation} ended on {full(self.ends_on)}"
        when = f"in {counted(self.left, 'day', 'days')}" if self.left else "today"
        return f"The sharing agreement with {self.organisation} ends on {full(self.ends_on)}, {when}"


def covered_until(spans: Iterable[tuple[date, date]], today: date) -> date | None:
    """The last day of unbroken cover from today on: an agreement that begins the day after another goes on with it.
    None where today is not covered."""
    last = today - DAY
    for starts_on, ends_on in sorted(spans):
        if starts_on > last + DAY:
            break
        last = max(last, ends_on)
    return last if last >= today else None


def standing(organisation: str, spans: Iterable[tuple[date, date]], today: date, *, first: int, again: int) -> Standing:
    """How a partner stands; `first` and `again` are the days before the end at which it is said."""
    known = list(spans)
    until = covered_until(known, today)
    if until is None:
        ended = max((ends_on for _, ends_on in known if ends_on < today), default=None)
        return Standing(organisation, Warn.ENDED, ended)
    left = (until - today).days
    warn = Warn.LAST if left <= again else Warn.FIRST if left <= first else Warn.NOT_YET
    return Standing(organisation, warn, until, left)
