"""Meetings that change before they are held: others invited, moved to another day, or called off."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select

from portal.core import clock
from portal.core.db import db
from portal.core.errors import FieldRefused, Refused
from portal.domain.dates import london_date, moment
from portal.domain.meetings import AskedBy, MeetingState
from portal.domain.viewer import Viewer
from portal.domain.wording import CHOICES
from portal.models.teamwork import Meeting, MeetingInvitee, TeamMember
from portal.services.meetings import ask, kinds_of, set_up, to_ask
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


def invite(meeting: Meeting, members: Iterable[int], *, by: Viewer, apart_considered: bool = False) -> None:
    """Ask these members of the team, and of the team nobody else; who is new is told. Raises Refused once its day
    has gone by, FieldRefused at `members` or `apart` as arranging does, and where nothing changes."""
    if meeting.state is MeetingState.ARRANGED and london_date(meeting.starts_at) < clock.today():
        raise Refused("This meeting has gone by, so nobody is invited to it now. Its write-up says who else came.")
    wanted, apart = to_ask(meeting.family_id, members, apart_considered=apart_considered)
    before = _still_asked(meeting)
    added = [member for member in wanted if member.id not in before]
    taken_off = [member for member in before.values() if member not in wanted]
    if not added and not taken_off:
        raise FieldRefused("members", "These people are invited already. Change who is asked, or go back")
    ask(meeting, added)
    db.session.execute(
        delete(MeetingInvitee).where(
            MeetingInvitee.meeting_id == meeting.id, MeetingInvitee.member_id.in_([member.id for member in taken_off])
        )
    )
    walk(
        meeting,
        "invite",
        by=by,
        sequence=meeting.sequence + 1,
        data={
            "what": kinds_of(meeting).words,
            "when": moment(meeting.starts_at),
            "whom": ". ".join([*_list("Invited too", added), *_list("No longer invited", taken_off)]),
            "added": [member.id for member in added],
            **({"apart_considered": True} if apart else {}),
        },
    )


def _list(what: str, members: Iterable[TeamMember]) -> list[str]:
    names = ", ".join(member.name for member in members)
    return [f"{what}: {names}"] if names else []


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


def _still_asked(meeting: Meeting) -> dict[int, TeamMember]:
    """Who is asked and has not left the team, by id."""
    members = db.session.scalars(
        select(TeamMember)
        .join(MeetingInvitee, TeamMember.id == MeetingInvitee.member_id)
        .where(MeetingInvitee.meeting_id == meeting.id, TeamMember.left_on.is_(None))
        .order_by(MeetingInvitee.id)
    )
    return {member.id: member for member in members}
