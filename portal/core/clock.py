"""What time it is: the one place that asks, so that tests can freeze it."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


def now() -> datetime:
    """The present instant, aware, in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """London's date, which differs from UTC's for an hour of every summer night."""
    return now().astimezone(LONDON).date()
