"""A family's history as lines people read."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from portal.core.db import db
from portal.domain.dates import full, london_date, moment
from portal.domain.events import E, line
from portal.domain.words import Word
from portal.models.record import Event


@dataclass(frozen=True)
class HistoryLine:
    """One event: its sentence, when, and what was written."""

    title: str
    byline: str
    words: str | None


def of_family(family_id: int, words: dict[str, Word], *, limit: int | None = None) -> list[HistoryLine]:
    """Newest first."""
    return _lines(_select(limit).where(Event.family_id == family_id), words)


def of_subject(family_id: int, subject: str, words: dict[str, Word], *, limit: int | None = None) -> list[HistoryLine]:
    """The lines about one thing, newest first."""
    return _lines(_select(limit).where(Event.family_id == family_id, Event.subject == subject), words)


def _select(limit: int | None) -> Any:
    return (
        select(
            Event.kind,
            Event.subject,
            Event.actor_name,
            Event.happened_on,
            Event.recorded_at,
            Event.told_by,
            Event.text,
            Event.data,
        )
        .order_by(Event.recorded_at.desc(), Event.id.desc())
        .limit(limit)
    )


def _lines(statement: Any, words: dict[str, Word]) -> list[HistoryLine]:
    return [
        HistoryLine(
            title=line(E(row.kind), actor=row.actor_name, subject=row.subject, data=row.data, words=words),
            byline=_byline(row),
            words=row.text,
        )
        for row in db.session.execute(statement)
    ]


def _byline(row: Any) -> str:
    recorded = moment(row.recorded_at)
    parts = [recorded]
    if row.happened_on != london_date(row.recorded_at):
        parts = [f"Happened on {full(row.happened_on)}", f"recorded {recorded}"]
    if row.told_by:
        parts.append(f"as told by {row.told_by}")
    if row.data.get("as_manager"):
        parts.append("recorded by the manager")
    return ", ".join(parts)
