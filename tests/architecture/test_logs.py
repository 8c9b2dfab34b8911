"""What the portal writes to its log: events, ids and counts; never who, and never what was typed."""

import json
import subprocess
import sys
from collections.abc import Callable

import pytest
import structlog
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from portal import create_app
from portal.core.config import Settings
from portal.core.db import db
from tests.support.faults import without_table
from tests.support.people import Council, an_action, an_active_family
from tests.support.web import Browser, Page, sign_in_with

CANARY = "Canary-7f3a"


@pytest.fixture
def as_served(settings: Settings, council: Council) -> Flask:
    """The portal as it runs for people: nothing is shown to a developer."""
    return create_app(settings.model_copy(update={"environment": "demonstration"}))


class TestLog:
    def test_holds_nothing_of_anybody(self, council: Council, as_served: Flask) -> None:
        action = an_action(council, an_active_family(council), what=f"{CANARY} action")
        sign_in = sign_in_with(as_served)

        with structlog.testing.capture_logs() as lines:
            browser = sign_in(council.partner)
            form = browser.get(f"/actions/{action.ref}/update").form()
            _with_a_fault(as_served, lambda: form.send({"note": f"{CANARY} note"}))
            form.send({"note": f"{CANARY} note"})
            browser.get(f"/{CANARY}?q={CANARY}")
            browser.get(f"/actions/A-99?name={CANARY}")
            form.send({"note": CANARY, "csrf_token": CANARY})
            Browser(as_served.test_client()).submit(
                "/sign-in", {"email": f"{CANARY}@ambleford.example", "password": CANARY}
            )

        said = "\n".join(map(repr, lines))
        assert "fault" in said, "the fault of this test left no line"
        for secret in (CANARY, council.partner.name, council.partner.email, "O’Neill", "@"):
            assert secret.casefold() not in said.casefold(), said

    def test_a_fault_is_found_by_the_number_on_its_page(self, council: Council, as_served: Flask) -> None:
        action = an_action(council, an_active_family(council))
        form = sign_in_with(as_served)(council.partner).get(f"/actions/{action.ref}/update").form()

        with structlog.testing.capture_logs() as lines:
            page = _with_a_fault(as_served, lambda: form.send({"note": "Done"}))

        (line,) = [line for line in lines if line["event"] == "fault"]
        assert page.status in (500, 503)
        assert line["reference"] in page.main
        assert line["endpoint"] == "actions.update"
        assert line["exc_info"] is None

    def test_an_error_of_the_database_does_not_tell_what_a_statement_was_given(self, app: Flask) -> None:
        with app.app_context(), pytest.raises(DBAPIError) as told:
            db.session.execute(text("SELECT nothing_of_that_name(:canary)"), {"canary": CANARY})

        assert CANARY not in str(told.value)


def _with_a_fault(app: Flask, send: Callable[[], Page]) -> Page:
    """The table of history is gone while the form is sent: the database's message would hold the note."""
    with without_table(app, "event"):
        return send()


def test_lines_are_json_on_standard_error() -> None:
    """In a process of its own, since tests hold standard error themselves."""
    program = (
        "import structlog\n"
        "from portal.core import logging\n"
        "logging.configure()\n"
        "structlog.get_logger().info('outbox sent', kind='lead.nominated', attempts=1)\n"
        "structlog.get_logger().debug('not said')\n"
    )

    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert done.stdout == ""
    (line,) = [json.loads(line) for line in done.stderr.splitlines()]
    assert (line["event"], line["kind"], line["level"]) == ("outbox sent", "lead.nominated", "info")
    assert line["timestamp"].endswith("Z")


def test_libraries_and_the_server_say_no_text_that_was_put_into_their_sentences() -> None:
    program = (
        "import logging\n"
        "from gunicorn.config import Config\n"
        "from portal.core.server_log import ServerLog\n"
        f"canary = {CANARY!r}\n"
        "server = ServerLog(Config())\n"
        "server.info('Booting worker with pid: %s', 4711)\n"
        "try:\n"
        "    raise ValueError(canary)\n"
        "except ValueError:\n"
        "    server.exception('Error handling request %s', '/s/' + canary)\n"
        "server.warning(f'Invalid request from {canary}')\n"
        "logging.getLogger('urllib3').warning('Retrying %(what)s, %(times)d left', {'what': canary, 'times': 2})\n"
        "logging.getLogger('careless').error('%d of them', canary)\n"
    )

    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    lines = [json.loads(line) for line in done.stderr.splitlines()]
    assert [line["event"] for line in lines] == [
        "Booting worker with pid: 4711",
        "Error handling request …",
        "said by a library",
        "Retrying …, 2 left",
        "%d of them",
    ]
    assert lines[1]["kind"] == "ValueError"
    assert CANARY not in done.stderr + done.stdout
