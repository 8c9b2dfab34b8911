"""Several small reads in one statement: each a SELECT of its own, put under one another and taken apart again."""

from collections import Counter
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

from sqlalchemy import Boolean, Date, DateTime, Enum, Integer, Select, String, cast, literal, null, union_all
from sqlalchemy.sql.elements import ColumnElement

from portal.core.db import UTCDateTime, db

Rows = dict[str, list[Any]]
# How a column travels: by what it is stored as.
_KINDS: tuple[tuple[type[Any], type[Any]], ...] = (
    (Boolean, Boolean),
    (Enum, String),
    (Integer, Integer),
    (Date, Date),
    (UTCDateTime, UTCDateTime),
    (DateTime, UTCDateTime),
    (String, String),
)


def read(reads: Mapping[str, Any]) -> Rows:
    """The rows of each by its name, in no order; their columns by their names, as each SELECT alone would give them.
    The SELECTs carry no ORDER BY: who needs an order sorts."""
    asked = {name: list(statement.selected_columns.items()) for name, statement in reads.items()}
    slots = _slots(asked)
    parts = [_part(name, statement, asked[name], slots) for name, statement in reads.items()]
    places = {name: _places(columns, slots) for name, columns in asked.items()}
    found: Rows = {name: [] for name in reads}
    for row in db.session.execute(union_all(*parts) if len(parts) > 1 else parts[0]):
        given = zip(asked[row[0]], places[row[0]], strict=True)
        values = {key: _back(row[1 + place], column) for (key, column), place in given}
        found[row[0]].append(SimpleNamespace(**values))
    return found


def _kind(column: ColumnElement[Any]) -> type[Any]:
    return next(travels for stored, travels in _KINDS if isinstance(column.type, stored))


def _slots(asked: Mapping[str, list[tuple[str, Any]]]) -> list[type[Any]]:
    """The columns of the whole: of each kind as many as the widest part has."""
    kinds = list(dict.fromkeys(travels for _, travels in _KINDS))
    counted = [Counter(_kind(column) for _, column in columns) for columns in asked.values()]
    most = {kind: max(each[kind] for each in counted) for kind in kinds}
    return [kind for kind in kinds for _ in range(most[kind])]


def _places(columns: list[tuple[str, Any]], slots: list[type[Any]]) -> list[int]:
    """For each column the place among the slots: the next free one of its kind."""
    taken: set[int] = set()
    places = []
    for _, column in columns:
        kind = _kind(column)
        place = next(place for place, slot in enumerate(slots) if slot is kind and place not in taken)
        taken.add(place)
        places.append(place)
    return places


def _part(name: str, statement: Select[Any], columns: list[tuple[str, Any]], slots: list[type[Any]]) -> Select[Any]:
    by_place = {place: column for (_, column), place in zip(columns, _places(columns, slots), strict=True)}
    made = [
        (cast(by_place[place], slot()) if isinstance(by_place[place].type, Enum) else by_place[place])
        if place in by_place
        else cast(null(), slot())
        for place, slot in enumerate(slots)
    ]
    labelled = [column.label(f"at_{place}") for place, column in enumerate(made)]
    return statement.with_only_columns(literal(name, String).label("read"), *labelled, maintain_column_froms=True)


def _back(value: Any, column: ColumnElement[Any]) -> Any:
    made = getattr(column.type, "enum_class", None)
    return made(value) if made is not None and value is not None else value
