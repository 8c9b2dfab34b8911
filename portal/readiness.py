"""Whether this machine and this database are fit for families' records: production starts only where they are."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import Connection, func, select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError

from portal.core import resealing, sealing, soundness
from portal.core.config import Settings, SettingsError, refusal
from portal.core.db import db, reading
from portal.models.people import User
from portal.web.migrations import folder

# Nobody has an address there: the top-level name is kept for examples.
INVENTED = "%.example"


def demand(app: Flask) -> None:
    """Refuse production where something is wrong, all of it at once. Raises SettingsError."""
    if app.config["PORTAL"].environment != "production":
        return
    found = list(faults(app))
    if found:
        raise SettingsError(refusal(found))


def faults(app: Flask) -> Iterator[str]:
    """A sentence for each thing that production refuses and that no setting alone tells."""
    settings: Settings = app.config["PORTAL"]
    yield from _of_the_process(app)
    yield from _of_files(settings)
    yield from _of_the_database(app)


def _of_the_process(app: Flask) -> Iterator[str]:
    if app.debug:
        yield "FLASK_DEBUG is on: a fault would show what the program holds in its hands. Take it away."
    if not (app.config["SESSION_COOKIE_SECURE"] and app.config["SESSION_COOKIE_NAME"].startswith("__Host-")):
        yield "The cookie of a session would go over an open line. Set PORTAL_BEHIND_TLS=true."


def _of_files(settings: Settings) -> Iterator[str]:
    for path in sorted(_secret_files(settings)):
        if path.is_file() and path.stat().st_mode & stat.S_IRWXO:
            yield f"Everybody on this machine can open {path}. Run: chmod o-rwx {path}"


def _secret_files(settings: Settings) -> set[Path]:
    """A database that is a file, with what SQLite keeps beside it, and whatever lies in the portal's own folder."""
    found = set(settings.instance_folder.resolve().glob("*")) if settings.instance_folder.is_dir() else set()
    database = make_url(settings.database())
    if database.drivername == "sqlite" and database.database:
        found |= {Path(database.database + suffix) for suffix in ("", "-wal", "-shm")}
    return found


def _of_the_database(app: Flask) -> Iterator[str]:
    try:
        with app.app_context(), reading(), db.engine.connect() as connection:
            found = list(_of_its_shape(connection)) or [
                *soundness.faults(connection),
                *_of_its_keys(connection),
                *_of_its_people(connection),
            ]
    except OperationalError:
        found = ["The database does not answer. See that it runs and that PORTAL_DATABASE_URL is right."]
    yield from found


def _of_its_shape(connection: Connection) -> Iterator[str]:
    config = Config()
    config.set_main_option("script_location", str(folder()))
    wanted = set(ScriptDirectory.from_config(config).get_heads())
    if set(MigrationContext.configure(connection).get_current_heads()) != wanted:
        yield "The database is not of the shape that this version needs. Run: flask --app portal portal upgrade"


def shape() -> tuple[str, ...]:
    """Which steps of the database's shape were taken."""
    with reading(), db.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_heads()


def _of_its_keys(connection: Connection) -> Iterator[str]:
    known = sealing.keys().by_name
    for name, values in sorted(resealing.by_key(connection, db.metadata).items()):
        if name not in known:
            yield (
                f"{values:,} encrypted {'value needs' if values == 1 else 'values need'} the key {name}, which "
                "PORTAL_FIELD_KEYS does not hold. Put it back, behind the first."
            )


def _of_its_people(connection: Connection) -> Iterator[str]:
    invented = connection.execute(select(func.count()).where(User.active, User.email.like(INVENTED))).scalar_one()
    if invented:
        yield (
            f"The people of the demonstration can sign in here ({invented:,} addresses that end in .example). "
            "Use a database of its own for production."
        )


def by_command() -> bool:
    """Whether a command of the portal runs, which may be the one that puts something right."""
    return os.environ.get("FLASK_RUN_FROM_CLI") == "true"
