"""What every page rests on of how the council works: its words, working days, practice standards, contacts. Read with
the viewer in one statement, good for that request, and understood once for as long as it reads the same."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import String, cast, event, func, select, union
from sqlalchemy.orm import ORMExecuteState, Session
from sqlalchemy.sql.elements import ColumnElement

from portal.core.db import db, iso_day
from portal.core.kept import kept
from portal.domain.contacts import CONTACTS
from portal.domain.dates import Calendar
from portal.domain.standards import DEFAULTS, Standard
from portal.domain.words import SHIPPED, Word, Words
from portal.models.record import BankHoliday, ClosureDay, CouncilContact, PracticeStandard, WordLabel

# What parts rows and cells in one text: control characters, which no answer may hold.
_ROW, _CELL = "\x1e", "\x1f"
_KINDS = (WordLabel, BankHoliday, ClosureDay, CouncilContact, PracticeStandard)


@dataclass(frozen=True)
class AtHand:
    """The council's label for every concept, its calendar, and the amount of every standard. Not to be changed: the
    next request may be given the same."""

    words: Words
    calendar: Calendar
    amounts: dict[Standard, int]
    # Of those contact details that the council has set itself.
    contacts: dict[str, str]


@dataclass
class _Memory:
    known: AtHand | None = None


_memory: ContextVar[_Memory | None] = ContextVar("at_hand", default=None)


@contextmanager
def remembered() -> Iterator[None]:
    """Inside, it is read once. The gate opens one for each request; the worker asks anew each time."""
    token = _memory.set(_Memory())
    try:
        yield
    finally:
        _memory.reset(token)


def at_hand() -> AtHand:
    """One statement, none where it came with the viewer."""
    memory = _memory.get()
    if memory is not None and memory.known is not None:
        return memory.known
    return take(db.session.execute(_statement()).one())


def take(row: Any) -> AtHand:
    """From a row of whatever statement read the columns too."""
    found = AtHand(
        _words(row.own_words or ""),
        _calendar(row.closed_days or ""),
        _amounts(row.own_amounts or ""),
        _contacts(row.own_contacts or ""),
    )
    memory = _memory.get()
    if memory is not None:
        memory.known = found
    return found


def columns() -> list[ColumnElement[str]]:
    """Four texts, for a statement that reads more besides."""
    days = union(select(BankHoliday.day), select(ClosureDay.day)).subquery()
    return [
        select(func.aggregate_strings(iso_day(days.c.day), ",")).scalar_subquery().label("closed_days"),
        _table(WordLabel.key, WordLabel.one, WordLabel.many, WordLabel.a).label("own_words"),
        _table(PracticeStandard.key, PracticeStandard.amount).label("own_amounts"),
        _table(CouncilContact.key, CouncilContact.value).label("own_contacts"),
    ]


def _table(first: Any, *others: Any) -> Any:
    row: Any = cast(first, String)
    for cell in others:
        row = row + _CELL + cast(cell, String)
    return select(func.aggregate_strings(row, _ROW)).scalar_subquery()


@kept
def _statement() -> Any:
    return select(*columns())


def _rows(text: str) -> list[list[str]]:
    return [row.split(_CELL) for row in text.split(_ROW)] if text else []


# A few are enough: one of the text as it is, and as it was for requests that began before.
@lru_cache(maxsize=4)
def _words(text: str) -> Words:
    return Words({**SHIPPED, **{key: Word(*labels) for key, *labels in _rows(text) if key in SHIPPED}})


@lru_cache(maxsize=4)
def _calendar(text: str) -> Calendar:
    # The same one from request to request: what was counted with it is found again without comparing every day.
    return Calendar(frozenset(map(date.fromisoformat, text.split(","))) if text else frozenset())


@lru_cache(maxsize=4)
def _amounts(text: str) -> dict[Standard, int]:
    own = {key: int(amount) for key, amount in _rows(text)}
    return {standard: own.get(standard, default.amount) for standard, default in DEFAULTS.items()}


@lru_cache(maxsize=4)
def _contacts(text: str) -> dict[str, str]:
    return dict(sorted((key, value) for key, value in _rows(text) if key in CONTACTS))


def fasten(session: Any) -> None:
    """What a change of this very request writes is read again."""
    event.listen(session, "after_flush", _forget_changed)
    event.listen(session, "do_orm_execute", _forget_written)


def _forget() -> None:
    memory = _memory.get()
    if memory is not None:
        memory.known = None


def _forget_changed(session: Session, *_: Any) -> None:
    if any(isinstance(thing, _KINDS) for things in (session.new, session.dirty, session.deleted) for thing in things):
        _forget()


def _forget_written(state: ORMExecuteState) -> None:
    if state.is_insert or state.is_update or state.is_delete:
        _forget()
