"""Meetings of the team: arranged, held and written up."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select

from portal.core import clock
from portal.core.db import db
from portal.core.errors import FieldRefused, Refused
from portal.domain.dates import full, london_date, moment
from portal.domain.event_kinds import E
from portal.domain.meetings import STANDING, Attendance, MeetingState
from portal.domain.standards import Standard
from portal.domain.viewer import Viewer
from portal.domain.wording import MOVES
from portal.facts import confidential, practice
from portal.facts import meetings as known
from portal.models.families import Family, Person, PersonKind
from portal.models.handover import StepDown
from portal.models.teamwork import Meeting, MeetingInvitee, MeetingVoice, TeamMember
from portal.services import episodes, history, team
from portal.services.long_ago import demand_meant
from portal.services.moves import walk


@dataclass(frozen=True)
class Kinds:
    """One meeting can be of two kinds."""

    step_down: bool = False
    first_team: bool = False
    review: bool = False

    @property
    def words(self) -> str:
        """As an event tells it: a concept in braces, which the council's word replaces."""
        if self.step_down:
            return "{step_down_meeting:a}"
        return "{first_team_meeting:a}" if self.first_team else "a review"


@dataclass(frozen=True)
class Voice:
    """What one child wanted to say, or why it was not heard."""

    person_id: int
    voice: str | None
    not_heard: str | None


@dataclass(frozen=True)
class WriteUp:
    """What is known after a meeting. Attendance is by team member; who came without being asked stands there too."""

    held_on: date
    attendance: Mapping[int, Attendance]
    family_views: str | None
    voices: list[Voice]
    decisions: str
    apart_considered: bool = False
    long_ago: bool = False


def kinds_of(meeting: Meeting) -> Kinds:
    return Kinds(meeting.is_step_down, meeting.is_first_team, meeting.is_review)


def arrange_for(
    family: Family,
    kinds: Kinds,
    *,
    starts_at: datetime,
    place: str | None,
    members: Iterable[int],
    by: Viewer,
    why_late: str | None = None,
    apart_considered: bool = False,
) -> Meeting:
    """A meeting of the family's team as it stands: about the step-down that is accepted, in the open episode. Raises
    FieldRefused at `kinds` where no step-down is, Refused where early help has not begun, and what `arrange` does."""
    episode = episodes.open_of(family.id)
    if episode is None:
        raise Refused("There is no {team} yet: meetings are arranged once {step_down:a} has been accepted.")
    step_down = known.step_down_to_meet_about(family.id) if kinds.step_down else None
    if kinds.step_down and step_down is None:
        raise FieldRefused("kinds", "No {step_down} of this family waits for its meeting")
    return arrange(
        family.id,
        kinds,
        starts_at=starts_at,
        place=place,
        members=members,
        by=by,
        episode_id=episode.id,
        step_down=step_down,
        why_late=why_late,
        apart_considered=apart_considered,
    )


def arrange(
    family_id: int,
    kinds: Kinds,
    *,
    starts_at: datetime,
    place: str | None,
    members: Iterable[int],
    by: Viewer,
    episode_id: int | None = None,
    step_down: StepDown | None = None,
    why_late: str | None = None,
    apart_considered: bool = False,
) -> Meeting:
    """Set a meeting and whom it asks. `starts_at` is an instant; `members` are ids of team members. Raises
    FieldRefused at `on` (before today), `why_late` (long after the last), `members` (none, or somebody who is not on
    the team) or `apart`; Refused where a step-down has its meeting, or the team has met first."""
    _demand_only_one(family_id, kinds, step_down, episode_id)
    meeting = Meeting(
        family_id=family_id,
        episode_id=episode_id,
        step_down_id=step_down.id if step_down else None,
        is_step_down=kinds.step_down,
        is_first_team=kinds.first_team,
        is_review=kinds.review,
        starts_at=starts_at,
        place=place,
    )
    late, apart = set_up(meeting, members=members, why_late=why_late, apart_considered=apart_considered)
    data = {"what": kinds.words, "when": moment(starts_at), **({"apart_considered": True} if apart else {})}
    history.record(
        E.MEETING_ARRANGED, meeting, by=by, data=data, text=why_late if late else None, notify=("meeting_invitees",)
    )
    return meeting


def set_up(
    meeting: Meeting, *, members: Iterable[int], why_late: str | None, apart_considered: bool
) -> tuple[bool, bool]:
    """Store a meeting and ask these members to it. Returns whether it lies so late that the reason is kept, and
    whether people to be kept apart were asked knowingly. Raises FieldRefused as `arrange` says."""
    if confidential.marks(meeting.family_id).surely_told_by(meeting.place):
        raise FieldRefused("place", "This place is an address that is kept confidential. Choose another")
    late = _demand_in_time(meeting.family_id, kinds_of(meeting), london_date(meeting.starts_at), why_late)
    asked, apart = to_ask(meeting.family_id, members, apart_considered=apart_considered)
    db.session.add(meeting)
    db.session.flush()
    ask(meeting, asked)
    return late, apart


def to_ask(family_id: int, members: Iterable[int], *, apart_considered: bool) -> tuple[list[TeamMember], bool]:
    """These members of the team, and whether people to be kept apart are asked knowingly. Raises FieldRefused as
    `arrange` says."""
    asked = _team_members(family_id, members)
    apart = known.apart(family_id, [member.person_id for member in asked if member.person_id])
    team.warn(apart, considered=apart_considered)
    return asked, bool(apart)


def _demand_only_one(family_id: int, kinds: Kinds, step_down: StepDown | None, episode_id: int | None) -> None:
    """The first of a kind is the only one that stands: it is moved to another day, not arranged twice."""
    if kinds.step_down and step_down is not None:
        same, words = Meeting.step_down_id == step_down.id, "The {step_down_meeting} is arranged already: "
        _refuse_second(family_id, same & Meeting.is_step_down, words)
    if kinds.first_team and episode_id is not None:
        same, words = Meeting.episode_id == episode_id, "The {first_team_meeting} is arranged already: "
        _refuse_second(family_id, same & Meeting.is_first_team, words)


def _refuse_second(family_id: int, same: Any, words: str) -> None:
    found = db.session.scalars(
        select(Meeting).where(Meeting.family_id == family_id, same, Meeting.state.in_(STANDING)).order_by(Meeting.id)
    ).first()
    if found is not None:
        raise Refused(f"{words}{found.ref}, on {full(london_date(found.starts_at))}.")


def _demand_in_time(family_id: int, kinds: Kinds, on: date, why_late: str | None) -> bool:
    """Whether it lies so long after the last meeting that a reason is kept with it."""
    if on < clock.today():
        raise FieldRefused("on", "Date of the meeting must be today or later")
    if kinds.step_down:
        return False
    too_late = why_too_late(family_id, on)
    if too_late is None:
        return False
    if not (why_late or "").strip():
        raise FieldRefused("why_late", f"Enter why the team meets {too_late}")
    return True


def why_too_late(family_id: int, on: date) -> str | None:
    """More than 12 weeks after 5 August 2026, when the team last met; None where it lies within the standard."""
    last = db.session.execute(select(func.max(Meeting.held_on)).where(Meeting.family_id == family_id)).scalar_one()
    since = last or clock.today()
    if on <= practice.due_after(since, Standard.TEAM_REVIEW_MAX):
        return None
    return f"more than {practice.amount(Standard.TEAM_REVIEW_MAX)} weeks after {full(since)}"


def _team_members(family_id: int, wanted: Iterable[int]) -> list[TeamMember]:
    ids = set(wanted)
    found = db.session.scalars(
        select(TeamMember)
        .where(TeamMember.family_id == family_id, TeamMember.id.in_(ids), TeamMember.left_on.is_(None))
        .order_by(TeamMember.id)
    ).all()
    if not ids:
        raise FieldRefused("members", "Select who is asked to come")
    if len(found) < len(ids):
        raise FieldRefused("members", "Select only people who are on the team")
    return list(found)


def ask(meeting: Meeting, members: Iterable[TeamMember]) -> None:
    for member in members:
        db.session.add(MeetingInvitee(family_id=meeting.family_id, meeting_id=meeting.id, member_id=member.id))


def hold(meeting: Meeting, what: WriteUp, *, by: Viewer) -> None:
    """Record that it was held. Everybody asked has come, sent apologies or not come; the family came or its views
    are known; each child was heard, or why not. Raises FieldRefused at the answer that lacks."""
    if meeting.state not in STANDING:
        raise Refused("This meeting was moved or cancelled, so there is nothing to write up.")
    if meeting.state is not MeetingState.ARRANGED:
        raise Refused(MOVES["meeting", "hold"].refusal)
    if london_date(meeting.starts_at) > clock.today():
        raise FieldRefused("held_on", known.ahead_words(london_date(meeting.starts_at)))
    demand_meant(
        meeting.family_id,
        what.held_on,
        field="held_on",
        known=london_date(meeting.starts_at),
        what="the day it was arranged for",
        standard=Standard.MEETING_BEFORE,
        said=what.long_ago,
    )
    _attend(meeting, what.attendance)
    apart = _brought_together(meeting, considered=what.apart_considered)
    _hear(meeting, what.voices)
    walk(
        meeting,
        "hold",
        by=by,
        happened_on=what.held_on,
        text=what.decisions,
        held_on=what.held_on,
        family_views=what.family_views,
        decisions=what.decisions,
        data={
            "what": kinds_of(meeting).words,
            "when": full(what.held_on),
            **({"apart_considered": True} if apart else {}),
        },
    )


def _brought_together(meeting: Meeting, *, considered: bool) -> bool:
    """Whether people to be kept apart are said to have met there. Raises FieldRefused at `came_apart` where nobody
    has thought about that."""
    came = db.session.scalars(
        select(TeamMember.person_id)
        .join(MeetingInvitee, MeetingInvitee.member_id == TeamMember.id)
        .where(
            MeetingInvitee.meeting_id == meeting.id,
            MeetingInvitee.attendance == Attendance.ATTENDED,
            TeamMember.person_id.is_not(None),
        )
    ).all()
    apart = known.kept_apart(meeting.family_id, [person_id for person_id in came if person_id])
    if apart and not considered:
        raise FieldRefused(
            "came_apart",
            f"{'; '.join(apart)}, and both are ticked as there. Change who came, or tick that you have thought about "
            "their safety",
        )
    return bool(apart)


def _attend(meeting: Meeting, attendance: Mapping[int, Attendance]) -> None:
    invitees = db.session.scalars(
        select(MeetingInvitee).where(MeetingInvitee.meeting_id == meeting.id).order_by(MeetingInvitee.id)
    ).all()
    if attendance and Attendance.ATTENDED not in attendance.values():
        raise FieldRefused(f"attendance-{min(attendance)}", known.NOBODY_CAME)
    for invitee in invitees:
        came = attendance.get(invitee.member_id)
        if came is None:
            raise FieldRefused(f"attendance-{invitee.member_id}", "Select whether each person came")
        invitee.attendance = came
    unasked = set(attendance) - {invitee.member_id for invitee in invitees}
    if unasked:
        ask(meeting, _team_members(meeting.family_id, unasked))
        db.session.flush()
        for invitee in db.session.scalars(select(MeetingInvitee).where(MeetingInvitee.meeting_id == meeting.id)):
            invitee.attendance = attendance[invitee.member_id]
    db.session.flush()


def _hear(meeting: Meeting, voices: list[Voice]) -> None:
    heard = {voice.person_id: voice for voice in voices if voice.voice or voice.not_heard}
    children = db.session.scalars(
        select(Person)
        .where(
            Person.family_id == meeting.family_id,
            Person.kind == PersonKind.CHILD,
            Person.died_on.is_(None),
            Person.pregnancy_ended_on.is_(None),
        )
        .order_by(Person.id)
    ).all()
    for child in children:
        voice = heard.get(child.id)
        if voice is None:
            raise FieldRefused(f"voice-{child.id}", f"Enter what {child.name} wanted to say, or why it was not heard")
        db.session.add(
            MeetingVoice(
                family_id=meeting.family_id,
                meeting_id=meeting.id,
                person_id=child.id,
                voice=voice.voice,
                not_heard=None if voice.voice else voice.not_heard,
            )
        )
