"""Meetings as pages show them: one with all that came of it, and what can be arranged."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.domain.dates import Calendar, full, london_date, moment, near
from portal.domain.episodes import EpisodeState
from portal.domain.meetings import MEETING, STANDING, MeetingState
from portal.domain.standards import Standard
from portal.domain.step_downs import NeedOutcome
from portal.domain.wording import CHOICES
from portal.facts import confidential, practice
from portal.facts import meetings as known
from portal.models.families import Family, Person, SafeContact
from portal.models.handover import Episode, OutstandingAction, StepDownNeed
from portal.models.teamwork import Meeting, MeetingInvitee, MeetingVoice, PlanAction, TeamMember
from portal.queries import scales
from portal.queries.scales import OfNeed
from portal.queries.shapes import Tag, tag
from portal.queries.team import KINDS, PLACE_KEPT_BACK, state, what


@dataclass(frozen=True)
class Asked:
    """Somebody asked to a meeting; `came` in words once it is written up."""

    id: int
    name: str
    organisation: str | None
    came: str | None
    person_id: int | None
    gets_copy: bool


@dataclass(frozen=True)
class Voice:
    person_id: int
    name: str
    words: str
    heard: bool


@dataclass(frozen=True)
class Outcome:
    """An outstanding action and what became of it. `action` is the reference it has in the plan."""

    ref: str
    what: str
    concerns_safety: bool
    tag: Tag
    words: str | None
    action: str | None


@dataclass(frozen=True)
class Other:
    """Another meeting, named in a line."""

    ref: str
    what: str
    when: str
    on: date


@dataclass(frozen=True)
class LeftNeed:
    """A need that the step-down leaves for early help. `words` says who brings it on, and may hold concepts."""

    what: str
    person_id: int | None
    brought_by: str | None

    @property
    def words(self) -> str:
        return (
            f"{self.what}. {self.brought_by} brings it to the {{first_team_meeting}}" if self.brought_by else self.what
        )


@dataclass(frozen=True)
class Ended:
    """Who asked that it was cancelled or moved, why, and where it went."""

    whose: str
    why: str
    moved_to: Other | None


@dataclass(frozen=True)
class MeetingPage:
    """One meeting with all that is written of it. `link` is the place where it is an address to follow; `opens_on` the
    day from which it can be written up, where that lies ahead."""

    ref: str
    what: str
    when: str
    place: str | None
    link: bool
    tag: Tag
    held: bool
    arranged: bool
    may_invite: bool
    opens_on: str | None
    ended: Ended | None
    for_calendars: bool
    asked: list[Asked]
    copies: list[Asked]
    family_views: str | None
    voices: list[Voice]
    decisions: str | None
    scales: list[OfNeed]
    outcomes: list[Outcome]
    left: list[LeftNeed]
    next: Other | None


def family_of(meeting: Meeting) -> Family:
    return db.session.scalars(select(Family).where(Family.id == meeting.family_id)).one()


def one(meeting: Meeting) -> MeetingPage:
    """Where it was a step-down's, with each of its outstanding actions and the needs somebody brings on."""
    held = meeting.state is MeetingState.HELD
    asked, place = asked_of(meeting.id), place_of(meeting)
    handover = meeting.step_down_id if meeting.is_step_down and held else None
    return MeetingPage(
        ref=meeting.ref,
        what=what(meeting),
        when=when_of(meeting),
        place=place,
        link=bool(place and place.startswith("https://") and " " not in place),
        tag=state(meeting),
        held=held,
        arranged=may_end(meeting),
        may_invite=may_invite(meeting),
        opens_on=full(london_date(meeting.starts_at)) if london_date(meeting.starts_at) > clock.today() else None,
        ended=_ended(meeting),
        for_calendars=not held,
        asked=asked,
        copies=[each for each in asked if each.gets_copy],
        family_views=meeting.family_views,
        voices=voices_of(meeting.id) if held else [],
        decisions=meeting.decisions,
        scales=scales.of_meeting(meeting) if held else [],
        outcomes=outcomes_of(handover) if handover else [],
        left=needs_left(handover) if handover else [],
        next=_other(meeting.next_meeting_id),
    )


def place_of(meeting: Meeting) -> str | None:
    """Where it is; not where that would tell an address that became confidential after it was arranged."""
    if not meeting.place:
        return None
    return PLACE_KEPT_BACK if confidential.marks(meeting.family_id).told_by(meeting.place) else meeting.place


def may_end(meeting: Meeting) -> bool:
    """Whether it can still be moved or cancelled."""
    return MEETING.is_open("cancel", meeting.state)


def may_invite(meeting: Meeting) -> bool:
    """Whether others can still be asked: not once its day has gone by."""
    return MEETING.is_open("invite", meeting.state) and london_date(meeting.starts_at) >= clock.today()


def _ended(meeting: Meeting) -> Ended | None:
    if meeting.ended_why is None or meeting.asked_by is None:
        return None
    return Ended(CHOICES[meeting.asked_by], meeting.ended_why, _other(meeting.moved_to_id))


def when_of(meeting: Meeting) -> str:
    if meeting.held_on is not None and meeting.held_on != london_date(meeting.starts_at):
        return f"Held on {full(meeting.held_on)}. It was arranged for {moment(meeting.starts_at)}"
    return moment(meeting.starts_at)


def asked_of(meeting_id: int) -> list[Asked]:
    rows = db.session.execute(
        select(
            TeamMember.id,
            TeamMember.name,
            TeamMember.organisation,
            TeamMember.person_id,
            TeamMember.left_on,
            MeetingInvitee.attendance,
            SafeContact.never_contact,
        )
        .join(TeamMember, TeamMember.id == MeetingInvitee.member_id)
        .outerjoin(SafeContact, SafeContact.person_id == TeamMember.person_id)
        .where(MeetingInvitee.meeting_id == meeting_id)
        .order_by(TeamMember.id)
    ).all()
    return [
        Asked(
            row.id,
            row.name,
            row.organisation or ("Family" if row.person_id else None),
            CHOICES[row.attendance] if row.attendance else None,
            row.person_id,
            gets_copy=row.left_on is None and not row.never_contact,
        )
        for row in rows
    ]


def voices_of(meeting_id: int) -> list[Voice]:
    rows = db.session.execute(
        select(Person, MeetingVoice.voice, MeetingVoice.not_heard)
        .join(MeetingVoice, MeetingVoice.person_id == Person.id)
        .where(MeetingVoice.meeting_id == meeting_id)
        .order_by(Person.date_of_birth, Person.id)
    ).all()
    return [
        Voice(row.Person.id, row.Person.name, row.voice or row.not_heard, heard=row.voice is not None) for row in rows
    ]


def outcomes_of(step_down_id: int) -> list[Outcome]:
    today, days = clock.today(), practice.calendar()
    return [
        Outcome(
            ref=row.OutstandingAction.ref,
            what=row.OutstandingAction.what,
            concerns_safety=row.OutstandingAction.concerns_safety,
            tag=tag(row.OutstandingAction.state),
            words=_became(row, today, days),
            action=row.PlanAction.ref if row.PlanAction else None,
        )
        for row in outstanding_of(step_down_id)
    ]


def outstanding_of(step_down_id: int) -> Any:
    return db.session.execute(
        select(OutstandingAction, PlanAction, TeamMember.name.label("owner"))
        .outerjoin(PlanAction, PlanAction.id == OutstandingAction.plan_action_id)
        .outerjoin(TeamMember, TeamMember.id == PlanAction.owner_id)
        .where(OutstandingAction.step_down_id == step_down_id)
        .order_by(OutstandingAction.id)
    ).all()


def _became(row: Any, today: date, days: Calendar) -> str | None:
    if row.PlanAction is not None:
        return f"{row.owner}, by {near(days.due(row.PlanAction.due_on), today)}"
    outstanding: OutstandingAction = row.OutstandingAction
    return outstanding.evidence or outstanding.drop_reason


def needs_left(step_down_id: int) -> list[LeftNeed]:
    """What the step-down leaves for early help, and who brings it to the first team meeting where somebody does."""
    rows = db.session.execute(
        select(StepDownNeed.what, StepDownNeed.person_id, TeamMember.name)
        .outerjoin(TeamMember, TeamMember.id == StepDownNeed.brought_by_id)
        .where(StepDownNeed.step_down_id == step_down_id, StepDownNeed.outcome == NeedOutcome.LEFT)
        .order_by(StepDownNeed.id)
    ).all()
    return [LeftNeed(row.what, row.person_id, row.name) for row in rows]


def _other(meeting_id: int | None) -> Other | None:
    found = db.session.scalars(select(Meeting).where(Meeting.id == meeting_id)).first() if meeting_id else None
    return named(found) if found else None


def named(meeting: Meeting) -> Other:
    return Other(meeting.ref, what(meeting), moment(meeting.starts_at), london_date(meeting.starts_at))


@dataclass(frozen=True)
class Arrangeable:
    """What the form for a new meeting offers: kinds (value, words) and people (id, words). `asked` are the ids of
    those who are asked unless somebody takes the tick away: not who must never be contacted."""

    kinds: list[tuple[str, str]]
    members: list[tuple[int, str]]
    asked: list[int]
    review_on: date


def arrangeable(family: Family) -> Arrangeable:
    """No kinds where early help has not begun: there is no team that could meet."""
    episode = db.session.scalars(
        select(Episode.id).where(
            Episode.family_id == family.id, Episode.state.in_([EpisodeState.PREPARING, EpisodeState.ACTIVE])
        )
    ).first()
    kinds: list[str] = []
    if episode is not None:
        met_first = db.session.scalars(
            select(Meeting.id)
            .where(Meeting.episode_id == episode, Meeting.is_first_team, Meeting.state.in_(STANDING))
            .limit(1)
        ).first()
        waits = known.step_down_to_meet_about(family.id) is not None
        kinds = [
            *(["is_step_down"] if waits else []),
            *(["is_first_team"] if met_first is None else []),
            "is_review",
        ]
    members = _team(family.id)
    return Arrangeable(
        kinds=[(kind.removeprefix("is_"), _capital(KINDS[kind])) for kind in kinds],
        members=_choices(members),
        asked=[row.id for row in members if not row.never_contact],
        review_on=practice.due_after(clock.today(), Standard.TEAM_REVIEW),
    )


@dataclass(frozen=True)
class Invitable:
    """Who can be asked to a meeting (id, words), and the ids of those who are."""

    members: list[tuple[int, str]]
    asked: list[int]


def invitable(meeting: Meeting) -> Invitable:
    members = _team(meeting.family_id)
    asked = {one.id for one in asked_of(meeting.id)}
    return Invitable(_choices(members), [row.id for row in members if row.id in asked])


def _choices(members: Any) -> list[tuple[int, str]]:
    return [(row.id, member_words(row) + (". Must never be contacted" if row.never_contact else "")) for row in members]


def _capital(words: str) -> str:
    return "{" + words[1].upper() + words[2:] if words.startswith("{") else words.capitalize()


def _team(family_id: int) -> Any:
    return db.session.execute(
        select(TeamMember.id, TeamMember.name, TeamMember.organisation, TeamMember.person_id, SafeContact.never_contact)
        .outerjoin(SafeContact, SafeContact.person_id == TeamMember.person_id)
        .where(TeamMember.family_id == family_id, TeamMember.left_on.is_(None))
        .order_by(TeamMember.id)
    ).all()


def member_words(row: Any) -> str:
    body = row.organisation or ("{family}" if row.person_id else None)
    return f"{row.name}, {body}" if body else str(row.name)
