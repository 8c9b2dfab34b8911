"""What can go wrong under a request, for a while."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask
from sqlalchemy import text

from portal.core.db import db, writing


@contextmanager
def without_table(app: Flask, name: str) -> Iterator[None]:
    """Inside, statements on this table fail. What the database says of that may hold what somebody typed."""
    _rename(app, name, f"{name}_away")
    try:
        yield
    finally:
        _rename(app, f"{name}_away", name)


def _rename(app: Flask, old: str, new: str) -> None:
    with app.app_context(), writing(), db.engine.begin() as connection:
        connection.execute(text(f"ALTER TABLE {old} RENAME TO {new}"))
