"""Many rows in one statement, the same on both databases: handed in as one parameter, inserted where they are new."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import JSON, FromClause, Integer, String, bindparam, cast, column, func, select, type_coerce
from sqlalchemy.dialects import postgresql, sqlite
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
        read = ((name, type_coerce(func.json_extract(each.c.value, f"$.{name}"), of)) for name, of in columns.items())
        return select(*(value.label(name) for name, value in read)).cte(parameter).prefix_with(ONCE)
    typed = [column(name, of) for name, of in columns.items()]
    return func.json_to_recordset(cast(handed, JSON)).table_valued(*typed).render_derived(parameter, with_types=True)


def ids_of(parameter: str) -> FromClause:
    """The same of one column, `id`, given as numbers alone."""
    handed = bindparam(parameter, type_=String())
    elements = func.json_each(handed) if _on_sqlite() else func.json_array_elements_text(cast(handed, JSON))
    each = elements.table_valued("value", name=f"{parameter}_ids")
    number = type_coerce(each.c.value, Integer()) if _on_sqlite() else cast(each.c.value, Integer())
    return select(number.label("id")).cte(parameter).prefix_with(ONCE)


def given(rows: Iterable[Mapping[str, Any] | int]) -> str:
    """The value of such a parameter; dates as the databases write them."""
    return json.dumps(list(rows), default=str, ensure_ascii=False)


def new_rows(model: type[Any]) -> Any:
    """An insert that leaves out what a unique key of the table knows already."""
    insert = sqlite.insert if _on_sqlite() else postgresql.insert
    # As it is written: what it is given are values of its parameters, not the columns of a row.
    return insert(model).on_conflict_do_nothing().execution_options(dml_strategy="raw")


def json_object(**values: Any) -> ColumnElement[Any]:
    """An object made by the database, for a column of JSON."""
    parts = [part for name, value in values.items() for part in (name, value)]
    return func.json_object(*parts) if _on_sqlite() else func.json_build_object(*parts)


def _on_sqlite() -> bool:
    return db.engine.dialect.name == "sqlite"
