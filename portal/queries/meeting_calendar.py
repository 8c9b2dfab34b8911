"""A meeting as an entry of somebody's calendar: one entry, however often the meeting is moved."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from portal.core.db import db
from portal.domain.meetings import MeetingState
from portal.facts import confidential
from portal.models.teamwork import Meeting


@dataclass(frozen=True)
class Entry:
    """`name` stays the same when it is moved; the higher `sequence` wins. No name of anybody: calendars are seen by
    others."""

    name: str
    sequence: int
    ref: str
    starts_at: datetime
    place: str | None
    cancelled: bool


def entry(meeting: Meeting) -> Entry:
    """Of one that was moved, as it stands now: whoever opens an old link gets the new day."""
    first = meeting.first_id or meeting.id
    if meeting.state is MeetingState.RESCHEDULED:
        meeting = db.session.scalars(
            select(Meeting).where(Meeting.first_id == first).order_by(Meeting.id.desc()).limit(1)
        ).one()
    hidden = confidential.marks(meeting.family_id)
    return Entry(
        name=f"{Meeting.ref_prefix}-{first}",
        sequence=meeting.sequence,
        ref=meeting.ref,
        starts_at=meeting.starts_at,
        place=None if hidden.told_by(meeting.place) else meeting.place,
        cancelled=meeting.state is MeetingState.CANCELLED,
    )
