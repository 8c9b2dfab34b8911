"""Whatever an administrator changes is written down beside the change: who, when, from what to what."""

from collections.abc import Mapping
from typing import Any

from portal.core import clock
from portal.core.db import db
from portal.domain.administering import Act
from portal.domain.viewer import Viewer
from portal.models.administering import AdminChange


def record(
    kind: Act,
    subject: str,
    about: str,
    *,
    by: Viewer,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    why: str | None = None,
) -> AdminChange:
    """In the transaction of the change. `about` is what the subject is called now: history keeps it."""
    made = AdminChange(
        at=clock.now(),
        kind=kind,
        subject=subject,
        about=about,
        by_id=by.account_id,
        by_name=by.name,
        before=dict(before) if before else None,
        after=dict(after) if after else None,
        why=why or None,
    )
    db.session.add(made)
    return made
