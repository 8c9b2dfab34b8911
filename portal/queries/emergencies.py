"""Families opened in an emergency: one's own that are open, and all of them for whoever looks into them."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from portal.core import clock
from portal.core.db import db
from portal.domain.dates import counted, full, london_date, moment
from portal.domain.emergencies import WORDS
from portal.domain.log import Tied
from portal.domain.viewer import Viewer
from portal.models.families import Family
from portal.models.people import Organisation, User
from portal.models.record import Audit
from portal.models.restricting import EmergencyOpening
from portal.policies import barred


@dataclass(frozen=True)
class Opening:
    """`until`: when it ends, or ended and how; `pages`: how many were opened in that time; `review`: what somebody
    found, with who and when."""

    ref: str
    who: str
    organisation: str
    family: str
    family_ref: str
    opened: str
    until: str
    is_open: bool
    reason: str
    why: str
    pages: str
    review: str | None
    reviewed: str | None
    own: bool


def own_open(viewer: Viewer) -> list[Opening]:
    return _openings(viewer, EmergencyOpening.user_id == viewer.user_id, barred.is_open(EmergencyOpening))


def everywhere(viewer: Viewer) -> list[Opening]:
    """Of the families that the viewer reaches: those nobody has looked into first, then the latest."""
    found = _openings(viewer)
    return sorted(found, key=lambda each: each.review is not None)


def one(opening: EmergencyOpening, viewer: Viewer) -> Opening:
    return _openings(viewer, EmergencyOpening.id == opening.id)[0]


def _openings(viewer: Viewer, *which: Any) -> list[Opening]:
    by = aliased(User)
    pages = (
        select(func.count(Audit.id))
        .where(
            Audit.family_id == EmergencyOpening.family_id,
            Audit.user_id == EmergencyOpening.user_id,
            Audit.standing == Tied.OPENED.value,
            Audit.at >= EmergencyOpening.opened_at,
            Audit.at <= EmergencyOpening.ends_at,
        )
        .correlate(EmergencyOpening)
        .scalar_subquery()
    )
    rows = db.session.execute(
        select(
            EmergencyOpening,
            User.name.label("who"),
            Organisation.name.label("organisation"),
            Family.name.label("family"),
            by.name.label("by"),
            pages.label("pages"),
        )
        .join(User, User.id == EmergencyOpening.user_id)
        .join(Organisation, Organisation.id == User.organisation_id)
        .join(Family, Family.id == EmergencyOpening.family_id)
        .outerjoin(by, by.id == EmergencyOpening.reviewed_by_id)
        .where(*which)
        .order_by(EmergencyOpening.opened_at.desc(), EmergencyOpening.id.desc())
    )
    return [_opening(row, viewer) for row in rows]


def _opening(row: Any, viewer: Viewer) -> Opening:
    one: EmergencyOpening = row.EmergencyOpening
    closed = f"Closed on {moment(one.closed_at)}" if one.closed_at else None
    is_open = closed is None and one.ends_at > clock.now()
    reviewed = f"{row.by}, {full(london_date(one.reviewed_at))}" if one.reviewed_at else None
    return Opening(
        ref=one.ref,
        who=row.who,
        organisation=row.organisation,
        family=row.family,
        family_ref=f"{Family.ref_prefix}-{one.family_id}",
        opened=moment(one.opened_at),
        until=closed or (f"Until {moment(one.ends_at)}" if is_open else f"Ended on {moment(one.ends_at)}"),
        is_open=is_open,
        reason=WORDS[one.reason],
        why=one.why,
        pages=counted(row.pages, "page", "pages"),
        review=one.review,
        reviewed=reviewed,
        own=one.user_id == viewer.user_id,
    )
