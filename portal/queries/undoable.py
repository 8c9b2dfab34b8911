"""What somebody changed or sent a moment ago and can still take back, by the rule of `portal/domain/undo.py`."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import aliased

from portal.core import clock
from portal.core.db import db
from portal.domain.dates import clock_time
from portal.domain.reminders import CHANGES_NOTHING, CLICK, REMINDED, can_be_taken_back
from portal.domain.undo import WINDOW
from portal.domain.viewer import Viewer
from portal.models.record import Event, OutboxMessage
from portal.models.teamwork import PlanAction


@dataclass(frozen=True)
class Undoable:
    """One's own latest change of an action: its line of history, and until when it can be taken back."""

    event: str
    subject: str
    what: str
    until: str


def of_action(action: PlanAction, viewer: Viewer) -> Undoable | None:
    return next(iter(_read(viewer, Event.family_id == action.family_id, Event.subject == action.ref)), None)


def of_viewer(viewer: Viewer) -> list[Undoable]:
    """Of every action, the latest change first."""
    return _read(viewer, Event.subject.startswith(f"{PlanAction.ref_prefix}-"))


def _read(viewer: Viewer, *which: Any) -> list[Undoable]:
    later = aliased(Event)
    since = select(later.id).where(
        later.family_id == Event.family_id,
        later.subject == Event.subject,
        later.id > Event.id,
        later.kind.not_in(CHANGES_NOTHING),
    )
    rows = db.session.execute(
        select(Event.id, Event.subject, Event.data, Event.recorded_at)
        .where(
            *which,
            Event.actor_id == viewer.user_id,
            Event.before.is_not(None),
            Event.recorded_at >= clock.now() - WINDOW,
            ~since.exists(),
        )
        .order_by(Event.id.desc())
    )
    return [
        Undoable(
            event=f"{Event.ref_prefix}-{row.id}",
            subject=row.subject,
            what=row.data.get("what", ""),
            until=clock_time(row.recorded_at + WINDOW),
        )
        for row in rows
    ]


@dataclass(frozen=True)
class SentLately:
    """The reminders of one click, while nobody has got them: a line of history by which all are taken back."""

    event: str
    words: str
    until: str


def reminders_of(viewer: Viewer) -> list[SentLately]:
    """Of what this person sent, the latest click first. One statement."""
    rows = db.session.execute(
        select(Event.id, Event.subject, Event.data, Event.recorded_at)
        .join(OutboxMessage, OutboxMessage.event_id == Event.id)
        .where(
            OutboxMessage.sent_at.is_(None),
            OutboxMessage.due_at > clock.now(),
            OutboxMessage.kind.in_(REMINDED),
            Event.actor_id == viewer.user_id,
            Event.recorded_at >= clock.now() - WINDOW,
        )
        .order_by(Event.id)
    )
    clicks: dict[str, dict[int, Any]] = {}
    for row in rows:
        clicks.setdefault(row.data[CLICK], {})[row.id] = row
    return [_sent(list(each.values())) for each in reversed(clicks.values())]


def _sent(rows: list[Any]) -> SentLately:
    people = dict.fromkeys(row.data["whom"] for row in rows)
    return SentLately(
        event=f"{Event.ref_prefix}-{rows[0].id}",
        words=can_be_taken_back([row.subject for row in rows], people),
        until=clock_time(rows[0].recorded_at + WINDOW),
    )
