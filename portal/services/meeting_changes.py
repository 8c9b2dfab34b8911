"""Meetings moved to another day, or called off: the old one stays listed, with who asked for it and why."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from portal.core.db import db
from portal.domain.dates import moment
from portal.domain.meetings import AskedBy
from portal.domain.viewer import Viewer
from portal.domain.wording import CHOICES
from portal.models.teamwork import Meeting, MeetingInvitee, TeamMember
from portal.services.meetings import kinds_of, set_up
from portal.services.moves import walk


@dataclass(frozen=True)
class Wish:
    """Who asked for the change, and why."""

    by: AskedBy
    why: str


def reschedule(
    meeting: Meeting,
    wish: Wish,
    *,
    starts_at: datetime,
    place: str | None,
    by: Viewer,
    why_late: str | None = None,
    apart_considered: bool = False,
) -> Meeting:
    """Arrange it anew for those asked who are still on the team, and end the old one. Calendars know both as one
    entry. Raises FieldRefused at the answer that cannot stand, as arranging does."""
    moved = Meeting(
        family_id=meeting.family_id,
        episode_id=meeting.episode_id,
        step_down_id=meeting.step_down_id,
        is_step_down=meeting.is_step_down,
        is_first_team=meeting.is_first_team,
        is_review=meeting.is_review,
        starts_at=starts_at,
        place=place,
        first_id=meeting.first_id or meeting.id,
        sequence=meeting.sequence + 1,
    )
    set_up(moved, members=_still_asked(meeting), why_late=why_late, apart_considered=apart_considered)
    walk(
        meeting,
        "reschedule",
        by=by,
        text=wish.why,
        asked_by=wish.by,
        ended_why=wish.why,
        moved_to_id=moved.id,
        data={**_told(meeting, wish), "new_when": moment(starts_at), "moved_to": moved.ref},
    )
    for earlier in db.session.scalars(select(Meeting).where(Meeting.next_meeting_id == meeting.id)):
        earlier.next_meeting_id = moved.id
    return moved


def cancel(meeting: Meeting, wish: Wish, *, by: Viewer) -> None:
    """Call it off; in calendars too."""
    walk(
        meeting,
        "cancel",
        by=by,
        text=wish.why,
        asked_by=wish.by,
        ended_why=wish.why,
        sequence=meeting.sequence + 1,
        data=_told(meeting, wish),
    )


def _told(meeting: Meeting, wish: Wish) -> dict[str, str]:
    return {"what": kinds_of(meeting).words, "when": moment(meeting.starts_at), "whose": CHOICES[wish.by]}


def _still_asked(meeting: Meeting) -> list[int]:
    return list(
        db.session.scalars(
            select(MeetingInvitee.member_id)
            .join(TeamMember, TeamMember.id == MeetingInvitee.member_id)
            .where(MeetingInvitee.meeting_id == meeting.id, TeamMember.left_on.is_(None))
            .order_by(MeetingInvitee.id)
        )
    )
