"""Small shapes and words that several pages share."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from portal.domain.dates import Calendar, due_words, near
from portal.domain.wording import STATES


@dataclass(frozen=True)
class Tag:
    """A state as it is shown; without a colour it is plain text."""

    words: str
    colour: str


def tag(state: StrEnum) -> Tag:
    label = STATES[state]
    return Tag(label.words, label.colour.value)


@dataclass(frozen=True)
class Due:
    """A due date in words: the date, how near it is, and whether it has passed."""

    on: str
    words: str
    late: bool


def due(day: date | None, today: date, calendar: Calendar) -> Due | None:
    """None where no date is set."""
    if day is None:
        return None
    return Due(near(day, today), due_words(day, today, calendar), calendar.is_overdue(day, today))


Words = Mapping[str, object]
