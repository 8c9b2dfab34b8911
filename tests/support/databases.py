"""A real database for a test process: made, migrated, emptied."""

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import Connection, text

from portal.core.db import db, writing
from portal.services import remember
from tests.support import postgres

# Where the machine has it: commits are as durable as ever, but wait for no disk.
IN_MEMORY = Path("/dev/shm")
GROW_ONLY = ("admin_change", "audit", "audit_seal")


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


def _empty_on_postgresql(connection: Connection, tables: list[str], *, renumber: bool) -> None:
    """Truncating eighty tables takes longer than most tests: those with rows are emptied, whatever points at them."""
    rows = " UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM {name})" for name in tables)
    filled = connection.execute(text(rows)).scalars().all()
    put_off_foreign_keys(connection)
    for name in filled:
        connection.execute(text(f"DELETE FROM {name}"))
    if not renumber:
        return
    sequences = "FROM pg_class WHERE relkind = 'S' AND relnamespace = 'public'::regnamespace"
    connection.execute(text(f"SELECT setval(oid::regclass, 1, false) {sequences}"))


@contextmanager
def past_the_triggers(connection: Connection) -> Iterator[None]:
    """As whoever owns the database and takes away, for a while, what keeps the log from being changed."""
    if connection.dialect.name == "postgresql":
        for name in GROW_ONLY:
            connection.execute(text(f"ALTER TABLE {name} DISABLE TRIGGER USER"))
        yield
        for name in GROW_ONLY:
            connection.execute(text(f"ALTER TABLE {name} ENABLE TRIGGER USER"))
        return
    triggers = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")).all()
    for name, _ in triggers:
        connection.execute(text(f"DROP TRIGGER {name}"))
    yield
    for _, sql in triggers:
        connection.exec_driver_sql(sql)


def put_off_foreign_keys(connection: Connection) -> None:
    """Until the end of this transaction rows may come and go in any order."""
    on_postgresql = connection.dialect.name == "postgresql"
    statement = "SET LOCAL session_replication_role = replica" if on_postgresql else "PRAGMA defer_foreign_keys=ON"
    connection.execute(text(statement))


def empty(app: Flask, *, renumber: bool = True) -> None:
    """Delete every row; ids begin at 1 again, and the log with them, unless rows with ids of their own follow."""
    remember._writer.unsettled = True
    tables = [table.name for table in db.metadata.sorted_tables]
    with app.app_context():
        if db.engine.dialect.name == "postgresql":
            with db.engine.begin() as connection:
                _empty_on_postgresql(connection, tables, renumber=renumber)
            return
        with writing(), db.engine.begin() as connection:
            put_off_foreign_keys(connection)
            with past_the_triggers(connection):
                for name in tables:
                    connection.exec_driver_sql(f"DELETE FROM {name}")
