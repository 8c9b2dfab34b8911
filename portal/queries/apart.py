"""Who of a family is kept apart from whom, why, and where they would be brought together all the same."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import and_, or_, select

from portal.core import clock
from portal.core.db import db
from portal.core.sealed import opened
from portal.domain.dates import london_date, near
from portal.domain.event_kinds import E
from portal.domain.meetings import MeetingState
from portal.facts.meetings import apart_words, start_of_today
from portal.models.families import KeepApart, KeepApartKind, KeepApartReason
from portal.models.record import Event
from portal.models.teamwork import Meeting, MeetingInvitee, TeamMember


@dataclass(frozen=True)
class Coming:
    """A meeting that both are asked to."""

    ref: str
    when: str


@dataclass(frozen=True)
class Papers:
    """Whose copies leave something out from now on: of the plan, and of these meetings. Older ones may tell it."""

    reader_id: int
    reader: str
    meetings: Sequence[str]


@dataclass(frozen=True)
class Apart:
    """Two people who are kept apart; why, where this viewer may read it. `on_team`: both are; `homes`: where both
    live."""

    ref: str
    words: str
    reason: str | None
    on_team: bool
    meetings: Sequence[Coming]
    homes: Sequence[str]
    papers: Sequence[Papers]

    @property
    def together(self) -> bool:
        return self.on_team or bool(self.meetings or self.homes)


def _meeting(number: int) -> str:
    return f"{Meeting.ref_prefix}-{number}"


@dataclass
class _Asked:
    """Somebody on the team: the meetings still to come that they are asked to, earliest first, and the last one that
    was held."""

    coming: dict[int, str] = field(default_factory=dict)
    held: int | None = None

    @property
    def papers(self) -> list[str]:
        return [_meeting(number) for number in (*([self.held] if self.held else []), *self.coming)]


def of_family(
    family_id: int, names: Mapping[int, str], *, homes: Mapping[str, Collection[int]], lost: Collection[int]
) -> list[Apart]:
    """What stands, in one statement, and one more where anything does. `homes`: who lives in each; `lost`: whom no
    paper is made for any more."""
    rows: dict[int, Any] = {}
    for row in _standing(family_id):
        if row.id not in rows or row.reason:
            rows[row.id] = row
    asked = _asked(family_id, {one for row in rows.values() for one in (row.person_id, row.other_id)}) if rows else {}
    apart = [_apart(row, names, asked, homes) for row in rows.values()]
    return [replace(one, papers=[paper for paper in one.papers if paper.reader_id not in lost]) for one in apart]


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
            KeepApartReason.id.label("reason_id"),
            KeepApartReason.text_sealed.label("reason"),
        )
        .outerjoin(KeepApartReason, why)
        .where(KeepApart.family_id == family_id, KeepApart.ended_on.is_(None))
        .order_by(KeepApart.id, KeepApartReason.id)
    ).all()


def _apart(
    row: Any, names: Mapping[int, str], asked: Mapping[int, _Asked], homes: Mapping[str, Collection[int]]
) -> Apart:
    one, other = asked.get(row.person_id), asked.get(row.other_id)
    both = {meeting: when for meeting, when in one.coming.items() if meeting in other.coming} if one and other else {}
    readers = (row.person_id,) if row.kind is KeepApartKind.MUST_NOT_LEARN else (row.person_id, row.other_id)
    return Apart(
        ref=f"{KeepApart.ref_prefix}-{row.id}",
        words=apart_words(row.kind, names[row.person_id], names[row.other_id]),
        reason=opened(row.reason, row.reason_id),
        on_team=one is not None and other is not None,
        meetings=[Coming(_meeting(meeting), when) for meeting, when in both.items()],
        homes=[home for home, people in homes.items() if {row.person_id, row.other_id} <= set(people)],
        papers=[Papers(reader, names[reader], asked[reader].papers if reader in asked else []) for reader in readers],
    )


def _asked(family_id: int, people: set[int]) -> dict[int, _Asked]:
    rows = db.session.execute(
        select(TeamMember.person_id, Meeting.id, Meeting.state, Meeting.starts_at)
        .outerjoin(MeetingInvitee, MeetingInvitee.member_id == TeamMember.id)
        .outerjoin(
            Meeting,
            and_(
                Meeting.id == MeetingInvitee.meeting_id,
                or_(
                    Meeting.state == MeetingState.HELD,
                    and_(Meeting.state == MeetingState.ARRANGED, Meeting.starts_at >= start_of_today()),
                ),
            ),
        )
        .where(TeamMember.family_id == family_id, TeamMember.person_id.in_(people), TeamMember.left_on.is_(None))
        .order_by(Meeting.starts_at, Meeting.id)
    ).all()
    today = clock.today()
    found: dict[int, _Asked] = defaultdict(_Asked)
    for row in rows:
        theirs = found[row.person_id or 0]
        if row.state is MeetingState.HELD:
            theirs.held = row.id
        elif row.id is not None:
            theirs.coming[row.id] = near(london_date(row.starts_at), today)
    return found
