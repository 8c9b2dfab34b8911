"""A family's history: write a line, and the messages it gives rise to, in the same transaction."""

import secrets
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, timedelta
from typing import Any

from portal.core import clock, mail
from portal.core.db import db
from portal.domain.event_kinds import E
from portal.domain.events import OF_ADDRESSES, OF_REQUESTS
from portal.domain.plans import PlanState
from portal.domain.reminders import CLICK
from portal.domain.sealed_lines import SEALED
from portal.domain.support import Source
from portal.domain.undo import WINDOW
from portal.domain.viewer import Viewer
from portal.models.families import Family
from portal.models.record import Event, OutboxMessage
from portal.models.teamwork import ActionPlan

# Longer than from one weekly digest to the next, with holidays between and some days of trying.
MESSAGE_LIVES = timedelta(days=14)
CHANGED = "changed_families"
# By these rules nobody is told before the minutes of undo are over.
HELD = frozenset({"action_owner", "waited_for"})


_click: ContextVar[str | None] = ContextVar("one click", default=None)


@contextmanager
def in_one_click() -> Iterator[None]:
    """What is recorded inside was done to several families at once: each line keeps which click it was, and nobody is
    told before the minutes of undo are over."""
    token = _click.set(secrets.token_urlsafe(12))
    try:
        yield
    finally:
        _click.reset(token)


def is_in_one_click() -> bool:
    return _click.get() is not None


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
    before: Mapping[str, Any] | None = None,
    undoes_id: int | None = None,
) -> Event:
    """One event about a thing of a family, with the actor's name as it is today. `happened_on` is London's
    date, today where none is given. The family's summary is recounted before the commit. `before`: what the columns
    held (moves.as_it_is), for a change that can be undone."""
    db.session.flush()
    event = line_of(
        kind,
        thing,
        by=by,
        data=data,
        text=text,
        happened_on=happened_on,
        source=source,
        told_by=told_by,
        before=before,
        undoes_id=undoes_id,
    )
    db.session.add(event)
    changed(event.family_id)
    _tell(event, notify)
    return event


def line_of(
    kind: E,
    thing: Any,
    *,
    by: Viewer,
    data: Mapping[str, Any] | None = None,
    text: str | None = None,
    happened_on: date | None = None,
    source: Source | None = None,
    told_by: str | None = None,
    before: Mapping[str, Any] | None = None,
    undoes_id: int | None = None,
) -> Event:
    """The same line about a thing that has its number already, not stored yet: for many families at once."""
    said = dict(data or {}) | ({CLICK: click} if (click := _click.get()) else {})
    private = {name: said.pop(name) for name in SEALED.get(kind, ()) if name in said}
    return Event(
        family_id=thing.id if isinstance(thing, Family) else thing.family_id,
        kind=kind,
        subject=getattr(thing, "ref", ""),
        actor_id=by.account_id,
        actor_name=by.name,
        happened_on=happened_on or clock.today(),
        recorded_at=clock.now(),
        source=source,
        told_by=told_by,
        text=text or None,
        data=said,
        private=private or None,
        before=None if before is None else dict(before),
        undoes_id=undoes_id,
        keepers_only=kind in OF_ADDRESSES | OF_REQUESTS,
        revision_id=thing.id if _is_revision(thing) else getattr(thing, "revision_id", None),
    )


def _is_revision(thing: Any) -> bool:
    return isinstance(thing, ActionPlan) and thing.number > 1 and thing.state is PlanState.DRAFT


def changed(family_id: int) -> None:
    """This family's summary has to be recounted in this transaction."""
    db.session.info.setdefault(CHANGED, set()).add(family_id)


def _tell(event: Event, rules: Iterable[str]) -> None:
    told = list(rules)
    if not told or mail.is_held():
        return
    db.session.flush()
    db.session.add_all(message_of(event, rule) for rule in told)


def message_of(event: Event, rule: str) -> OutboxMessage:
    """To whom the rule finds, about an event that is stored; not stored yet: for many families at once."""
    # So that undoing it tells nobody.
    held = event.before is not None or rule in HELD or CLICK in event.data
    return OutboxMessage(
        family_id=event.family_id,
        event_id=event.id,
        kind=event.kind,
        rule=rule,
        subject=event.subject,
        made_at=event.recorded_at,
        due_at=event.recorded_at + (WINDOW if held else timedelta()),
        expires_at=event.recorded_at + MESSAGE_LIVES,
    )
