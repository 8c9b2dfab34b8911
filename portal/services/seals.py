"""Sealing the log: its rows, as they are committed, into a chain in which none can be changed or left out."""

from sqlalchemy.exc import IntegrityError

from portal.core import clock, log_keys
from portal.core.db import db
from portal.domain import log
from portal.domain.log import Head, Seal
from portal.facts import log_rows
from portal.models.record import AuditSeal

BATCH = 1000


def seal() -> Head | None:
    """Seal the next rows. None where there are none, or another worker was faster: the next round finds them."""
    now, last = clock.now(), log_rows.head()
    settled = now - log.SETTLED
    taken = [span for text in log_rows.spans_since(settled) for span in log.read_spans(text)]
    rows = log_rows.rows_after(log_rows.high_before(settled), log.joined(taken), BATCH)
    if not rows:
        return None
    ids = [row["id"] for row in rows]
    made = Seal(
        number=last.number + 1 if last else 1,
        previous=last.mac if last else "",
        sealed_at=now,
        spans=log.spans(ids),
        high_id=max(log_rows.high(), ids[-1]),
        row_count=len(ids),
        digest=log.digest(rows),
    )
    mac = log_keys.keys().sign(made.content)
    said = {name: value for name, value in vars(made).items() if name != "previous"}
    db.session.add(AuditSeal(**said, mac=mac))
    try:
        db.session.flush()
    except IntegrityError:  # another worker sealed at this moment
        db.session.rollback()
        return None
    return Head(made.number, mac)
