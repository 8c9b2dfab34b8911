"""A real database for a test process: made, migrated, emptied."""

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import text

from portal.core.db import db, writing
from tests.support import postgres

# Where the machine has it: commits are as durable as ever, but wait for no disk.
IN_MEMORY = Path("/dev/shm")


@contextmanager
def fresh(kind: str) -> Iterator[str]:
    """The address of an empty database: a SQLite file, or one in a real PostgreSQL server."""
    if kind == "sqlite":
        quick = IN_MEMORY if IN_MEMORY.is_dir() and os.access(IN_MEMORY, os.W_OK) else None
        with TemporaryDirectory(dir=quick, prefix="portal-test-") as folder:
            yield f"sqlite:///{folder}/test.sqlite"
        return
    with postgres.server() as admin:
        name = f"portal_{uuid.uuid4().hex[:12]}"
        try:
            yield postgres.create_database(admin, name)
        finally:
            postgres.drop_database(admin, name)


def migrate(app: Flask) -> None:
    with app.app_context():
        upgrade()


def empty(app: Flask) -> None:
    """Delete every row; ids begin at 1 again."""
    tables = [table.name for table in db.metadata.sorted_tables]
    with app.app_context():
        if db.engine.dialect.name == "postgresql":
            with db.engine.begin() as connection:
                connection.execute(text(f"TRUNCATE {', '.join(tables)} RESTART IDENTITY CASCADE"))
            return
        with writing(), db.engine.begin() as connection:
            connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
            for name in tables:
                connection.exec_driver_sql(f"DELETE FROM {name}")
