"""One person's copy of an agenda or of minutes: what must be kept back from them is not in it."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TypeVar

from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.domain.dates import near
from portal.domain.meetings import STANDING, MeetingState
from portal.domain.plans import OPEN_ACTIONS, ActionState
from portal.facts import confidential, keep_apart, practice
from portal.facts.keep_apart import KeptBack
from portal.models.teamwork import Meeting, MeetingInvitee, PlanAction, PlanNeed, TeamMember
from portal.queries import meetings, scales
from portal.queries.meetings import Asked, LeftNeed, Other, Voice
from portal.queries.scales import OfNeed
from portal.queries.team import what

AGREED = (ActionState.AGREED, ActionState.IN_PROGRESS, ActionState.BLOCKED)


@dataclass(frozen=True)
class Copy:
    """A sheet of paper for one person. `left_out` is for whoever prints it, never on the paper."""

    ref: str
    recipient: str
    what: str
    when: str
    place: str | None
    held: bool
    of_family: bool
    asked: list[Asked]
    actions: list[str] = field(default_factory=list)
    family_views: str | None = None
    voices: list[Voice] = field(default_factory=list)
    scales: list[OfNeed] = field(default_factory=list)
    decisions: str | None = None
    left: list[LeftNeed] = field(default_factory=list)
    outcomes: list[str] = field(default_factory=list)
    next: Other | None = None
    left_out: list[str] = field(default_factory=list)


def recipients(meeting: Meeting) -> list[Asked]:
    """Who gets a copy: everybody asked who is on the team still and may be contacted."""
    return [each for each in meetings.asked_of(meeting.id) if each.gets_copy]


def copy(meeting: Meeting, member_id: int) -> Copy | None:
    """None where that member gets none."""
    asked = meetings.asked_of(meeting.id)
    reader = next((each for each in asked if each.id == member_id and each.gets_copy), None)
    if reader is None:
        return None
    kept = keep_apart.kept_back(meeting.family_id, reader.person_id)
    held = meeting.state is MeetingState.HELD
    handover = meeting.step_down_id if meeting.is_step_down and held else None
    # Who will be there may not be told to whom they must not meet; who was there may.
    unnamed = kept.learn if held else kept.people
    shown = [
        replace(each, organisation=kept.at(each.organisation))
        for each in asked
        if each.person_id not in unnamed and each.name not in kept.contacts
    ]
    hidden = confidential.marks(meeting.family_id)
    paper = _Paper(kept, hidden)
    left_out = ["Who is asked"] if len(shown) < len(asked) else []
    if kept.people:
        left_out.append("Where those who work with the family work")
    return Copy(
        ref=meeting.ref,
        recipient=reader.name,
        what=what(meeting),
        when=meetings.when_of(meeting),
        place=paper.text("Where it is", meeting.place),
        held=held,
        of_family=reader.person_id is not None,
        asked=shown,
        actions=paper.lines(
            "Who does what by when", _actions(meeting, paper, kept.people, AGREED if held else OPEN_ACTIONS)
        ),
        family_views=paper.text("What the family said", meeting.family_views),
        voices=paper.each(
            "What each child wanted to say",
            _voices(meeting, reader) if held else [],
            lambda voice: voice.words,
        ),
        scales=paper.unless_kept(
            "How far things have come", scales.of_meeting(meeting) if held else [], lambda need: need.what
        ),
        decisions=paper.text("What was decided", meeting.decisions),
        left=paper.unless_kept(
            "What is left for early help", meetings.needs_left(handover) if handover else [], lambda need: need.what
        ),
        outcomes=paper.lines("What became of each outstanding action", _outcomes(handover, kept) if handover else []),
        next=next(
            iter(paper.unless_kept("When we meet next", _next(meeting, member_id), lambda other: other.what)), None
        ),
        left_out=[*left_out, *dict.fromkeys(paper.left_out)],
    )


T = TypeVar("T")


class _Paper:
    """What may stand on it, and what was left out on the way."""

    def __init__(self, kept: KeptBack, hidden: confidential.Marks) -> None:
        self._kept, self._hidden = kept, hidden
        self.left_out: list[str] = []

    def text(self, called: str, text: str | None) -> str | None:
        return next(iter(self.lines(called, [text] if text else [])), None)

    def lines(self, called: str, lines: Iterable[str]) -> list[str]:
        return self.each(called, list(lines), lambda line: line)

    def tells(self, text: str | None) -> bool:
        return self._kept.tells(text) or self._hidden.told_by(text)

    def each(self, called: str, things: list[T], words: Callable[[T], str]) -> list[T]:
        kept = [each for each in things if not self.tells(words(each))]
        if len(kept) < len(things):
            self.left_out.append(called)
        return kept

    def unless_kept(self, called: str, things: list[T], words: Callable[[T], str]) -> list[T]:
        """Of a kind that is left out whole where anything is kept back from its reader: names alone do not tell whose
        it is."""
        if not self._kept.people:
            return self.each(called, things, words)
        if things:
            self.left_out.append(called)
        return []

    def hides(self, person_id: int | None) -> bool:
        """Whether something is about somebody of whom the reader must not learn."""
        return person_id in self._kept.learn


def _voices(meeting: Meeting, reader: Asked) -> list[Voice]:
    """A child speaks to those who work with the family: the rest of the family reads none of it."""
    said = meetings.voices_of(meeting.id)
    return said if reader.person_id is None else [voice for voice in said if voice.person_id == reader.person_id]


def _outcomes(step_down_id: int, kept: KeptBack) -> list[str]:
    """Each outstanding action with what became of it: dropped and carried alike. Who carries it by when is told only to
    a reader from whom nothing is kept back."""
    return [
        ": ".join(
            part
            for part in (
                f"{outcome.what}. {outcome.tag.words}",
                None if outcome.action and kept.people else outcome.words,
            )
            if part
        )
        for outcome in meetings.outcomes_of(step_down_id)
    ]


def _actions(meeting: Meeting, paper: _Paper, unnamed: frozenset[int], states: Collection[StrEnum]) -> list[str]:
    """Who does what by when: as it is gone through, and in minutes as it is agreed."""
    today, days = clock.today(), practice.calendar()
    rows = db.session.execute(
        select(
            PlanAction.what,
            PlanAction.due_on,
            TeamMember.name,
            TeamMember.person_id,
            PlanNeed.person_id.label("about_id"),
            PlanNeed.what.label("need"),
        )
        .join(TeamMember, TeamMember.id == PlanAction.owner_id)
        .outerjoin(PlanNeed, PlanNeed.id == PlanAction.plan_need_id)
        .where(
            PlanAction.episode_id == meeting.episode_id,
            PlanAction.state.in_(states),
            PlanAction.revision_id.is_(None),
        )
        .order_by(PlanAction.due_on, PlanAction.id)
    ).all()
    shown = [
        row
        for row in rows
        if row.person_id not in unnamed and not paper.hides(row.about_id) and not paper.tells(row.need)
    ]
    if len(shown) < len(rows):
        paper.left_out.append("Who does what by when")
    return [f"{row.what}: {row.name}, by {near(days.due(row.due_on), today)}" for row in shown]


def _next(meeting: Meeting, member_id: int) -> list[Other]:
    """The one its write-up led to, else the earliest arranged after it; told only to whom is asked to it."""
    led_to = Meeting.id == meeting.next_meeting_id
    ahead = (Meeting.state == MeetingState.ARRANGED) & (Meeting.starts_at > meeting.starts_at)
    found = db.session.scalars(
        select(Meeting)
        .join(MeetingInvitee, MeetingInvitee.meeting_id == Meeting.id)
        .where(
            Meeting.family_id == meeting.family_id,
            Meeting.id != meeting.id,
            Meeting.state.in_(STANDING),
            led_to | ahead,
            MeetingInvitee.member_id == member_id,
        )
        .order_by(led_to.desc(), Meeting.starts_at, Meeting.id)
        .limit(1)
    ).first()
    return [meetings.named(found)] if found else []
