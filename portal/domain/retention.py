"""How long a record is kept: so many years after the last that was done, and until the youngest is so old."""

from dataclasses import dataclass
from datetime import date


def years_after(day: date, years: int) -> date:
    """What began on 29 February is a year old on 1 March of other years, as people are in English law."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def latest_before(today: date, years: int) -> date:
    """The latest day from which so many years have passed: a query can ask `day <= it`."""
    try:
        return today.replace(year=today.year - years)
    except ValueError:
        return date(today.year - years, 2, 28)


@dataclass(frozen=True)
class Rule:
    """The later of both."""

    after_closing: int
    youngest: int

    def __str__(self) -> str:
        return f"{self.after_closing} years after the last that was done, and the youngest {self.youngest} years old"


@dataclass(frozen=True)
class Kept:
    """How one record stands to the rule. `last_on`: when something was last done, and `last` what; `born_on`: when the
    youngest was born; `missing`: what would have to be known first. Nothing is ever due by a guess."""

    is_open: bool
    last: str
    last_on: date
    born_on: date | None
    missing: tuple[str, ...]
    rule: Rule

    @property
    def years_are_over_on(self) -> date:
        return years_after(self.last_on, self.rule.after_closing)

    @property
    def youngest_is_old_on(self) -> date | None:
        return years_after(self.born_on, self.rule.youngest) if self.born_on else None

    @property
    def due_on(self) -> date | None:
        """None where it cannot be said: the family is open, or something is missing."""
        if self.is_open or self.missing:
            return None
        return max(self.years_are_over_on, self.youngest_is_old_on or self.years_are_over_on)

    def is_due(self, today: date) -> bool:
        return self.due_on is not None and self.due_on <= today
