"""Statements that are written once for the life of a process, and put into a database's own words once.

SQLAlchemy walks every part of a statement each time it runs, to find the text it made of it before; with a large one
that takes longer than the database does. A kept statement remembers its text. What is left to do is what differs from
run to run: the values it is given, and those that are read when it runs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, wraps
from typing import Any, ParamSpec, TypeAlias, TypeVar, cast
from weakref import WeakKeyDictionary, WeakSet

from flask_sqlalchemy.session import Session
from sqlalchemy import Connection, Dialect, IteratorResult, Result
from sqlalchemy.engine.result import SimpleResultMetaData
from sqlalchemy.orm import Session as OrmSession
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.selectable import SelectBase
from sqlalchemy.types import TypeEngine

P = ParamSpec("P")
S = TypeVar("S")
Change: TypeAlias = Callable[[Any], Any] | None
_kept: WeakSet[Any] = WeakSet()
_narrowing: list[Callable[[Any], Any]] = []


def kept(write: Callable[P, S]) -> Callable[P, S]:
    """Write this statement once for all, and run it by its text. It selects columns, not things, or changes rows
    and returns none; each parameter is one value, never a list. What is made of it later by `.where()` is a statement
    like any other."""

    @cache
    def once(*given: P.args, **named: P.kwargs) -> S:
        statement = write(*given, **named)
        _kept.add(statement)
        return statement

    return cast(Callable[P, S], wraps(write)(once))


def is_kept(statement: Any) -> bool:
    return statement in _kept


@dataclass(frozen=True)
class _Text:
    """A statement in the words of one kind of database."""

    sql: str
    fixed: Mapping[str, Any]
    given: tuple[tuple[str, Change], ...]
    read: tuple[tuple[str, Callable[[], Any], Change], ...]  # when it runs
    columns: SimpleResultMetaData
    changed: tuple[tuple[int, Callable[[Any], Any]], ...]  # places in a row of what the driver gives as something else

    def values(self, given: Mapping[str, Any]) -> dict[str, Any]:
        values = {**self.fixed}
        for name, change in self.given:
            values[name] = change(given[name]) if change else given[name]
        for name, value, change in self.read:
            values[name] = change(value()) if change else value()
        return values

    def row(self, row: Any) -> tuple[Any, ...]:
        values = list(row)
        for place, change in self.changed:
            values[place] = change(values[place])
        return tuple(values)


_texts: WeakKeyDictionary[Any, dict[str, _Text]] = WeakKeyDictionary()


def narrow_by(narrow: Callable[[Any], Any]) -> None:
    """Put a seat-belt on: each time a kept statement is to run, it gives the statement that may."""
    _narrowing[:] = [narrow]


class KeepingSession(Session):
    """Answers a kept statement by its text, at once: what else is asked of a statement on its way is answered for
    this one already. What has to be asked each time, the seat-belt, is."""

    def execute(self, statement: Any, params: Any = None, **how: Any) -> Any:
        if any(how.values()) or not _narrowing or not is_kept(statement):
            return super().execute(statement, params, **how)
        return run(self, _narrowing[0](statement), params or {})


def run(session: OrmSession, statement: Any, given: Mapping[str, Any]) -> Result[Any]:
    """What the session would answer to this statement."""
    if session.autoflush:
        session.flush()
    return answer(session.connection(), statement, given)


def answer(connection: Connection, statement: Any, given: Mapping[str, Any]) -> Result[Any]:
    """The same on a connection of one's own, where nobody's families are read."""
    texts = _texts.setdefault(statement, {})
    name = connection.dialect.name
    if name not in texts:
        texts[name] = _text(statement, connection.dialect, given)
    text = texts[name]
    rows = _fetched(connection, text.sql, text.values(given))
    return IteratorResult(text.columns, map(text.row, rows) if text.changed else iter(rows))


def _fetched(connection: Connection, sql: str, values: dict[str, Any]) -> list[Any]:
    """Every row, as the driver gives them, none of a change. Whoever watches the connection is told, and what goes
    wrong is said by SQLAlchemy; but no result is put together of which only the rows are wanted."""
    cursor = connection.connection.cursor()
    try:
        for told in connection.dispatch.before_cursor_execute:
            told(connection, cursor, sql, values, None, False)
        connection.dialect.do_execute(cursor, sql, values)
        return list(cursor.fetchall()) if cursor.description else []
    except connection.dialect.loaded_dbapi.Error as error:
        connection._handle_dbapi_exception(error, sql, values, cursor, None)  # noqa: SLF001  (it has no other name)
        raise
    finally:
        cursor.close()


def _text(statement: Any, dialect: Dialect, given: Mapping[str, Any]) -> _Text:
    compiled = statement.compile(dialect=dialect)
    expanded = compiled.construct_expanded_state(dict(given))
    bound = {name: each for name, each in compiled.binds.items() if name in expanded.parameters}
    read = {name: each for name, each in bound.items() if each.callable}
    asked = {name: each for name, each in bound.items() if each.required}

    def change(name: str) -> Change:
        # Of a list that stands in the statement, each value is a parameter of its own, with the list's own change.
        return expanded.processors.get(name) or (_to_driver(bound[name].type, dialect) if name in bound else None)

    fixed = {name: value for name, value in expanded.parameters.items() if name not in read and name not in asked}
    columns: list[ColumnElement[Any]] = list(statement.selected_columns) if isinstance(statement, SelectBase) else []
    back = [(place, _from_driver(column.type, dialect)) for place, column in enumerate(columns)]
    return _Text(
        expanded.statement,
        {name: each(value) if (each := change(name)) else value for name, value in fixed.items()},
        tuple((name, change(name)) for name in asked),
        tuple((name, each.callable, change(name)) for name, each in read.items()),
        SimpleResultMetaData([str(column.key) for column in columns]),
        tuple((place, each) for place, each in back if each),
    )


def _to_driver(type_: TypeEngine[Any], dialect: Dialect) -> Change:
    return type_.dialect_impl(dialect).bind_processor(dialect)


def _from_driver(type_: TypeEngine[Any], dialect: Dialect) -> Change:
    return type_.dialect_impl(dialect).result_processor(dialect, None)
