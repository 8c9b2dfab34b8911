"""What time it is: the one place that asks."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
_set: ContextVar[datetime | None] = ContextVar("clock", default=None)


def now() -> datetime:
    """The present instant, aware, in UTC."""
    return _set.get() or datetime.now(UTC)


def today() -> date:
    """London's date, which differs from UTC's for an hour of every summer night."""
    return now().astimezone(LONDON).date()


@contextmanager
def at(instant: datetime) -> Iterator[None]:
    """Inside, it is this instant: for the demonstration, whose families have a past."""
    token = _set.set(instant)
    try:
        yield
    finally:
        _set.reset(token)
