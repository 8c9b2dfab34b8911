"""What was shared with a service although nobody had agreed, or against what somebody had said: by whom, and why."""

from dataclasses import dataclass

from sqlalchemy import select

from portal.core.db import db
from portal.domain.dates import moment
from portal.domain.event_kinds import E
from portal.models.families import Family
from portal.models.record import Event

MOST = 200


@dataclass(frozen=True)
class SharedAllTheSame:
    """One sending, with the reason that was given for it."""

    ref: str
    service: str
    family: str
    family_ref: str
    by: str
    at: str
    why: str


@dataclass(frozen=True)
class SharedDespite:
    """The latest first; at most two hundred, and whether there are more."""

    lines: list[SharedAllTheSame]
    more: bool


def listing() -> SharedDespite:
    """Of the families that the viewer reaches, in one statement."""
    rows = db.session.execute(
        select(
            Event.subject,
            Event.data,
            Event.actor_name,
            Event.recorded_at,
            Event.text,
            Family.id.label("family_id"),
            Family.name.label("family"),
        )
        .join(Family, Family.id == Event.family_id)
        .where(Event.kind == E.REFERRAL_SHARED_DESPITE)
        .order_by(Event.recorded_at.desc(), Event.id.desc())
        .limit(MOST + 1)
    ).all()
    lines = [
        SharedAllTheSame(
            ref=row.subject,
            service=row.data["service"],
            family=row.family,
            family_ref=f"{Family.ref_prefix}-{row.family_id}",
            by=row.actor_name,
            at=moment(row.recorded_at),
            why=row.text,
        )
        for row in rows[:MOST]
    ]
    return SharedDespite(lines, more=len(rows) > MOST)
