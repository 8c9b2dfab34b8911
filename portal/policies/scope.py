"""Whose rows a viewer can ever read: the session's seat-belt, and the one way round it."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import Any, cast
from weakref import WeakKeyDictionary

import structlog
from sqlalchemy import Engine, Table, event
from sqlalchemy.orm import LoaderCriteriaOption, ORMExecuteState
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.visitors import iterate

from portal.core import kept
from portal.core.errors import NobodyAsking, NotNarrowed
from portal.domain import viewer as asking
from portal.models.base import FamilyScoped
from portal.models.families import Family
from portal.policies.criteria import criterion

log = structlog.get_logger()
_reason: ContextVar[str | None] = ContextVar("unscoped_reason", default=None)
# Marks a statement that was let past on purpose: unscoped, or one more column of a row already in reach.
PASSED = "past_the_seat_belt"


@contextmanager
def unscoped(reason: str) -> Iterator[None]:
    """Read past the seat-belt, for a reason that is logged. A test lists every caller."""
    log.debug("unscoped", reason=reason)
    token = _reason.set(reason)
    try:
        yield
    finally:
        _reason.reset(token)


class _Narrowed(LoaderCriteriaOption):
    """A criterion made for the very entity it narrows. SQLAlchemy adapts a plain expression to an alias, but not
    inside its subqueries: there the condition would ask about the whole table, and always hold. Its own remedy, a
    lambda, keeps the values of the first viewer. So the expression is made anew, for the alias, at each compilation;
    what differs from viewer to viewer is bound when the statement runs."""

    # The key in the cache of statements: of one class, the criterion is always the same.
    _traverse_internals = [  # noqa: RUF012  (as its parent declares it)
        (name, kind)
        for name, kind in LoaderCriteriaOption._traverse_internals  # noqa: SLF001  (it has no other name)
        if name != "where_criteria"
    ]

    def _resolve_where_criteria(self, ext_info: Any) -> ColumnElement[bool]:
        # Its parent marks a copy, so that none is put on it; it names Core tables, on which none ever is.
        return criterion(ext_info.entity)


@cache
def _options() -> dict[str, LoaderCriteriaOption]:
    # One a class, made once all classes are mapped.
    return {
        str(mapper.class_.__tablename__): _Narrowed(
            mapper.class_, criterion(mapper.class_), include_aliases=True, propagate_to_loaders=False
        )
        for mapper in Family.registry.mappers
        if mapper.class_ is Family or issubclass(mapper.class_, FamilyScoped)
    }


def _tables(statement: Any) -> set[str]:
    """Keys of every table a statement names, in subqueries and columns too."""
    found: set[str] = set()
    for element in iterate(statement, {}):
        table = getattr(element, "table", element)
        while hasattr(table, "element"):  # an alias, or a subquery that iterate walks into by itself
            table = table.element
        if isinstance(table, Table):
            found.add(table.key)
    return found


# Statements that a module keeps are walked once; those made for one request are forgotten with it. A statement does not
# change once it is made, and what differs from viewer to viewer is bound when it runs.
_forms: WeakKeyDictionary[Any, tuple[list[str], Any]] = WeakKeyDictionary()


def _form_of(statement: Any) -> tuple[list[str], Any]:
    """The tables of families that it names, and itself with their criteria."""
    if statement not in _forms:
        named = sorted(_tables(statement) & _options().keys())
        _forms[statement] = named, statement.options(*(_options()[name] for name in named)) if named else None
    return _forms[statement]


def narrow(state: ORMExecuteState) -> Any:
    """Every ORM statement gains the criterion, and a kept one is answered by its text. Raises NobodyAsking where
    family rows are read with no viewer."""
    if kept.is_kept(state.statement):
        return kept.run(state.session, narrowed(state.statement), cast(Mapping[str, Any], state.parameters or {}))
    if state.is_column_load:
        state.update_execution_options(**{PASSED: True})
        return None
    if _reason.get() is not None:
        state.update_execution_options(**{PASSED: True})
    state.statement = narrowed(state.statement)
    return None


def narrowed(statement: Any) -> Any:
    """The statement as it may run on behalf of whoever asks, or past the seat-belt."""
    if _reason.get() is not None:
        return statement
    named, form = _form_of(statement)
    if named and asking.current() is None:
        raise NobodyAsking(f"Family rows were read while nobody was asking: {', '.join(named)}")
    return form if named else statement


def fasten(session: Any) -> None:
    """Put the seat-belt on a session."""
    event.listen(session, "do_orm_execute", narrow)
    kept.narrow_by(narrowed)


# What follows FROM or JOIN, with the tables a FROM lists after it. A comma elsewhere parts columns, not tables.
_SOURCES = re.compile(r"(?<!DELETE )\b(?:FROM|JOIN)\s+(\w+(?:\s+AS\s+\w+)?(?:,\s+\w+(?:\s+AS\s+\w+)?)*)")
_SOURCE = re.compile(r"(\w+)(?:\s+AS\s+(\w+))?")
_narrowed: set[str] = set()


def watch(engine: Engine) -> None:
    """The seat-belt's own test, on what is really sent: SQLAlchemy puts no criterion on a few shapes (a window
    function alone, a table joined by hand), nor on text. Each statement's text is read once."""

    @event.listens_for(engine, "before_cursor_execute")
    def refuse(_connection: Any, _cursor: Any, sql: str, _values: Any, context: Any, _many: bool) -> None:
        if sql in _narrowed or asking.current() is None or _reason.get() is not None:
            return
        if context is not None and context.execution_options.get(PASSED):
            return
        loose = sorted({table for table, name in _names(sql) if not _has_criterion(sql, table, name)})
        if loose:
            raise NotNarrowed(f"Family rows were read past the seat-belt: {', '.join(loose)}")
        _narrowed.add(sql)


def _names(sql: str) -> list[tuple[str, str]]:
    """Each table of families that is read, and the name it has there."""
    listed = (source for sources in _SOURCES.findall(sql) for source in sources.split(","))
    found = [(table, name or table) for source in listed for table, name in _SOURCE.findall(source)[:1]]
    return [(table, name) for table, name in found if table in _options() and not name.startswith("reach_")]


def _has_criterion(sql: str, table: str, name: str) -> bool:
    if table == Family.__tablename__:
        return f"reach_conflict.family_id = {name}.id" in sql
    return f"reach_family.id = {name}.family_id" in sql
