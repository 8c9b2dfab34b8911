"""A family's history: write a line, and the messages it gives rise to, in the same transaction."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from portal.core import clock, mail
from portal.core.db import db
from portal.domain.events import E
from portal.domain.support import Source
from portal.domain.viewer import Viewer
from portal.models.families import Family
from portal.models.record import Event, OutboxMessage

MESSAGE_LIVES = timedelta(days=7)
UNDO = timedelta(minutes=10)
CHANGED = "changed_families"


def record(
    kind: E,
    thing: Any,
    *,
    by: Viewer,
    data: Mapping[str, Any] | None = None,
    text: str | None = None,
    happened_on: date | None = None,
    source: Source | None = None,
    told_by: str | None = None,
    notify: Iterable[str] = (),
) -> Event:
    """One event about a thing of a family, with the actor's name as it is today. `happened_on` is London's
    date, today where none is given. The family's summary is recounted before the commit."""
    family_id = thing.id if isinstance(thing, Family) else thing.family_id
    db.session.flush()
    event = Event(
        family_id=family_id,
        kind=kind,
        subject=getattr(thing, "ref", ""),
        actor_id=by.user_id,
        actor_name=by.name,
        happened_on=happened_on or clock.today(),
        recorded_at=clock.now(),
        source=source,
        told_by=told_by,
        text=text or None,
        data=dict(data or {}),
    )
    db.session.add(event)
    changed(family_id)
    _tell(event, notify)
    return event


def changed(family_id: int) -> None:
    """This family's summary has to be recounted in this transaction."""
    db.session.info.setdefault(CHANGED, set()).add(family_id)


def _tell(event: Event, rules: Iterable[str]) -> None:
    if mail.is_held():
        return
    for rule in rules:
        db.session.add(
            OutboxMessage(
                family_id=event.family_id,
                kind=event.kind,
                rule=rule,
                subject=event.subject,
                made_at=event.recorded_at,
                due_at=event.recorded_at + (UNDO if rule == "action_owner" else timedelta()),
                expires_at=event.recorded_at + MESSAGE_LIVES,
            )
        )
