"""The log of looks, lists, changes, refusals and sign-ins: written with the change, or before the page is sent."""

import os
import secrets
import threading
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, insert, update
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session

from portal.core import clock, log_keys
from portal.core.db import alone, db
from portal.core.kept import answer, kept
from portal.domain import log
from portal.domain.log import Tied
from portal.domain.viewer import SEEN_EVERY, Viewer
from portal.models.people import UserSession
from portal.models.record import Audit, AuditKind


@dataclass(frozen=True)
class Entry:
    """What is to be remembered of one response. `page` is the endpoint, never an address with words in it."""

    kind: AuditKind
    page: str
    viewer: Viewer | None
    family_id: int | None = None
    subject: str | None = None
    rows: int | None = None
    tied: Tied | None = None
    reason: str | None = None
    changes: str | None = None


def within_change(entry: Entry) -> None:
    """Add the row to the transaction of the change itself, which is `committed` next."""
    beside(db.session(), entry)


def before_sending(*entries: Entry) -> None:
    """Commit the rows in a short transaction of their own, before the body is sent. The caller's ends with it, and what
    it changed is let go."""
    with alone(db.session()) as connection:
        for entry in entries:
            beside(connection, entry)
    committed()


class _Writer(threading.local):
    """Counts the rows of one thread, which writes one after the other: where one is taken away, a number is missing.
    A row of which it is not known whether it was committed is the last of its count, and another count begins."""

    name = ""
    number = 0
    unsettled = True
    process = 0

    def next(self) -> tuple[str, int]:
        if self.unsettled or self.process != os.getpid():
            self.name, self.number, self.process = secrets.token_hex(8), 0, os.getpid()
        self.number += 1
        self.unsettled = True
        return self.name, self.number


_writer = _Writer()


def committed() -> None:
    """The transaction of the row that this thread wrote last is in the database."""
    _writer.unsettled = False


@kept
def _row(*names: str) -> Any:
    new = insert(Audit.metadata.tables[Audit.__tablename__])
    return new.values({name: bindparam(_GIVEN + name, type_=new.table.c[name].type) for name in names}).inline()


_GIVEN = "the_"  # SQLAlchemy keeps the column's own name for itself


def beside(to: Session | Connection, entry: Entry) -> None:
    """Write the row, signed, beside whatever else the caller's transaction holds."""
    now, viewer = clock.now(), entry.viewer
    writer, number = _writer.next()
    keys = log_keys.keys()
    row = {
        "writer": writer,
        "number": number,
        "at": now,
        "kind": entry.kind,
        "user_id": viewer.user_id if viewer else None,
        "organisation_id": viewer.organisation_id if viewer else None,
        "roles": ",".join(sorted(viewer.roles)) if viewer else None,
        "standing": entry.tied.value if entry.tied else None,
        "family_id": entry.family_id,
        "subject": entry.subject,
        "page": entry.page,
        "row_count": entry.rows,
        "reason": entry.reason,
        "changes": entry.changes,
        "changes_mark": keys.sign(entry.changes.encode()) if entry.changes else None,
    }
    row["mac"] = keys.sign(log.content(row))
    statement, given = _row(*row), {_GIVEN + name: value for name, value in row.items()}
    if isinstance(to, Session):
        to.execute(statement, given)
    else:
        answer(to, statement, given)
    if viewer and _is_due(viewer):
        _click(to, viewer)


def forget_changes(family_id: int) -> None:
    """What the log says of changes goes with the record that it tells of; that something was changed stays, and the
    rows still hold (docs/decisions/0014)."""
    told = update(Audit).where(Audit.family_id == family_id, Audit.changes.is_not(None)).values(changes=None)
    db.session.execute(told, execution_options={"synchronize_session": False})


def was_here(viewer: Viewer) -> None:
    """A click of which nothing else is kept: the session lasts longer for it."""
    if _is_due(viewer):
        with alone(db.session()) as connection:
            _click(connection, viewer)


def still_here(viewer: Viewer) -> None:
    """The same, in the transaction of what is kept."""
    if _is_due(viewer):
        _click(db.session(), viewer)


def _is_due(viewer: Viewer) -> bool:
    return viewer.session_id is not None and (viewer.seen_at is None or clock.now() - viewer.seen_at >= SEEN_EVERY)


def _click(to: Session | Connection, viewer: Viewer) -> None:
    # Conditional, so that a late write never revives a session that was ended meanwhile.
    to.execute(
        update(UserSession)
        .where(UserSession.id == viewer.session_id, UserSession.ended_at.is_(None))
        .values(seen_at=clock.now())
    )
