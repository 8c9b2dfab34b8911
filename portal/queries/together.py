"""Families that are chosen in the list, as whoever does something to all of them reads them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select

from portal.core.db import db
from portal.domain.dates import full, london_date
from portal.domain.episodes import OPEN_EPISODES
from portal.domain.leads import LeadState
from portal.domain.meetings import MeetingState
from portal.models.families import Family
from portal.models.handover import Episode, LeadAssignment
from portal.models.teamwork import Meeting


@dataclass(frozen=True)
class Chosen:
    """`leads`, `asked`: the names of who leads and of who was asked and has not answered. `met`, `meets`: when the team
    met last, and meets next or is to by; each None where that is not known."""

    ref: str
    name: str
    leads: str | None
    asked: str | None
    met: str | None
    meets: str | None


def of(families: Iterable[Family]) -> list[Chosen]:
    """By name. Two statements."""
    wanted = {family.id: family for family in families}
    leading = db.session.execute(
        select(LeadAssignment.family_id, LeadAssignment.state, LeadAssignment.name)
        .where(
            LeadAssignment.family_id.in_(wanted),
            LeadAssignment.state.in_([LeadState.NOMINATED, LeadState.ACCEPTED]),
        )
        .order_by(LeadAssignment.id)
    )
    names = {(row.family_id, row.state): row.name for row in leading}
    days = {row.family_id: row for row in db.session.execute(_meetings(wanted))}
    return [
        Chosen(
            ref=family.ref,
            name=family.name,
            leads=names.get((family.id, LeadState.ACCEPTED)),
            asked=names.get((family.id, LeadState.NOMINATED)),
            met=full(met) if (met := days[family.id].met) else None,
            meets=_meets(days[family.id]),
        )
        for family in sorted(wanted.values(), key=lambda family: (family.name, family.id))
    ]


def _meetings(family_ids: Iterable[int]) -> Select[Any]:
    def of_family(column: Any, *which: Any) -> Any:
        return select(column).where(Meeting.family_id == Family.id, *which).correlate(Family).scalar_subquery()

    return (
        select(
            Family.id.label("family_id"),
            of_family(func.max(Meeting.held_on)).label("met"),
            of_family(func.min(Meeting.starts_at), Meeting.state == MeetingState.ARRANGED).label("arranged"),
            Episode.next_review_on,
            Episode.review_set_at,
            of_family(func.max(Meeting.starts_at), Meeting.state == MeetingState.HELD).label("last"),
        )
        .outerjoin(Episode, (Episode.family_id == Family.id) & Episode.state.in_(OPEN_EPISODES))
        .where(Family.id.in_(list(family_ids)))
    )


def _meets(row: Any) -> str | None:
    if row.arranged is not None:
        return f"meets on {full(london_date(row.arranged))}"
    met_since = row.last is not None and (row.review_set_at is None or row.last > row.review_set_at)
    return f"is to meet by {full(row.next_review_on)}" if row.next_review_on and not met_since else None
