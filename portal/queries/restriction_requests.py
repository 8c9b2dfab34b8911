"""Who asked that a family is restricted, and what was answered."""

from dataclasses import dataclass

from sqlalchemy import select

from portal.core.db import db
from portal.domain.dates import moment
from portal.domain.permissions import GRANTS, P
from portal.domain.viewer import Viewer
from portal.models.families import Family
from portal.models.restricting import RestrictionRequest


@dataclass(frozen=True)
class Answered:
    """`answer`: the reason, where the manager said no."""

    what: str
    why: str
    who_stays: str
    answer: str


@dataclass(frozen=True)
class Request:
    """One that waits. `told`: whether the viewer may read why, and who should go on seeing the family; `own`: whether
    they asked themselves."""

    asked: str
    own: bool
    told: bool
    why: str
    who_stays: str


@dataclass(frozen=True)
class Requests:
    waiting: Request | None
    earlier: list[Answered]


def of_family(family: Family, viewer: Viewer) -> Requests:
    """What is asked now, and what the viewer may know of what was asked before, the latest first. Only who asked and
    who decides reads a reason: it may tell of whoever else works with the family."""
    rows = db.session.scalars(
        select(RestrictionRequest)
        .where(RestrictionRequest.family_id == family.id)
        .order_by(RestrictionRequest.asked_at.desc(), RestrictionRequest.id.desc())
    ).all()
    waiting = next((row for row in rows if row.answered_at is None), None)
    return Requests(
        waiting=None if waiting is None else _request(waiting, viewer),
        earlier=[_answered(row) for row in rows if row.answered_at is not None and _may_read(row, viewer)],
    )


def _may_read(row: RestrictionRequest, viewer: Viewer) -> bool:
    return row.asked_by_id == viewer.user_id or bool(GRANTS[P.FAMILY_RESTRICT] & viewer.roles)


def _request(row: RestrictionRequest, viewer: Viewer) -> Request:
    told = _may_read(row, viewer)
    return Request(
        asked=f"{row.asked_by_name}, {moment(row.asked_at)}",
        own=row.asked_by_id == viewer.user_id,
        told=told,
        why=row.why if told else "",
        who_stays=(row.who_stays or "") if told else "",
    )


def _answered(row: RestrictionRequest) -> Answered:
    ended = "withdrawn" if row.withdrawn else "ended when two records were merged"
    became = {True: "restricted", False: "not agreed to", None: ended}[row.granted]
    at = f", {moment(row.answered_at)}" if row.answered_at else ""
    asked = f"{row.asked_by_name} asked, {moment(row.asked_at)}"
    return Answered(
        what=f"{asked}: {became} by {row.answered_by_name}{at}",
        why=row.why,
        who_stays=row.who_stays or "",
        answer=row.answer or "",
    )
