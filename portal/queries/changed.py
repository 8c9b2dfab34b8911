"""The families that changed since somebody last looked, or said that they had seen it; and what they said just now."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_, select

from portal.core import clock
from portal.core.db import db
from portal.domain.dates import clock_time, counted
from portal.domain.event_kinds import E
from portal.domain.seen import LOOKED_AT, NEWS
from portal.domain.undo import WINDOW
from portal.domain.viewer import Viewer
from portal.domain.words import Word
from portal.models.families import Family
from portal.models.record import Audit, AuditKind, Event, FamilySeen, FamilySummary
from portal.queries import history
from portal.queries.history import HistoryLine
from portal.queries.standing import Standing

FIRST, MOST = 8, 40


@dataclass(frozen=True)
class ChangedFamily:
    """A family with its latest line, or what it answered itself; `others` says how many more there are."""

    ref: str
    name: str
    line: HistoryLine
    others: str | None


@dataclass(frozen=True)
class Marked:
    """Something marked a moment ago, which can be undone: by its click, in words, until when."""

    click: str
    words: str
    until: str


@dataclass(frozen=True)
class Changed:
    """At most forty, the latest first; `more` says that there are others. `until`: nothing after it is on this page,
    so nothing after it is marked as seen."""

    families: list[ChangedFamily]
    more: bool
    marked: list[Marked]
    until: str

    @property
    def first(self) -> int:
        """So many are shown at once, the others when they are asked for."""
        return FIRST

    @property
    def number(self) -> str:
        return f"more than {len(self.families)}" if self.more else str(len(self.families))


def of(viewer: Viewer, who: Standing, words: Mapping[str, Word]) -> Changed:
    """Three statements, however many families."""
    rows = _rows(viewer, who, limit=MOST + 1)
    lines = history.of_ids([row.shown for row in rows[:MOST]], words)
    return Changed(
        [
            ChangedFamily(
                f"{Family.ref_prefix}-{row.family_id}",
                row.name,
                lines[row.shown],
                counted(row.number - 1, "more change", "more changes") if row.number > 1 else None,
            )
            for row in rows[:MOST]
        ],
        more=len(rows) > MOST,
        marked=_marked(viewer),
        until=clock.now().isoformat(),
    )


def ids(viewer: Viewer, who: Standing) -> list[int]:
    """All of them."""
    return [row.family_id for row in _rows(viewer, who, limit=None)]


def _rows(viewer: Viewer, who: Standing, *, limit: int | None) -> list[Any]:
    seen, latest = _seen(viewer.user_id), func.max(Event.id)
    # What follows from a family's answer by its link is written after it, and says less.
    answered = func.max(case((Event.kind == E.LINK_ANSWERED, Event.id)))
    return list(
        db.session.execute(
            select(
                FamilySummary.family_id,
                Family.name,
                func.count(Event.id).label("number"),
                func.coalesce(answered, latest).label("shown"),
            )
            .join(Family, Family.id == FamilySummary.family_id)
            .join(Event, Event.family_id == FamilySummary.family_id)
            .outerjoin(FamilySeen, and_(FamilySeen.family_id == Family.id, FamilySeen.user_id == viewer.user_id))
            .where(
                who.holds_summaries(),
                FamilySummary.last_event_at > clock.now() - NEWS,
                Event.recorded_at > clock.now() - NEWS,
                or_(Event.actor_id.is_(None), Event.actor_id != viewer.user_id),
                or_(seen.is_(None), Event.recorded_at > seen),
            )
            .group_by(FamilySummary.family_id, Family.name)
            .order_by(latest.desc())
            .limit(limit)
        )
    )


def has_news(user_id: Any, since: Any) -> ColumnElement[bool]:
    """The condition on summaries that somebody else did something after that moment which this user has not seen."""
    seen = _seen(user_id)
    news = (
        select(Event.id)
        .join(Family, Family.id == Event.family_id)
        .outerjoin(FamilySeen, and_(FamilySeen.family_id == Family.id, FamilySeen.user_id == user_id))
        .where(
            Event.family_id == FamilySummary.family_id,
            Event.recorded_at > since,
            or_(Event.actor_id.is_(None), Event.actor_id != user_id),
            or_(seen.is_(None), Event.recorded_at > seen),
        )
        .correlate(FamilySummary)
    )
    return and_(FamilySummary.last_event_at > since, news.exists())


def _seen(user_id: Any) -> ColumnElement[datetime]:
    """Up to when: where they looked after they marked it, the look; else what they marked."""
    looked = (
        select(func.max(Audit.at))
        .where(
            Audit.user_id == user_id,
            Audit.family_id == Family.id,
            Audit.kind == AuditKind.LOOK,
            Audit.page.in_(LOOKED_AT),
        )
        .correlate(Family)
        .scalar_subquery()
    )
    later = and_(looked.is_not(None), or_(FamilySeen.marked_at.is_(None), looked > FamilySeen.marked_at))
    return case((later, looked), else_=FamilySeen.seen_to)


def _marked(viewer: Viewer) -> list[Marked]:
    """The latest click first."""
    rows = db.session.execute(
        select(
            FamilySeen.click,
            func.count(FamilySeen.id).label("number"),
            func.max(FamilySeen.marked_at).label("at"),
            func.min(FamilySeen.family_id).label("family_id"),
        )
        .where(
            FamilySeen.user_id == viewer.user_id,
            FamilySeen.click.is_not(None),
            FamilySeen.marked_at >= clock.now() - WINDOW,
        )
        .group_by(FamilySeen.click)
        .order_by(func.max(FamilySeen.marked_at).desc())
    )
    return [Marked(row.click, _which(row), clock_time(row.at + WINDOW)) for row in rows]


def _which(row: Any) -> str:
    return f"{Family.ref_prefix}-{row.family_id}" if row.number == 1 else f"{row.number:,} families"
