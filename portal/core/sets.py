"""Many rows in one statement, the same on both databases: handed in as one parameter, inserted where they are new."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import (
    ARRAY,
    JSON,
    FromClause,
    Integer,
    String,
    any_,
    bindparam,
    cast,
    column,
    func,
    select,
    type_coerce,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.types import TypeEngine

from portal.core.db import db

# A part of a statement that is worked out before the rest, not for each row of it.
ONCE = "MATERIALIZED"


def rows_of(parameter: str, **columns: TypeEngine[Any]) -> FromClause:
    """A table of the rows that are given for `parameter` when the statement runs, however many: see `given`."""
    handed = bindparam(parameter, type_=String())
    if _on_sqlite():
        each = func.json_each(handed).table_valued("value", name=f"{parameter}_rows")
        read = (_as(of, func.json_extract(each.c.value, f"$.{name}")).label(name) for name, of in columns.items())
        return select(*read).cte(parameter).prefix_with(ONCE)
    typed = [column(name, of) for name, of in columns.items()]
    return func.json_to_recordset(cast(handed, JSON)).table_valued(*typed).render_derived(parameter, with_types=True)


def _as(of: TypeEngine[Any], value: ColumnElement[Any]) -> ColumnElement[Any]:
    """A text is known to be one, so that SQLite looks for it by an index that it makes for the statement."""
    return cast(value, of) if isinstance(of, String) else type_coerce(value, of)


def is_one_of(column: InstrumentedAttribute[int], parameter: str) -> ColumnElement[bool]:
    """Of the ids that are given for `parameter`: see `given_ids`. Their index is looked up in, once for each of them:
    the databases never read a table through to find a few of its rows."""
    if _on_sqlite():
        each = func.json_each(bindparam(parameter, type_=String())).table_valued("value", name=f"{parameter}_ids")
        return column.in_(select(each.c.value))
    return column == any_(bindparam(parameter, type_=ARRAY(Integer())))


def given_ids(ids: Iterable[int]) -> str | list[int]:
    """The value of such a parameter."""
    return json.dumps(list(ids)) if _on_sqlite() else list(ids)


def given(rows: Iterable[Mapping[str, Any]]) -> str:
    """The value for `rows_of`; dates as the databases write them."""
    return json.dumps(list(rows), default=str, ensure_ascii=False)


def new_rows(model: type[Any]) -> Any:
    """An insert that leaves out what a unique key of the table knows already."""
    insert = sqlite.insert if _on_sqlite() else postgresql.insert
    # Into the table: what it is given when it runs are values of its parameters, not the columns of a row.
    return insert(model.__table__).on_conflict_do_nothing()


def one_writes() -> bool:
    """Whether nobody else writes while somebody does."""
    return _on_sqlite()


def json_object(**values: Any) -> ColumnElement[Any]:
    """An object made by the database, for a column of JSON."""
    parts = [part for name, value in values.items() for part in (name, value)]
    return func.json_object(*parts) if _on_sqlite() else func.json_build_object(*parts)


def _on_sqlite() -> bool:
    return db.engine.dialect.name == "sqlite"
