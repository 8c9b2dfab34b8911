"""One person's copy of an agenda or of minutes: what must be kept back from them is not in it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TypeVar

from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.domain.dates import near
from portal.domain.meetings import MeetingState
from portal.domain.plans import OPEN_ACTIONS
from portal.facts import confidential, keep_apart
from portal.facts.keep_apart import KeptBack
from portal.models.teamwork import Meeting, MeetingInvitee, PlanAction, TeamMember
from portal.queries import meetings, scales
from portal.queries.meetings import Asked, Other, Voice
from portal.queries.scales import OfNeed
from portal.queries.team import what


@dataclass(frozen=True)
class Copy:
    """A sheet of paper for one person. `left_out` is for whoever prints it, never on the paper."""

    ref: str
    recipient: str
    what: str
    when: str
    place: str | None
    held: bool
    asked: list[Asked]
    actions: list[str] = field(default_factory=list)
    family_views: str | None = None
    voices: list[Voice] = field(default_factory=list)
    scales: list[OfNeed] = field(default_factory=list)
    decisions: str | None = None
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
    # Who will be there may not be told to whom they must not meet; who was there may.
    unnamed = kept.learn if held else kept.people
    shown = [each for each in asked if each.person_id not in unnamed]
    hidden = confidential.marks(meeting.family_id)
    paper = _Paper(kept, hidden)
    left_out = ["Who is asked"] if len(shown) < len(asked) else []
    return Copy(
        ref=meeting.ref,
        recipient=reader.name,
        what=what(meeting),
        when=meetings.when_of(meeting),
        place=None if hidden.told_by(meeting.place) else meeting.place,
        held=held,
        asked=shown,
        actions=[] if held else paper.lines("What is to be done", _actions(meeting, unnamed)),
        family_views=paper.text("What the family said", meeting.family_views),
        voices=paper.each(
            "What each child wanted to say",
            [voice for voice in meetings.voices_of(meeting.id) if voice.person_id not in kept.learn] if held else [],
            lambda voice: voice.words,
        ),
        scales=paper.each(
            "How far things have come", scales.of_meeting(meeting) if held else [], lambda need: need.what
        ),
        decisions=paper.text("What was decided", meeting.decisions),
        next=_next(meeting, member_id),
        left_out=[*left_out, *paper.left_out],
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

    def each(self, called: str, things: list[T], words: Callable[[T], str]) -> list[T]:
        kept = [each for each in things if not (self._kept.tells(words(each)) or self._hidden.told_by(words(each)))]
        if len(kept) < len(things):
            self.left_out.append(called)
        return kept


def _actions(meeting: Meeting, unnamed: frozenset[int]) -> list[str]:
    """Who does what by when, as it is gone through."""
    today = clock.today()
    rows = db.session.execute(
        select(PlanAction.what, PlanAction.due_on, TeamMember.name, TeamMember.person_id)
        .join(TeamMember, TeamMember.id == PlanAction.owner_id)
        .where(PlanAction.episode_id == meeting.episode_id, PlanAction.state.in_(OPEN_ACTIONS))
        .order_by(PlanAction.due_on, PlanAction.id)
    ).all()
    return [f"{row.what}: {row.name}, by {near(row.due_on, today)}" for row in rows if row.person_id not in unnamed]


def _next(meeting: Meeting, member_id: int) -> Other | None:
    """Told only to whom is asked to it."""
    found = db.session.scalars(
        select(Meeting)
        .join(MeetingInvitee, MeetingInvitee.meeting_id == Meeting.id)
        .where(Meeting.id == meeting.next_meeting_id, MeetingInvitee.member_id == member_id)
    ).first()
    return meetings.named(found) if found else None
