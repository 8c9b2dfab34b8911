"""What waits for early help managers alone, for the page they begin with."""

from dataclasses import dataclass, field

from sqlalchemy import literal, select

from portal.core.db import db
from portal.domain import digest_words
from portal.domain.dates import moment
from portal.domain.permissions import GRANTS, P
from portal.domain.viewer import Viewer
from portal.facts import looking_through, merging
from portal.models.families import Family
from portal.models.restricting import RestrictionRequest


@dataclass(frozen=True)
class Asked:
    """Somebody asks that a family is restricted."""

    ref: str
    words: str


@dataclass(frozen=True)
class Waits:
    """`opened`: how many emergency openings of others nobody has looked into, in words; `merges`: how many merges that
    others proposed wait for a second person; `asked`: who asked first comes first."""

    opened: str | None = None
    merges: str | None = None
    asked: list[Asked] = field(default_factory=list)


def waits(viewer: Viewer) -> Waits:
    """Of the families they reach. One statement, none for anybody who may neither look into the one nor decide on the
    other."""
    if not (GRANTS[P.EMERGENCY_REVIEW] & viewer.roles and GRANTS[P.FAMILY_RESTRICT] & viewer.roles):
        return Waits()
    once = select(literal(1).label("once")).subquery()
    rows = db.session.execute(
        select(
            looking_through.opened_by_others(viewer).label("opened"),
            merging.proposed_by_others(viewer).label("merges"),
            RestrictionRequest.family_id,
            RestrictionRequest.asked_by_name,
            RestrictionRequest.asked_at,
        )
        .select_from(once)
        .outerjoin(RestrictionRequest, RestrictionRequest.answered_at.is_(None))
        .order_by(RestrictionRequest.asked_at, RestrictionRequest.id)
    ).all()
    first = rows[0]
    return Waits(
        opened=digest_words.opened(first.opened) if first.opened else None,
        merges=_merges(first.merges) if first.merges else None,
        asked=[
            _asked(f"{Family.ref_prefix}-{row.family_id}", row.asked_by_name, moment(row.asked_at))
            for row in rows
            if row.family_id is not None
        ],
    )


def _merges(number: int) -> str:
    return f"{number} {'merge' if number == 1 else 'merges'} of two records waiting for a second person"


def _asked(ref: str, who: str, when: str) -> Asked:
    return Asked(ref, f"{who} asks that {ref} is restricted, {when}")
