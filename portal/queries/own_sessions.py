"""Where somebody is signed in: every browser of theirs, this one first."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.domain.dates import moment
from portal.domain.viewer import Viewer
from portal.models.people import UserSession

UNKNOWN = "A browser that did not say which"


@dataclass(frozen=True)
class OwnSession:
    id: int
    browser: str
    since: str
    seen: str
    here: bool


def of(viewer: Viewer, *, idle: timedelta, absolute: timedelta) -> list[OwnSession]:
    """Those that still open something, as of now."""
    now = clock.now()
    rows = db.session.execute(
        select(UserSession.id, UserSession.browser, UserSession.started_at, UserSession.seen_at)
        .where(
            UserSession.user_id == viewer.user_id,
            UserSession.ended_at.is_(None),
            UserSession.proof.is_not(None),
            UserSession.seen_at > now - idle,
            UserSession.started_at > now - absolute,
        )
        .order_by(UserSession.seen_at.desc(), UserSession.id.desc())
    )
    found = [
        OwnSession(
            id=row.id,
            browser=row.browser or UNKNOWN,
            since=moment(row.started_at),
            seen=moment(row.seen_at),
            here=row.id == viewer.session_id,
        )
        for row in rows
    ]
    return sorted(found, key=lambda each: not each.here)
