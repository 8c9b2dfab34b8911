"""Small shapes and words that several pages share."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from functools import lru_cache

from portal.domain.dates import Calendar, due_words, near, short
from portal.domain.labels import Colour
from portal.domain.support import WAITING_REFERRALS, ReferralState
from portal.domain.wording import STATES


@dataclass(frozen=True)
class Tag:
    """A state as it is shown; without a colour it is plain text."""

    words: str
    colour: str


def sentence(words: str | None) -> str | None:
    """With a capital first letter."""
    return words[:1].upper() + words[1:] if words else None


def tag(state: StrEnum) -> Tag:
    label = STATES[state]
    return Tag(label.words, label.colour.value)


def referral_tag(state: ReferralState, *, confirmed: bool, declined: bool = False) -> Tag:
    """How support stands; where two sources say that it started, so it reads, and where the service said no and
    nothing is decided yet."""
    shown = tag(state)
    if declined and state in WAITING_REFERRALS:
        return Tag("The service said no", Colour.ORANGE.value)
    return replace(shown, words="Started (confirmed)") if confirmed and state is ReferralState.STARTED else shown


@dataclass(frozen=True)
class Due:
    """A due date in words: the date, how near it is, and whether it has passed. `far`: so far away that how near it
    is says nothing but the date; then one of them is enough."""

    on: str
    words: str
    late: bool
    far: bool = False

    @property
    def date(self) -> str | None:
        """What is said after the words."""
        return None if self.far else self.on

    @property
    def nearness(self) -> str | None:
        """What is said after the date."""
        return None if self.far else self.words


@lru_cache(maxsize=4096)
def due(day: date | None, today: date, calendar: Calendar) -> Due | None:
    """None where no date is set. Of a day off it says on which working day it is due."""
    if day is None:
        return None
    words, counts = due_words(day, today, calendar), calendar.due(day)
    late, far = calendar.is_overdue(day, today), words == f"due {short(day, today)}"
    if counts != day and far:
        return Due(f"{near(day, today)} is a day off", f"due {near(counts, today)}", late=late)
    if counts != day:
        return Due(f"{near(day, today)}, a day off, so by {near(counts, today)}", words, late=late)
    return Due(near(day, today), words, late=late, far=far)


Words = Mapping[str, object]
