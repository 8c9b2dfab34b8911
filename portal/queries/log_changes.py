"""What the log tells of changes, in lines that people read: which field of what, from what, to what."""

import json
from collections.abc import Iterator
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import Date

from portal.core.db import Base, UTCDateTime
from portal.domain.dates import full, moment
from portal.domain.log_changes import CHANGED, TAKEN, Change, read
from portal.models.base import Referenced


def lines(text: str | None) -> list[str]:
    """Plan action A-4, due on: from 7 October 2026 to 14 October 2026"""
    return [_line(change) for change in read(text)]


def _line(change: Change) -> str:
    name = _named(change)
    if change.field is None:
        return f"{name}: {change.after}"
    about = f"{name}, {_spaced(change.field)}"
    if change.after == CHANGED:
        return f"{about}: {CHANGED}"
    if change.row is None:
        return f"{about}: to {_said(change, change.after)}"
    if change.after is None and change.before is None:
        return f"{about}: {TAKEN}"
    return f"{about}: from {_said(change, change.before)} to {_said(change, change.after)}"


def _named(change: Change) -> str:
    what = _spaced(change.table).capitalize()
    if change.row is None:
        return f"{what}, all that were meant"
    prefix = _prefixes().get(change.table)
    return f"{what} {prefix}-{change.row}" if prefix else f"{what} {change.row}"


def _said(change: Change, value: Any) -> str:
    if value is None or value == "":
        return "nothing"
    if isinstance(value, str) and (change.table, change.field) in _days():
        return full(date.fromisoformat(value))
    if isinstance(value, str) and (change.table, change.field) in _moments():
        return moment(datetime.fromisoformat(value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else str(value)


def _spaced(name: str) -> str:
    return name.removeprefix("app_").removesuffix("_id").replace("_", " ")


@cache
def _prefixes() -> dict[str, str]:
    return {
        str(mapper.local_table): mapper.class_.ref_prefix
        for mapper in Base.registry.mappers
        if issubclass(mapper.class_, Referenced)
    }


@cache
def _days() -> frozenset[tuple[str, str]]:
    """The columns that hold a date; what people typed stays as they typed it."""
    return frozenset((table, name) for table, name, type_ in _columns() if isinstance(type_, Date))


@cache
def _moments() -> frozenset[tuple[str, str]]:
    return frozenset((table, name) for table, name, type_ in _columns() if isinstance(type_, UTCDateTime))


def _columns() -> Iterator[tuple[str, str, Any]]:
    return (
        (table.name, column.name, column.type) for table in Base.metadata.tables.values() for column in table.columns
    )
