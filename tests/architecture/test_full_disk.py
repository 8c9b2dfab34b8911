"""A disk that is full while somebody saves: said in words, nothing half-saved, nothing typed lost. Then it works."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from psycopg import OperationalError as PostgresOperationalError
from psycopg.errors import DiskFull
from sqlalchemy import Connection, Engine, event

from portal.core.db import db
from portal.models.teamwork import PlanAction
from tests.support.marking_done import stored, update_form
from tests.support.people import Council, an_action, an_active_family
from tests.support.web import SignIn, check_page

# More than a page of the file holds.
NOTE = "Rang the office. " + "\N{GRINNING FACE}" * 1800
# So many looks fill every page of the log that has room left.
LOOKS = 80


@contextmanager
def full(app: Flask) -> Iterator[None]:
    """The file may not grow by a page, and none in it is free: SQLite says of that what it says of a full disk."""
    with app.app_context():
        engine = db.engine
    _at_once(engine, "VACUUM")

    def no_page_more(connection: Connection) -> None:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")

    event.listen(engine, "begin", no_page_more)
    try:
        yield
    finally:
        event.remove(engine, "begin", no_page_more)
        engine.dispose()  # what a connection may, it may as long as it lives


def _at_once(engine: Engine, command: str) -> None:
    connection = engine.raw_connection()
    connection.cursor().execute(command)
    connection.close()


@pytest.fixture
def action(council: Council) -> PlanAction:
    return an_action(council, an_active_family(council))


@pytest.fixture
def on_a_file(council: Council) -> None:
    if not council.app.config["SQLALCHEMY_DATABASE_URI"].startswith("sqlite"):
        pytest.skip("a database server has a disk of its own: it says of a full one what it says of being away")


@pytest.mark.usefixtures("on_a_file")
class TestFullDisk:
    def test_keeps_nothing_by_halves_and_gives_back_what_was_typed(
        self, council: Council, action: PlanAction, sign_in: SignIn
    ) -> None:
        form = update_form(sign_in, council.partner, action)
        before = stored(council, action)

        with full(council.app):
            page = form.send({"note": NOTE})

        assert page.status == 503
        check_page(page)
        assert "Wait a minute and try again" in page.main
        assert NOTE in page.main
        assert "Call school" not in page.html
        assert "O’Neill" not in page.html
        assert stored(council, action) == before
        assert form.send({"note": NOTE}).status == 303

    def test_shows_no_page_whose_look_cannot_be_recorded(
        self, council: Council, action: PlanAction, sign_in: SignIn
    ) -> None:
        browser = sign_in(council.partner)

        with full(council.app):
            pages = [browser.client.get(f"/actions/{action.ref}") for _ in range(LOOKS)]

        refused = [page for page in pages if page.status_code != 200]
        assert {page.status_code for page in refused} == {503}
        assert all("Call school" not in page.text for page in refused)
        assert browser.get(f"/actions/{action.ref}").status == 200


def test_a_server_whose_disk_is_full_is_answered_like_one_that_is_away() -> None:
    assert issubclass(DiskFull, PostgresOperationalError)
