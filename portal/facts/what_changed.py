"""What one request changes, field by field, gathered while it is written: no statement is asked for it."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from sqlalchemy import event, inspect
from sqlalchemy.orm import Mapper, ORMExecuteState, Session

from portal.core.db import db
from portal.domain.log_changes import APART, MADE, TAKEN, Change, is_told, of_field, written

_gathered: ContextVar[list[Change] | None] = ContextVar("what_changed", default=None)


@contextmanager
def gathered() -> Iterator[None]:
    """Changes written inside are gathered, until they are rolled back."""
    token = _gathered.set([])
    try:
        yield
    finally:
        _gathered.reset(token)


@contextmanager
def untold() -> Iterator[None]:
    """What is written inside is not for the log: words that must not stand, which would stand there for good."""
    db.session.flush()
    token = _gathered.set(None)
    try:
        yield
        db.session.flush()
    finally:
        _gathered.reset(token)


def told() -> str | None:
    """All of it so far, what still waits to be written too, as the log keeps it."""
    db.session.flush()
    return written(_gathered.get() or ())


def fasten(session: Any) -> None:
    event.listen(session, "after_flush", _flushed)
    event.listen(session, "do_orm_execute", _executed)
    event.listen(session, "after_soft_rollback", _rolled_back)


def _flushed(session: Session, *_: Any) -> None:
    """What a thing held before is known until the flush is over, and what the database numbered it, from now on."""
    found = _gathered.get()
    if found is None:
        return
    found += [Change(*_name(thing), None, None, MADE) for thing in session.new if _told(thing)]
    for thing in session.dirty:
        found += _edited(thing)
    for thing in session.deleted:
        found += _taken(thing)


def _edited(thing: Any) -> Iterator[Change]:
    state = inspect(thing)
    for column in _columns(state.mapper):
        history = state.attrs[column].history
        if history.added and history.added != history.deleted:
            before = history.deleted[0] if history.deleted else None
            yield of_field(*_name(thing), _in_table(state.mapper, column), before, history.added[0])


def _taken(thing: Any) -> Iterator[Change]:
    if _told(thing):
        mapper, name = inspect(thing).mapper, _name(thing)
        yield Change(*name, None, None, TAKEN)
        for column in _columns(mapper):
            before = getattr(thing, column)
            if before is not None:
                yield of_field(*name, _in_table(mapper, column), before, None)


def _executed(state: ORMExecuteState) -> None:
    """Rows that are changed all at once are not read: which, and what they held, is not known."""
    found = _gathered.get()
    if found is None or not (state.is_update or state.is_delete):
        return
    mapper = state.bind_mapper
    if mapper is None or _table(mapper) in APART:
        return
    if state.is_delete:
        found.append(Change(_table(mapper), None, None, None, TAKEN))
        return
    statement: Any = state.statement
    for column, value in (statement._values or {}).items():  # noqa: SLF001  (it has no other name)
        if is_told(_table(mapper), column.name):
            given = getattr(value, "value", value)
            found.append(of_field(_table(mapper), None, column.name, None, given))


def _rolled_back(_session: Session, previous: Any) -> None:
    found = _gathered.get()
    if found is not None and not previous.nested:
        found.clear()


def _told(thing: Any) -> bool:
    return _table(inspect(thing).mapper) not in APART


def _columns(mapper: Mapper[Any]) -> list[str]:
    """Of the thing's attributes, those that the log tells of."""
    table = _table(mapper)
    return [each.key for each in mapper.column_attrs if is_told(table, each.columns[0].name)]


def _in_table(mapper: Mapper[Any], attribute: str) -> str:
    return str(mapper.column_attrs[attribute].columns[0].name)


def _table(mapper: Mapper[Any]) -> str:
    return str(mapper.class_.__tablename__)


def _name(thing: Any) -> tuple[str, int | str | None]:
    """Its table, and which row of it."""
    state = inspect(thing)
    key = [getattr(thing, state.mapper.get_property_by_column(each).key) for each in state.mapper.primary_key]
    if len(key) == 1 and isinstance(key[0], int):
        return _table(state.mapper), key[0]
    return _table(state.mapper), "/".join(str(each) for each in key)
