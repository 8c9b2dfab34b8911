"""What nobody is offered any more is deleted: forms that were not sent, how those that were sent were answered, and
sessions that are long over."""

from typing import Any

from sqlalchemy import and_, delete, exists, or_, select
from sqlalchemy.orm import aliased

from portal.core import clock
from portal.core.db import db
from portal.domain.unfinished import KEPT
from portal.models.people import UserSession
from portal.models.record import FormDraft, IdempotencyKey

# So few that whoever sends a form meanwhile waits for none of it.
BATCH = 500
_LATER = aliased(UserSession)
# The last time that somebody came stays known of them. A session is over a day after it began, whatever the settings.
_CAME_AGAIN = or_(
    UserSession.proof.is_(None),
    exists().where(
        _LATER.user_id == UserSession.user_id,
        _LATER.proof.is_not(None),
        or_(
            _LATER.started_at > UserSession.started_at,
            and_(_LATER.started_at == UserSession.started_at, _LATER.id > UserSession.id),
        ),
    ),
)
_OLD: tuple[tuple[Any, Any, tuple[Any, ...]], ...] = (
    (FormDraft, FormDraft.saved_at, ()),
    (IdempotencyKey, IdempotencyKey.at, ()),
    (UserSession, UserSession.started_at, (_CAME_AGAIN,)),
)


def forget() -> int:
    """Some of each kind, the oldest first; how many. What somebody writes on meanwhile is theirs, and stays."""
    until = clock.now() - KEPT
    return sum(_some(model, at, until, *which) for model, at, which in _OLD)


def _some(model: Any, at: Any, until: Any, *which: Any) -> int:
    found = select(model.id).where(at <= until, *which).order_by(at, model.id).limit(BATCH)
    old = found.with_for_update(skip_locked=True, of=model)
    gone = db.session.execute(delete(model).where(model.id.in_(old)), execution_options={"synchronize_session": False})
    return int(gone.rowcount)  # type: ignore[attr-defined]
