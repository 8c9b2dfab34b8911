"""Keys that encrypt fields in tests, and what of a database can be read without them."""

from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import inspect, text
from sqlalchemy.engine import make_url

from portal import create_app
from portal.core.config import Settings
from portal.core.db import db, writing

KEY = "a key of the tests that lies beside no database"
NEWER = "another key of the tests that is newer than it"
# What a page says where something cannot be opened, and what a form says there.
UNREAD = "This cannot be read."
KEPT = "Leave this empty to keep it as it is, or enter it anew."


def with_keys(settings: Settings, *keys: str, **other: Any) -> Flask:
    """The portal over the same database, with these keys."""
    return create_app(settings.model_copy(update={"field_keys": ",".join(keys), **other}))


def run(app: Flask, statement: str) -> None:
    """Past the portal, as whoever holds the database could."""
    with app.app_context(), writing(), db.engine.begin() as connection:
        connection.execute(text(statement))


def lies_in(app: Flask, place: str) -> list[str | None]:
    """What of a table.column lies in the database, row by row, as it lies there."""
    table, column = place.split(".")
    with app.app_context(), db.engine.connect() as connection:
        return list(connection.scalars(text(f"SELECT {column} FROM {table} ORDER BY id")))


def lie_there(app: Flask, *places: str) -> dict[str, list[str | None]]:
    """What of each of these places lies in the database, as `lies_in` finds it."""
    return {place: lies_in(app, place) for place in places}


def damage(app: Flask, *places: str, row: int | None = None) -> dict[str, list[str | None]]:
    """What is sealed there, or in that row, cannot be opened any more. Returns what lies there now."""
    of = "" if row is None else f" WHERE id = {row}"
    for place in places:
        table, column = place.split(".")
        run(app, f"UPDATE {table} SET {column} = substr({column}, 1, 11) || 'AAAA' || substr({column}, 16){of}")
    return lie_there(app, *places)


def readable(app: Flask) -> str:
    """Everything that whoever holds the database itself can read: the bytes of its files, or all columns' texts."""
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            path = Path(str(make_url(app.config["SQLALCHEMY_DATABASE_URI"]).database))
            files = [path, path.with_name(f"{path.name}-wal")]
            return "".join(each.read_bytes().decode("utf-8", "replace") for each in files if each.exists())
        with db.engine.connect() as connection:
            names = inspect(connection).get_table_names()
            rows = [connection.execute(text(f"SELECT CAST(t AS text) FROM {name} t")).scalars() for name in names]
            return "\n".join(str(row) for found in rows for row in found)
