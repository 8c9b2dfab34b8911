"""Taking a change back: for some minutes, by whoever made it, while nothing else happened to the thing."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from portal.domain.dates import clock_time

# How long a change can be taken back; the notices of a change that gives somebody work are held as long.
WINDOW = timedelta(minutes=10)
NOT_UNDOABLE = "This change cannot be undone. Record what is right as a further change."


@dataclass(frozen=True)
class Latest:
    """The latest line about the thing: its number, which line it takes back, who wrote it and when."""

    id: int
    undoes_id: int | None
    who: str
    at: datetime


def why_not(event_id: int, made_at: datetime, *, latest: Latest, now: datetime) -> str | None:
    """Why a change that could be taken back no longer can, in words; None where it still can."""
    if latest.undoes_id == event_id:
        return "This change was already undone."
    if latest.id != event_id:
        return f"{latest.who} changed this at {clock_time(latest.at)}, so the earlier change can no longer be undone."
    if now > made_at + WINDOW:
        return "A change can be undone for ten minutes, and they have passed. Record what is right as a further change."
    return None
