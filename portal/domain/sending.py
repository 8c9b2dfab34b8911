"""How often a message is tried, and how long it waits between tries."""

from datetime import timedelta

# After the first try, and so on: about two days in all, so that a mail server may be away for a weekend's night.
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 3 * 60, 6 * 60, 12 * 60, 24 * 60))
# Longer than any backend may take: another worker takes over what one that was killed had in hand.
LEASE = timedelta(minutes=5)


def pause_after(attempts: int) -> timedelta | None:
    """How long to wait after so many tries; None where it is given up."""
    return PAUSES[attempts - 1] if attempts <= len(PAUSES) else None
