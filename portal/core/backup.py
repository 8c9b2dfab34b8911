"""A copy of the database as it is at one instant, while people work; and a database made of such a copy."""

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

from sqlalchemy import Engine, inspect
from sqlalchemy.engine import URL

from portal.core.errors import PortalError


class NotBackedUp(PortalError):
    """There is no copy, or no database of it; says what to do."""


def write(engine: Engine, file: Path) -> None:
    """Into a file that is there whole, or not at all, for the eyes of this account alone. Raises NotBackedUp."""
    if file.exists():
        raise NotBackedUp(f"{file} is there already, and a backup overwrites nothing. Choose another name.")
    part = file.with_name(f"{file.name}.part")
    try:
        part.unlink(missing_ok=True)
        part.touch(0o600, exist_ok=False)
        copy = _of_sqlite if engine.dialect.name == "sqlite" else _of_postgresql
        copy(engine.url, part)
        with part.open("rb") as written:
            os.fsync(written.fileno())
        part.replace(file)
    except OSError as fault:
        raise NotBackedUp(f"{file} could not be written ({fault.strerror}). There is no backup.") from fault
    finally:
        part.unlink(missing_ok=True)


def bring_back(engine: Engine, file: Path) -> None:
    """Into a database that is empty. Raises NotBackedUp."""
    if not file.is_file():
        raise NotBackedUp(f"{file} is not there.")
    if inspect(engine).get_table_names():
        raise NotBackedUp(
            "This database is not empty, and nothing is written over it. Make an empty one, and name it in "
            "PORTAL_DATABASE_URL."
        )
    engine.dispose()
    if engine.dialect.name == "sqlite":
        _sound(file)
        _copied(file, Path(str(engine.url.database)))
        return
    address, secrets = _address(engine.url)
    _run("pg_restore", ["--exit-on-error", "--no-owner", "--no-privileges", f"--dbname={address}", str(file)], secrets)


def _of_sqlite(url: URL, file: Path) -> None:
    _copied(Path(str(url.database)), file)
    _sound(file)


def _copied(source: Path, target: Path) -> None:
    """By SQLite itself, in one step: whoever writes meanwhile waits for nothing and is not in it."""
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
        old.backup(new)
        # One file, without a second one beside it that somebody forgets.
        new.execute("PRAGMA journal_mode=DELETE")


def _sound(file: Path) -> None:
    try:
        with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)) as connection:
            (answer,) = connection.execute("PRAGMA integrity_check").fetchone()
    except sqlite3.DatabaseError:
        answer = None
    if answer != "ok":
        raise NotBackedUp(f"{file} is no whole database of SQLite.")


def _of_postgresql(url: URL, file: Path) -> None:
    address, secrets = _address(url)
    _run("pg_dump", ["--format=custom", f"--file={file}", f"--dbname={address}"], secrets)


def _address(url: URL) -> tuple[str, dict[str, str]]:
    """For PostgreSQL's own programs; the password apart, where no list of processes shows it."""
    bare = URL.create("postgresql", url.username, None, url.host, url.port, url.database, url.query)
    return bare.render_as_string(hide_password=False), {"PGPASSWORD": str(url.password)} if url.password else {}


def _run(program: str, arguments: list[str], secrets: dict[str, str]) -> None:
    found = shutil.which(program)
    if found is None:
        raise NotBackedUp(
            f"{program} is not on this machine. Install the client of PostgreSQL in the version of the server or a "
            "newer one (postgresql-client), and run this again."
        )
    environment = os.environ | secrets
    done = subprocess.run([found, *arguments], env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise NotBackedUp(f"{program} did not do it:\n{done.stderr.strip()}")
