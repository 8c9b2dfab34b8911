"""What nobody is offered any more is deleted: forms that were not sent, and how those that were sent were answered."""

from typing import Any

from sqlalchemy import delete, select

from portal.core import clock
from portal.core.db import db
from portal.domain.unfinished import KEPT
from portal.models.record import FormDraft, IdempotencyKey

# So few that whoever sends a form meanwhile waits for none of it.
BATCH = 500
_OLD: tuple[tuple[Any, Any], ...] = ((FormDraft, FormDraft.saved_at), (IdempotencyKey, IdempotencyKey.at))


def forget() -> int:
    """Some of each kind, the oldest first; how many. What somebody writes on meanwhile is theirs, and stays."""
    until = clock.now() - KEPT
    return sum(_some(model, at, until) for model, at in _OLD)


def _some(model: Any, at: Any, until: Any) -> int:
    old = select(model.id).where(at <= until).order_by(at, model.id).limit(BATCH).with_for_update(skip_locked=True)
    gone = db.session.execute(delete(model).where(model.id.in_(old)), execution_options={"synchronize_session": False})
    return int(gone.rowcount)  # type: ignore[attr-defined]
