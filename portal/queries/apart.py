"""Who of a family is kept apart from whom, why, and where they would be brought together all the same."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, select

from portal.core import clock
from portal.core.db import db
from portal.domain.dates import london_date, near
from portal.domain.events import E
from portal.domain.meetings import MeetingState
from portal.facts.meetings import apart_words, start_of_today
from portal.models.families import KeepApart, KeepApartReason
from portal.models.record import Event
from portal.models.teamwork import Meeting, MeetingInvitee, TeamMember


@dataclass(frozen=True)
class Coming:
    """A meeting that both are asked to."""

    ref: str
    when: str


@dataclass(frozen=True)
class Apart:
    """Two people who are kept apart; why, where this viewer may read it. `on_team`: both are."""

    ref: str
    words: str
    reason: str | None
    on_team: bool
    meetings: Sequence[Coming]

    @property
    def together(self) -> bool:
        return self.on_team or bool(self.meetings)


def of_family(family_id: int, names: Mapping[int, str]) -> list[Apart]:
    """What stands, in one statement, and one more where anything does."""
    rows: dict[int, Any] = {}
    for row in _standing(family_id):
        if row.id not in rows or row.reason:
            rows[row.id] = row
    asked = _asked(family_id, {one for row in rows.values() for one in (row.person_id, row.other_id)}) if rows else {}
    return [_apart(row, names, asked) for row in rows.values()]


def _standing(family_id: int) -> Sequence[Any]:
    """One row for each, and more where its reason was corrected since: the first one stands here."""
    begun = select(Event.id).where(Event.family_id == family_id, Event.kind == E.KEEP_APART_ADDED)
    why = and_(
        KeepApartReason.keep_apart_id == KeepApart.id,
        KeepApartReason.event_id.is_(None) | KeepApartReason.event_id.in_(begun),
    )
    return db.session.execute(
        select(
            KeepApart.id,
            KeepApart.kind,
            KeepApart.person_id,
            KeepApart.other_id,
            KeepApartReason.text.label("reason"),
        )
        .outerjoin(KeepApartReason, why)
        .where(KeepApart.family_id == family_id, KeepApart.ended_on.is_(None))
        .order_by(KeepApart.id, KeepApartReason.id)
    ).all()


def _apart(row: Any, names: Mapping[int, str], asked: Mapping[int, Mapping[int, str]]) -> Apart:
    one, other = asked.get(row.person_id), asked.get(row.other_id)
    both = {meeting: when for meeting, when in (one or {}).items() if meeting in (other or {})}
    return Apart(
        ref=f"{KeepApart.ref_prefix}-{row.id}",
        words=apart_words(row.kind, names[row.person_id], names[row.other_id]),
        reason=row.reason,
        on_team=one is not None and other is not None,
        meetings=[Coming(f"{Meeting.ref_prefix}-{meeting}", when) for meeting, when in both.items()],
    )


def _asked(family_id: int, people: set[int]) -> dict[int, dict[int, str]]:
    """For each of them who is on the team: the meetings still to come that they are asked to, earliest first."""
    rows = db.session.execute(
        select(TeamMember.person_id, Meeting.id, Meeting.starts_at)
        .outerjoin(MeetingInvitee, MeetingInvitee.member_id == TeamMember.id)
        .outerjoin(
            Meeting,
            and_(
                Meeting.id == MeetingInvitee.meeting_id,
                Meeting.state == MeetingState.ARRANGED,
                Meeting.starts_at >= start_of_today(),
            ),
        )
        .where(TeamMember.family_id == family_id, TeamMember.person_id.in_(people), TeamMember.left_on.is_(None))
        .order_by(Meeting.starts_at, Meeting.id)
    ).all()
    today = clock.today()
    found: dict[int, dict[int, str]] = defaultdict(dict)
    for row in rows:
        theirs = found[row.person_id or 0]
        if row.id is not None:
            theirs[row.id] = near(london_date(row.starts_at), today)
    return found
