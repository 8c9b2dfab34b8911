"""What a receiving service sees: what was shared with it, and what it has told us so far."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import and_, case, func, select

from portal.core import clock
from portal.core.db import db
from portal.domain.dates import counted, near
from portal.domain.labels import Colour
from portal.domain.permissions import P
from portal.domain.support import REFERRAL, ReferralState
from portal.domain.viewer import Viewer
from portal.models.following import SharedReferral, SupportReferral
from portal.policies import rules
from portal.policies.scope import unscoped
from portal.queries.shapes import Tag, referral_tag

MOST = 200


@dataclass(frozen=True)
class Received:
    """One referral as its service sees it; `open_moves` are the names of what it can still tell."""

    ref: str
    whom: str
    service: str
    reason: str
    safe_contact: str
    sent: str
    sent_by: str
    sent_by_phone: str | None
    tag: Tag
    told: str | None
    waits_for_answer: bool
    open_moves: frozenset[str]
    version: str
    has_first_day: bool


@dataclass(frozen=True)
class ReceivedList:
    """What waits for an answer first, then the latest; at most two hundred, and whether there are more."""

    rows: list[Received]
    more: bool


_COLUMNS = (
    SharedReferral,
    SupportReferral.state,
    SupportReferral.version,
    SupportReferral.state_on,
    SupportReferral.expected_on,
    SupportReferral.booked_for,
    SupportReferral.started_on,
    SupportReferral.last_on,
    SupportReferral.declined_on,
    SupportReferral.confirmed_on,
)


def listing(viewer: Viewer) -> ReceivedList:
    """What was sent to the viewer's organisation and is not over, in one statement."""
    rows = _read(SharedReferral.organisation_id == viewer.organisation_id, SharedReferral.ended_on.is_(None))
    found = [_one(row, clock.today()) for row in rows[:MOST]]
    return ReceivedList(sorted(found, key=lambda each: not each.waits_for_answer), more=len(rows) > MOST)


def waiting_words(viewer: Viewer) -> str | None:
    """That something waits for the viewer's own service to answer, else that something sent to it goes on. One
    statement, or none."""
    if not viewer.shares or not rules.allowed(viewer, P.RECEIVED_LIST):
        return None
    waits, goes_on = _numbers(viewer)
    if waits:
        return (
            counted(waits, "{support_referral} waits", "{support_referral:many} wait") + " for your service to answer"
        )
    return counted(goes_on, "{support_referral}", "{support_referral:many}") + " with your service" if goes_on else None


def _numbers(viewer: Viewer) -> tuple[int, int]:
    """How many were sent to the viewer's organisation and have no answer yet; how many are not over."""
    unanswered = and_(SupportReferral.state == ReferralState.SENT, SupportReferral.declined_on.is_(None))
    with unscoped("what was sent to the viewer's service"):
        row = db.session.execute(
            select(func.count(case((unanswered, 1))), func.count())
            .select_from(SharedReferral)
            .join(SupportReferral, SupportReferral.id == SharedReferral.referral_id)
            .where(SharedReferral.organisation_id == viewer.organisation_id, SharedReferral.ended_on.is_(None))
        ).one()
    return int(row[0]), int(row[1])


def one(shared: SharedReferral, viewer: Viewer) -> Received:
    """One statement."""
    (row,) = _read(SharedReferral.id == shared.id, SharedReferral.organisation_id == viewer.organisation_id)
    return _one(row, clock.today())


def _read(*which: Any) -> list[Any]:
    """Rows that the viewer sees by the seat-belt, and of each referral no more than how it stands."""
    seen = select(SharedReferral.id).where(*which).order_by(SharedReferral.id.desc()).limit(MOST + 1)
    ids = list(db.session.scalars(seen))
    with unscoped("what was sent to the viewer's service"):
        return list(
            db.session.execute(
                select(*_COLUMNS)
                .join(SupportReferral, SupportReferral.id == SharedReferral.referral_id)
                .where(SharedReferral.id.in_(ids))
                .order_by(SharedReferral.id.desc())
            )
        )


def _one(row: Any, today: date) -> Received:
    shared: SharedReferral = row.SharedReferral
    waits = row.state is ReferralState.SENT and row.declined_on is None
    return Received(
        ref=shared.ref,
        whom=shared.whom,
        service=shared.service_name,
        reason=shared.reason,
        safe_contact=shared.safe_contact,
        sent=near(shared.sent_on, today),
        sent_by=shared.sent_by_name,
        sent_by_phone=shared.sent_by_phone,
        tag=Tag("Sent to you", Colour.YELLOW.value)
        if waits
        else referral_tag(row.state, confirmed=row.confirmed_on is not None, declined=row.declined_on is not None),
        told=_told(row, today),
        waits_for_answer=waits,
        open_moves=frozenset(move.name for move in REFERRAL.open_moves(row.state)),
        version=str(row.version),
        has_first_day=row.state is ReferralState.BOOKED and row.declined_on is None,
    )


def _told(row: Any, today: date) -> str | None:
    """The date that goes with how it stands."""
    if row.declined_on:
        return f"You said no on {near(row.declined_on, today)}"
    match row.state:
        case ReferralState.WAITING_LIST if row.expected_on:
            return f"A place is expected by {near(row.expected_on, today)}"
        case ReferralState.BOOKED if row.booked_for:
            return f"The first day is {near(row.booked_for, today)}"
        case ReferralState.STARTED if row.started_on:
            return f"First received on {near(row.started_on, today)}"
        case ReferralState.ENDED if row.last_on:
            return f"The last day was {near(row.last_on, today)}"
        case ReferralState.SENT:
            return None
        case _:
            return f"Since {near(row.state_on, today)}" if row.state_on else None
