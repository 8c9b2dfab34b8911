"""The log of looks, lists, changes, refusals and sign-ins: written with the change, or before the page is sent."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import insert, update
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session

from portal.core import clock
from portal.core.db import db, writing
from portal.domain.viewer import Viewer
from portal.models.people import UserSession
from portal.models.record import Audit, AuditKind

SEEN_EVERY = timedelta(minutes=1)


@dataclass(frozen=True)
class Entry:
    """What is to be remembered of one response. `page` is the endpoint, never an address with words in it."""

    kind: AuditKind
    page: str
    viewer: Viewer | None
    family_id: int | None = None
    subject: str | None = None
    rows: int | None = None


def within_change(entry: Entry) -> None:
    """Add the row to the transaction of the change itself."""
    _write(db.session(), entry)


def before_sending(entry: Entry) -> None:
    """Commit the row on a short connection of its own, before the body is sent. The caller's reading transaction
    must have ended: on SQLite a second connection inside an open write waits for itself."""
    with writing(), db.engine.begin() as connection:
        _write(connection, entry)


# Written once: putting it together took longer than the row.
_ROW = insert(Audit.metadata.tables[Audit.__tablename__])


def _write(to: Session | Connection, entry: Entry) -> None:
    now, viewer = clock.now(), entry.viewer
    row = {
        "at": now,
        "kind": entry.kind,
        "user_id": viewer.user_id if viewer else None,
        "organisation_id": viewer.organisation_id if viewer else None,
        "roles": ",".join(sorted(viewer.roles)) if viewer else None,
        "family_id": entry.family_id,
        "subject": entry.subject,
        "page": entry.page,
        "row_count": entry.rows,
    }
    to.execute(_ROW, row)
    if viewer and viewer.session_id and (viewer.seen_at is None or now - viewer.seen_at >= SEEN_EVERY):
        # Conditional, so that a late write never revives a session that was ended meanwhile.
        to.execute(
            update(UserSession)
            .where(UserSession.id == viewer.session_id, UserSession.ended_at.is_(None))
            .values(seen_at=now)
        )
