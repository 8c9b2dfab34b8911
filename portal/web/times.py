"""A time of day as people type it, and with its date the instant it stands for in London."""

import re
from datetime import datetime, time
from typing import Any

from wtforms.validators import StopValidation

from portal.domain.dates import to_utc
from portal.web.forms import LineField

_TIME = re.compile(r"(?P<hour>[0-9]{1,2})(?:[:.](?P<minute>[0-9]{2}))?\s*(?P<half>am|pm)?", re.ASCII | re.IGNORECASE)
NOON = 12


class TimeField(LineField):
    """14:30, 2:30pm or 2pm; `.of_day` is it as a time, or None."""

    of_day: time | None = None

    def pre_validate(self, form: Any) -> None:
        super().pre_validate(form)
        self.of_day = None
        if self.data:
            self.of_day = read_time(self.data)
            if self.of_day is None:
                raise StopValidation(f"{self.called} must be a time, like 14:30 or 2:30pm")


def read_time(typed: str) -> time | None:
    """None where it is no time. A bare number is none: it may be morning or afternoon."""
    found = _TIME.fullmatch(typed.strip())
    if found is None or not (found["minute"] or found["half"]):
        return None
    hour, minute, half = int(found["hour"]), int(found["minute"] or 0), (found["half"] or "").lower()
    if half:
        if not 1 <= hour <= NOON:
            return None
        hour = hour % NOON + (NOON if half == "pm" else 0)
    try:
        return time(hour, minute)
    except ValueError:
        return None


def instant(day: Any, at: Any) -> datetime | None:
    """The moment of a date field and a time field that are both answered; a time that the clocks leave out is
    refused at the time."""
    if day.errors or at.errors or day.data is None or at.of_day is None:
        return None
    try:
        return to_utc(day.data, at.of_day)
    except ValueError as wrong:
        at.errors = [*at.errors, str(wrong)]
        return None
