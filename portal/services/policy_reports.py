"""Keep what browsers report of the portal's pages: counted, bounded for each day, thrown away after a month."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, and_, delete, func, select, update

from portal.core import clock
from portal.core.db import db
from portal.models.edge import PolicyReport

# Whoever sends nonsense without end is counted no further, and costs one read.
MOST_KINDS, MOST_TIMES = 100, 1000
KEPT = timedelta(days=30)


@dataclass(frozen=True)
class Report:
    """`page` is an endpoint, never an address; `blocked` a kind of source, or the host it would have come from."""

    page: str
    directive: str
    blocked: str


def is_full(report: Report) -> bool:
    """Whether enough of these came today. Asked before any lock is taken."""
    today = PolicyReport.day == clock.today()
    times = db.session.execute(select(PolicyReport.times).where(today, _same(report))).scalar_one_or_none()
    if times is not None:
        return times >= MOST_TIMES
    return db.session.execute(select(func.count()).where(today)).scalar_one() >= MOST_KINDS


def keep(report: Report) -> bool:
    """Count it. Whether it is the first of its kind today."""
    today = clock.today()
    known = update(PolicyReport).where(PolicyReport.day == today, _same(report))
    if db.session.execute(known.values(times=PolicyReport.times + 1)).rowcount:  # type: ignore[attr-defined]
        return False
    db.session.execute(delete(PolicyReport).where(PolicyReport.day < today - KEPT))
    db.session.add(PolicyReport(day=today, page=report.page, directive=report.directive, blocked=report.blocked))
    db.session.flush()
    return True


def _same(report: Report) -> ColumnElement[bool]:
    return and_(
        PolicyReport.page == report.page,
        PolicyReport.directive == report.directive,
        PolicyReport.blocked == report.blocked,
    )
