"""How migrations run: one connection, one transaction a migration, batch mode for SQLite."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from flask import current_app

from portal.core.db import UTCDateTime, db

extension = current_app.extensions["migrate"]


def plain(kind: str, thing: Any, _context: AutogenContext) -> str | Literal[False]:
    """A migration that has shipped must not change with the portal's own types."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(thing, UTCDateTime) else False


def run() -> None:
    """Migrate the database of the current application."""
    with extension.db.engine.connect() as connection:
        sqlite = connection.dialect.name == "sqlite"
        if sqlite:
            # A table is rebuilt under its own name; rows that point at it must not be deleted meanwhile.
            # Inside a transaction the pragma would do nothing, so it goes past SQLAlchemy, which begins one.
            connection.connection.driver_connection.execute("PRAGMA foreign_keys=OFF")
        context.configure(
            connection=connection,
            target_metadata=db.metadata,
            render_as_batch=True,
            transaction_per_migration=True,
            compare_type=True,
            render_item=plain,
        )
        with context.begin_transaction():
            context.run_migrations()
        if sqlite:
            connection.commit()
            connection.connection.driver_connection.execute("PRAGMA foreign_keys=ON")


run()
