"""A family's history as lines people read."""

import re
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, or_, select

from portal.core.db import db
from portal.core.errors import NotInReach
from portal.domain.dates import full, london_date, moment
from portal.domain.events import LINES, E, line
from portal.domain.support import Method
from portal.domain.wording import TOLD_HOW
from portal.domain.words import Word
from portal.models.record import Event

PAGE = 20
_NUMBER = re.compile("[1-9][0-9]{0,8}", re.ASCII)


@dataclass(frozen=True)
class HistoryLine:
    """One event: its sentence, when, and what was written."""

    title: str
    byline: str
    words: str | None


@dataclass(frozen=True)
class HistoryPage:
    """Some lines, newest first. `more` is the event the next, older page begins before."""

    lines: list[HistoryLine]
    more: int | None


def page_of(family_id: int, words: dict[str, Word], *, before: str | None = None) -> HistoryPage:
    """A page of the family's history, in one statement. Raises NotInReach where `before` is no event's id."""
    statement = _select(PAGE + 1).add_columns(Event.id).where(Event.family_id == family_id)
    if before is not None:
        if not _NUMBER.fullmatch(before):
            raise NotInReach("There is no such page of this history.")
        at = select(Event.recorded_at).where(Event.id == int(before), Event.family_id == family_id).scalar_subquery()
        statement = statement.where(or_(Event.recorded_at < at, and_(Event.recorded_at == at, Event.id < int(before))))
    rows = db.session.execute(statement).all()
    return HistoryPage([_line(row, words) for row in rows[:PAGE]], rows[PAGE - 1].id if len(rows) > PAGE else None)


def of_family(family_id: int, words: dict[str, Word], *, limit: int | None = None) -> list[HistoryLine]:
    """Newest first."""
    return _lines(_select(limit).where(Event.family_id == family_id), words)


def of_subject(family_id: int, subject: str, words: dict[str, Word], *, limit: int | None = None) -> list[HistoryLine]:
    """The lines about one thing, newest first."""
    return _lines(_select(limit).where(Event.family_id == family_id, Event.subject == subject), words)


def of_subjects(family_id: int, subjects: list[str], words: dict[str, Word]) -> list[HistoryLine]:
    """The lines about several things, newest first."""
    return _lines(_select(None).where(Event.family_id == family_id, Event.subject.in_(subjects)), words)


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
    return [_line(row, words) for row in db.session.execute(statement)]


def _line(row: Any, words: dict[str, Word]) -> HistoryLine:
    return HistoryLine(
        title=line(E(row.kind), actor=row.actor_name, subject=row.subject, data=row.data, words=words),
        byline=_byline(row),
        words=row.text,
    )


def _byline(row: Any) -> str:
    recorded = moment(row.recorded_at)
    parts = [recorded]
    if row.happened_on != london_date(row.recorded_at):
        parts = [f"Happened on {full(row.happened_on)}", f"recorded {recorded}"]
    if row.data.get("at_meeting"):
        parts.append(f"recorded by {row.actor_name} as agreed at the meeting")
    elif row.told_by:
        # A line that names only who agreed does not say who wrote it down.
        who = "" if "{actor}" in LINES[E(row.kind)] else f"recorded by {row.actor_name} "
        how = f" {TOLD_HOW[Method(row.data['told_how'])]}" if row.data.get("told_how") else ""
        when = f" on {row.data['told_on']}" if row.data.get("told_on") else ""
        parts.append(f"{who}as told by {row.told_by}{how}{when}")
    if row.data.get("as_manager"):
        parts.append("recorded by the manager")
    if row.data.get("late"):
        parts.append("completed late, after social work had closed")
    return ", ".join(parts)
