"""A family's history as lines people read."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Integer, and_, bindparam, func, or_, select
from sqlalchemy.orm import aliased

from portal.core.db import db
from portal.core.errors import NotInReach
from portal.core.kept import kept
from portal.core.sealed import answers_in, opened
from portal.domain.chronology import WORDS, Subject, kinds_of
from portal.domain.dates import full, london_date, moment
from portal.domain.event_kinds import E
from portal.domain.events import LINES, line
from portal.domain.sealed_lines import SEALED
from portal.domain.support import Method
from portal.domain.wording import TOLD_HOW
from portal.domain.words import Word, say
from portal.models.families import Family, KeepApartReason, Note, NoteAudience
from portal.models.record import Event

PAGE = 20
# On one printed page: a family's whole story, but not so much that a browser breaks on it.
MOST = 5000
_NUMBER = re.compile("[1-9][0-9]{0,8}", re.ASCII)
Words = Mapping[str, Word]


@dataclass(frozen=True)
class HistoryLine:
    """One event: its sentence, when, and what was written. `corrects`: the earlier line that it puts right;
    `corrected`: when it was put right itself; `ref`: by which it can be."""

    title: str
    byline: str
    words: str | None
    ref: str
    by_id: int | None = None
    corrects: str | None = None
    corrected: str | None = None


@dataclass(frozen=True)
class HistoryPage:
    """Some lines, newest first. `more` is the event the next, older page begins before."""

    lines: list[HistoryLine]
    more: int | None


@dataclass(frozen=True)
class Narrowing:
    """A subject the history can be narrowed to."""

    key: str
    words: str
    chosen: bool


def narrowings(chosen: Subject | None, words: Words) -> list[Narrowing]:
    return [Narrowing(each.value, say(WORDS[each], words), each is chosen) for each in Subject]


def page_of(family_id: int, words: Words, *, before: str | None = None, about: Subject | None = None) -> HistoryPage:
    """A page of the family's history, in one statement. Raises NotInReach where `before` is no event's id."""
    statement = _about(_select(PAGE + 1), about).where(Event.family_id == family_id)
    if before is not None:
        if not _NUMBER.fullmatch(before):
            raise NotInReach("There is no such page of this history.")
        at = select(Event.recorded_at).where(Event.id == int(before), Event.family_id == family_id).scalar_subquery()
        statement = statement.where(or_(Event.recorded_at < at, and_(Event.recorded_at == at, Event.id < int(before))))
    rows = db.session.execute(statement).all()
    return HistoryPage([_line(row, words) for row in rows[:PAGE]], rows[PAGE - 1].id if len(rows) > PAGE else None)


def whole(family_id: int, words: Words, *, about: Subject | None = None) -> HistoryPage:
    """All of it, for print; `more` where it is longer than MOST lines."""
    statement = _about(_select(MOST + 1), about).where(Event.family_id == family_id)
    rows = db.session.execute(statement).all()
    return HistoryPage([_line(row, words) for row in rows[:MOST]], rows[MOST].id if len(rows) > MOST else None)


def one(event: Event, words: Words) -> HistoryLine:
    """The line of one event."""
    return _line(db.session.execute(_select(1).where(Event.id == event.id)).one(), words)


def of_family(family_id: int, words: Words, *, limit: int | None = None) -> list[HistoryLine]:
    """Newest first."""
    return [_line(row, words) for row in db.session.execute(_of_family(limit), {"family": family_id})]


@kept
def _of_family(limit: int | None) -> Any:
    return _select(limit).where(Event.family_id == bindparam("family", type_=Integer()))


def of_subject(family_id: int, subject: str, words: Words, *, limit: int | None = None) -> list[HistoryLine]:
    """The lines about one thing, newest first."""
    return _lines(_select(limit).where(Event.family_id == family_id, Event.subject == subject), words)


def of_subjects(family_id: int, subject: str, others: Any, words: Words) -> list[HistoryLine]:
    """The lines about one thing and others, newest first. `others` is a SELECT of their references."""
    about = or_(Event.subject == subject, Event.subject.in_(others))
    return _lines(_select(None).where(Event.family_id == family_id, about), words)


def of_ids(event_ids: list[int], words: Words) -> dict[int, HistoryLine]:
    """By the event's id, those in reach."""
    rows = db.session.execute(_select(None).where(Event.id.in_(event_ids))) if event_ids else ()
    return {row.id: _line(row, words) for row in rows}


def _about(statement: Any, about: Subject | None) -> Any:
    return statement if about is None else statement.where(Event.kind.in_(kinds_of(about)))


def _select(limit: int | None) -> Any:
    earlier, later = aliased(Event), aliased(Event)
    return (
        select(
            Event.id,
            Event.kind,
            Event.subject,
            Event.actor_id,
            Event.actor_name,
            Event.happened_on,
            Event.recorded_at,
            Event.told_by,
            Event.text,
            Event.data,
            Event.private_sealed,
            Event.written_in_id,
            Note.id.label("note_id"),
            Note.text_sealed.label("note"),
            Note.audience,
            KeepApartReason.id.label("reason_id"),
            KeepApartReason.text_sealed.label("reason"),
            earlier.id.label("earlier_id"),
            earlier.kind.label("earlier_kind"),
            earlier.actor_name.label("earlier_actor"),
            earlier.subject.label("earlier_subject"),
            earlier.data.label("earlier_data"),
            earlier.private_sealed.label("earlier_private"),
            earlier.recorded_at.label("earlier_at"),
            select(func.max(later.recorded_at)).where(later.corrects_id == Event.id).scalar_subquery().label("later"),
        )
        .outerjoin(Note, Note.event_id == Event.id)
        .outerjoin(KeepApartReason, KeepApartReason.event_id == Event.id)
        .outerjoin(earlier, earlier.id == Event.corrects_id)
        .order_by(Event.recorded_at.desc(), Event.id.desc())
        .limit(limit)
    )


def _lines(statement: Any, words: Words) -> list[HistoryLine]:
    return [_line(row, words) for row in db.session.execute(statement)]


def _line(row: Any, words: Words) -> HistoryLine:
    return HistoryLine(
        title=line(E(row.kind), actor=row.actor_name, subject=row.subject, data=_data(row), words=words),
        byline=_byline(row),
        words=opened(row.note, row.note_id) or opened(row.reason, row.reason_id) or row.text,
        ref=f"{Event.ref_prefix}-{row.id}",
        by_id=row.actor_id,
        corrects=_corrects(row, words),
        corrected=moment(row.later) if row.later else None,
    )


def _corrects(row: Any, words: Words) -> str | None:
    if row.earlier_kind is None:
        return None
    sealed = SEALED.get(E(row.earlier_kind), ())
    data = row.earlier_data | answers_in(row.earlier_private, row.earlier_id, names=sealed)
    said = line(E(row.earlier_kind), actor=row.earlier_actor, subject=row.earlier_subject, data=data, words=words)
    return f"{said}, {moment(row.earlier_at)}"


def _data(row: Any) -> dict[str, Any]:
    return {**row.data, **answers_in(row.private_sealed, row.id, names=SEALED.get(E(row.kind), ()))}


def _byline(row: Any) -> str:
    recorded = moment(row.recorded_at)
    parts = [recorded]
    if row.happened_on != london_date(row.recorded_at):
        parts = [f"Happened on {full(row.happened_on)}", f"recorded {recorded}"]
    if row.written_in_id is not None:
        parts.append(f"written in {Family.ref_prefix}-{row.written_in_id}")
    if row.audience is NoteAudience.ORGANISATION:
        parts.append("only for people of the writer’s organisation")
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
    if row.data.get("may_close"):
        parts.append(f"social work for {row.data['may_close']} may close")
    if row.data.get("late"):
        parts.append("completed late, after social work had closed")
    return ", ".join(parts)
