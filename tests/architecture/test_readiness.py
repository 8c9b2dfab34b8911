"""Production starts only on a machine and a database that are fit for families' records, and says what is not."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Connection, event, text

from portal import create_app, readiness
from portal.core.config import Settings, SettingsError
from portal.core.db import db
from tests.support import databases
from tests.support.keys import KEY as FIELD_KEY
from tests.support.people import Council

KEY = "one that is long enough and has many different letters"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    tmp_path.chmod(0o700)
    return tmp_path


@pytest.fixture
def production(settings: Settings, folder: Path) -> Settings:
    """A production over the database of the tests."""
    return settings.model_copy(
        update={
            "environment": "production",
            "secret_key": KEY,
            "field_keys": FIELD_KEY,
            "trusted_hosts": "earlyhelp.council.example",
            "behind_tls": True,
            "sqlite_in_production": True,
            "mail": "smtp",
            "mail_from": "earlyhelp@council.example",
            "instance_folder": folder,
        }
    )


@pytest.fixture
def by_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """As a command runs: one may put right what the portal would not start with."""
    monkeypatch.setenv("FLASK_RUN_FROM_CLI", "true")


@pytest.fixture
def made(by_hand: None, app: Flask, production: Settings) -> Iterator[Flask]:
    """That production, made but not started, as if its database kept every commit."""
    portal = create_app(production)
    with portal.app_context():
        if not is_sqlite(portal):
            event.listen(
                db.engine, "begin", lambda connection: connection.exec_driver_sql("SET synchronous_commit = on")
            )
    yield portal
    with portal.app_context():
        db.engine.dispose()


def run(connection: Any, command: str) -> None:
    getattr(connection, "exec_driver_sql", connection.execute)(command)


def is_sqlite(app: Flask) -> bool:
    with app.app_context():
        return db.engine.dialect.name == "sqlite"


@contextmanager
def as_a_role_that_only_adds(app: Flask) -> Iterator[None]:
    """As production should run on PostgreSQL: the tables are another role's."""
    if is_sqlite(app):
        yield
        return
    role = "portal_that_only_adds"

    def become(connection: Connection) -> None:
        connection.exec_driver_sql(f"SET LOCAL ROLE {role}")

    with app.app_context():
        engine = db.engine
        with engine.begin() as connection:
            connection.execute(text(f"CREATE ROLE {role}"))
            connection.execute(text(f"GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA public TO {role}"))
    event.listen(engine, "begin", become)
    try:
        yield
    finally:
        event.remove(engine, "begin", become)
        with engine.begin() as connection:
            connection.execute(text(f"DROP OWNED BY {role}"))
            connection.execute(text(f"DROP ROLE {role}"))


def faults(app: Flask) -> str:
    """All but what holds for every database of these tests: a file in a folder of others', a server without fsync."""
    return "\n".join(
        each
        for each in readiness.faults(app)
        if "test.sqlite" not in each and "fsync is off" not in each and "full_page_writes is off" not in each
    )


class TestProduction:
    def test_has_no_fault_where_everything_is_right(self, made: Flask) -> None:
        with as_a_role_that_only_adds(made):
            assert faults(made) == ""

    def test_does_not_start_and_says_everything_at_once(
        self, council: Council, production: Settings, folder: Path
    ) -> None:
        (folder / "secret-key").write_text("a secret")
        (folder / "secret-key").chmod(0o644)

        with pytest.raises(SettingsError) as refused:
            create_app(production)

        words = str(refused.value)
        assert words.startswith("The portal cannot start:\n- ")
        assert "Everybody on this machine can open" in words
        assert "The people of the demonstration can sign in here (13 addresses" in words
        assert "ambleford" not in words

    def test_is_refused_alike_by_the_command_that_checks_and_by_the_worker(self, council: Council, made: Flask) -> None:
        for command in (["portal", "check"], ["portal", "worker", "--once"]):
            said = made.test_cli_runner().invoke(args=command)

            assert said.exit_code != 0
            assert "The people of the demonstration can sign in here" in str(said.exception)

    def test_what_is_no_production_is_not_asked(self, council: Council, settings: Settings) -> None:
        create_app(settings.model_copy(update={"environment": "demonstration"}))


class TestFaults:
    def test_a_program_that_shows_itself(self, made: Flask) -> None:
        made.debug = True

        assert "FLASK_DEBUG is on" in faults(made)

    @pytest.mark.parametrize(("name", "value"), [("SESSION_COOKIE_SECURE", False), ("SESSION_COOKIE_NAME", "portal")])
    def test_a_cookie_that_goes_over_an_open_line(self, made: Flask, name: str, value: object) -> None:
        made.config[name] = value

        assert "The cookie of a session would go over an open line" in faults(made)

    def test_a_database_that_everybody_can_open(self, by_hand: None, production: Settings, folder: Path) -> None:
        file = folder / "families.sqlite"
        file.write_bytes(b"")
        file.chmod(0o604)
        portal = create_app(production.model_copy(update={"database_url": f"sqlite:///{file}"}))

        assert f"chmod o-rwx {file}" in faults(portal)
        assert "Run: flask --app portal portal upgrade" in faults(portal)

    def test_a_database_that_does_not_answer(self, by_hand: None, production: Settings, folder: Path) -> None:
        nowhere = f"postgresql+psycopg://portal@/portal?host={folder}"
        portal = create_app(production.model_copy(update={"database_url": nowhere}))

        assert faults(portal) == "The database does not answer. See that it runs and that PORTAL_DATABASE_URL is right."

    def test_a_database_that_does_not_wait_for_the_disk(self, made: Flask) -> None:
        command = "PRAGMA synchronous = NORMAL" if is_sqlite(made) else "SET synchronous_commit = off"
        moment = "connect" if is_sqlite(made) else "begin"
        with made.app_context():
            event.listen(db.engine, moment, lambda connection, *_: run(connection, command))

        assert "a power cut could take what was saved" in faults(made)

    def test_a_log_that_could_be_changed(self, made: Flask) -> None:
        if not is_sqlite(made):
            # Whoever owns the tables, as the role of the tests does, can change them.
            assert "The log could be changed: the portal's own role may change or delete rows" in faults(made)
            assert "REVOKE UPDATE, DELETE, TRUNCATE ON admin_change, audit, audit_seal FROM postgres" in faults(made)
            return
        with made.app_context(), db.engine.connect() as connection:
            with databases.past_the_triggers(connection):
                connection.commit()
                assert "rows of admin_change, audit and audit_seal. Its triggers are gone" in faults(made)
            connection.commit()  # or the database stays without them for the tests that follow


def test_a_machine_without_time_zones_is_told_so() -> None:
    hidden = "import sys; sys.modules['tzdata'] = None\nimport portal.core.clock"

    nowhere = os.environ | {"PYTHONTZPATH": ""}
    done = subprocess.run([sys.executable, "-c", hidden], env=nowhere, capture_output=True, text=True, check=False)

    assert done.returncode == 1
    assert done.stderr.startswith("The portal cannot start:\n- It does not know what time it is in London")
