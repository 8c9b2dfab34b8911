"""The drill: a backup while people write, a fresh database made of it, every row equal and the log whole."""

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, inspect, select, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from portal import create_app, readiness
from portal.core import backup as copies
from portal.core import clock
from portal.core.config import Settings
from portal.core.db import db, writing
from portal.models.record import Audit, AuditKind, FormDraft
from portal.services import remember
from portal.services.remember import Entry
from tests.architecture.test_migrations import fill, rows_of, tables_of
from tests.support import databases
from tests.support.log import seal, verify
from tests.support.people import Council

WRITERS = 3
AT_LEAST = 30


@pytest.fixture
def elsewhere(request: pytest.FixtureRequest, settings: Settings) -> Iterator[Flask]:
    """Another place with the same keys, and no database yet."""
    with databases.fresh(request.config.getoption("--database")) as url:
        app = create_app(settings.model_copy(update={"database_url": url}))
        yield app
        with app.app_context():
            db.engine.dispose()


def run(app: Flask, *command: str) -> Result:
    return app.test_cli_runner().invoke(args=["portal", *command])


def restored(app: Flask, file: Path) -> None:
    done = run(app, "restore", str(file))
    assert done.exit_code == 0, done.output


@contextmanager
def people_writing(council: Council) -> Iterator[None]:
    """Drafts and lines of the log, both in one transaction, as fast as it goes, until the end."""
    stop, begun = threading.Event(), threading.Semaphore(0)

    def write(who: int) -> None:
        number = 0
        while not stop.is_set():
            number += 1
            with council.app.app_context(), writing():
                name = f"{who}.{number}"
                draft = FormDraft(user_id=council.lead.id, form=name, subject="", saved_at=clock.now())
                draft.answers = {"text": ["x" * 900]}
                db.session.add(draft)
                remember.within_change(Entry(AuditKind.CHANGE, "drill", None, subject=name))
                db.session.commit()
                remember.committed()
            begun.release()

    threads = [threading.Thread(target=write, args=(who,)) for who in range(WRITERS)]
    for thread in threads:
        thread.start()
    for _ in range(AT_LEAST):
        begun.acquire()
    yield
    for _ in range(AT_LEAST):
        begun.acquire()
    stop.set()
    for thread in threads:
        thread.join()


class TestDrill:
    def test_every_row_is_equal_and_the_log_is_whole(self, app: Flask, elsewhere: Flask, tmp_path: Path) -> None:
        fill(app)
        with app.app_context():
            for number in range(AT_LEAST):
                remember.before_sending(Entry(AuditKind.LIST, "families.index", None, rows=number))
        seal(app)

        done = run(app, "backup", str(tmp_path / "portal.backup"))

        assert done.exit_code == 0, done.output
        assert "The head of the log, to be kept with it: 1:" in done.output
        assert "The keys are not in it." in done.output
        restored(elsewhere, tmp_path / "portal.backup")
        assert tables_of(elsewhere) == tables_of(app)
        assert rows_of(elsewhere) == rows_of(app)
        head = run(app, "audit", "head").output.strip()
        assert "The log is whole." in verify(elsewhere, head).output
        with app.app_context():
            shape = readiness.shape()
        with elsewhere.app_context():
            assert readiness.shape() == shape
            with pytest.raises(DBAPIError, match="audit"), writing(), db.engine.begin() as connection:
                connection.execute(text("DELETE FROM audit"))

    def test_while_people_write_it_holds_whole_changes_up_to_one_instant(
        self, council: Council, elsewhere: Flask, tmp_path: Path, record_property: Callable[[str, object], None]
    ) -> None:
        with people_writing(council):
            done = run(council.app, "backup", str(tmp_path / "portal.backup"))
        assert done.exit_code == 0, done.output

        restored(elsewhere, tmp_path / "portal.backup")

        now, then = rows_of(council.app), rows_of(elsewhere)
        record_property("rows", sum(map(len, then.values())))
        assert AT_LEAST <= len(then["form_draft"]) < len(now["form_draft"])
        for name, rows in then.items():
            there = {row["id"]: row for row in now[name]} if name in {"form_draft", "audit"} else {}
            for row in rows:
                assert not there or there[row["id"]] == row
        # Of each change both rows are there, or neither.
        told = {row["subject"] for row in then["audit"] if row["page"] == "drill"}
        assert told == {row["form"] for row in then["form_draft"]}
        assert "The log is whole." in verify(elsewhere).output
        with elsewhere.app_context():
            assert {row.answers["text"][0] for row in db.session.scalars(select(FormDraft))} == {"x" * 900}

    def test_who_took_it_and_when_is_in_the_log_and_in_the_backup(
        self, council: Council, elsewhere: Flask, tmp_path: Path
    ) -> None:
        run(council.app, "backup", str(tmp_path / "portal.backup"))
        restored(elsewhere, tmp_path / "portal.backup")

        for app in (council.app, elsewhere):
            with app.app_context():
                row = db.session.scalars(select(Audit).where(Audit.page == "cli.backup")).one()
                assert row.kind is AuditKind.EXPORT


class TestBackup:
    def test_is_for_the_eyes_of_its_account_alone_and_one_file(self, council: Council, tmp_path: Path) -> None:
        run(council.app, "backup", str(tmp_path / "portal.backup"))

        assert [each.name for each in tmp_path.iterdir()] == ["portal.backup"]
        assert (tmp_path / "portal.backup").stat().st_mode & 0o777 == 0o600

    def test_overwrites_nothing(self, council: Council, tmp_path: Path) -> None:
        (tmp_path / "portal.backup").write_text("of yesterday")

        done = run(council.app, "backup", str(tmp_path / "portal.backup"))

        assert done.exit_code == 1
        assert "is there already, and a backup overwrites nothing. Choose another name." in done.output
        assert (tmp_path / "portal.backup").read_text() == "of yesterday"

    def test_says_where_it_cannot_be_written(self, council: Council, tmp_path: Path) -> None:
        done = run(council.app, "backup", str(tmp_path / "nowhere" / "portal.backup"))

        assert done.exit_code == 1
        assert "could not be written (No such file or directory). There is no backup." in done.output

    def test_of_postgresql_says_what_to_install(
        self, council: Council, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("PATH", str(tmp_path))
        monkeypatch.setenv("FLASK_RUN_FROM_CLI", "true")
        with pytest.raises(copies.NotBackedUp, match=r"pg_dump is not on this machine\. Install the client"):
            copies._run("pg_dump", [], {})

    def test_of_postgresql_shows_no_password(self) -> None:
        address, secrets = copies._address(make_url("postgresql+psycopg://portal:hush@database/portal"))

        assert address == "postgresql://portal@database/portal"
        assert secrets == {"PGPASSWORD": "hush"}


class TestRestore:
    def test_writes_over_nothing(self, council: Council, tmp_path: Path) -> None:
        run(council.app, "backup", str(tmp_path / "portal.backup"))
        with council.app.app_context():
            before = db.session.execute(select(func.count(Audit.id))).scalar_one()

        done = run(council.app, "restore", str(tmp_path / "portal.backup"))

        assert done.exit_code == 1
        assert "This database is not empty, and nothing is written over it." in done.output
        with council.app.app_context():
            assert db.session.execute(select(func.count(Audit.id))).scalar_one() == before

    @pytest.mark.parametrize("what", ["nothing", "words", "half"])
    def test_of_what_is_no_whole_backup_makes_no_database(
        self, council: Council, elsewhere: Flask, tmp_path: Path, what: str
    ) -> None:
        file = tmp_path / "portal.backup"
        if what == "words":
            file.write_text("not a backup " * 1000)
        if what == "half":
            run(council.app, "backup", str(file))
            whole = file.read_bytes()
            file.write_bytes(whole[: len(whole) // 2])

        done = run(elsewhere, "restore", str(file))

        assert done.exit_code == 1
        assert str(file) in done.output or "pg_restore did not do it" in done.output
        if what != "half" or "sqlite" in elsewhere.config["SQLALCHEMY_DATABASE_URI"]:
            with elsewhere.app_context():
                assert inspect(db.engine).get_table_names() == []


def test_a_plain_copy_of_a_file_in_use_is_no_backup(tmp_path: Path) -> None:
    """Why the guide forbids cp: what was committed last lies in the file beside it."""
    with closing(sqlite3.connect(tmp_path / "portal.sqlite", isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("CREATE TABLE family (name TEXT)")
        connection.execute("INSERT INTO family VALUES ('Osei')")
        (tmp_path / "copy.sqlite").write_bytes((tmp_path / "portal.sqlite").read_bytes())
        with closing(sqlite3.connect(tmp_path / "copy.sqlite")) as copy, pytest.raises(sqlite3.OperationalError):
            copy.execute("SELECT name FROM family")
