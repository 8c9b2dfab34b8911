"""The log can only grow, is sealed by the worker, and shows whatever was done to it behind the portal's back."""

from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from portal import create_app
from portal.core import clock
from portal.core.config import Settings
from portal.core.db import db, writing
from portal.domain.log import SIGNED
from portal.models.record import AuditKind, AuditSeal
from portal.services import remember
from portal.services.remember import Entry
from portal.worker.loop import Worker
from tests.support import databases
from tests.support.log import behind_the_back, look, seal, verify
from tests.support.people import Council
from tests.support.post import Postbox
from tests.support.web import SignIn


def spans(council: Council) -> list[str]:
    with council.behind_the_scenes():
        return list(db.session.scalars(select(AuditSeal.spans).order_by(AuditSeal.number)))


@pytest.fixture
def heads(council: Council) -> list[str]:
    """A log of nine rows: 1 to 4 in one seal, 5 to 7 in the next, and two not sealed yet."""
    made = []
    for rows in (4, 3):
        look(council, council.partner, *range(1, rows + 1))
        made += seal(council.app)
    look(council, council.partner, *range(1, 3))
    return made


class TestTheLog:
    @pytest.mark.parametrize("table", databases.GROW_ONLY)
    def test_can_only_grow(self, council: Council, sign_in: SignIn, heads: list[str], table: str) -> None:
        if table == "admin_change":
            sign_in(council.admin).get(f"/admin/people/{council.partner.ref}").form().send()
        key = "number" if table == "audit_seal" else "id"
        text_of = "about" if table == "admin_change" else "mac"
        attempts = [f"UPDATE {table} SET {text_of} = ''", f"DELETE FROM {table} WHERE {key} = 1"]
        with council.app.app_context():
            sqlite = db.engine.dialect.name == "sqlite"
            attempts.append(
                f"INSERT OR REPLACE INTO {table} SELECT * FROM {table} WHERE {key} = 1"
                if sqlite
                else f"TRUNCATE {table}"
            )
            for attempt in attempts:
                with (
                    pytest.raises(DBAPIError, match="the log can only grow"),
                    writing(),
                    db.engine.begin() as connection,
                ):
                    connection.execute(text(attempt))

        assert verify(council.app, *heads).exit_code == 0

    def test_is_sealed_within_a_minute_and_its_head_copied(
        self, council: Council, sign_in: SignIn, tmp_path: Path
    ) -> None:
        """The second place is a file; what the portal prints is the same."""
        file = tmp_path / "heads"
        app = create_app(council.app.config["PORTAL"].model_copy(update={"audit_heads": str(file)}))
        sign_in(council.partner).get("/my-actions")
        worker = Worker(app.config["PORTAL"], Postbox(app))
        with time_machine.travel(clock.now(), tick=False) as now, app.app_context():
            worker.run_once()
            sign_in(council.lead).get("/my-actions")
            now.shift(timedelta(seconds=20))
            worker.run_once()
            assert spans(council) == ["1"]
            now.shift(timedelta(seconds=20))
            worker.run_once()
        printed = app.test_cli_runner().invoke(args=["portal", "audit", "head"]).output

        assert spans(council) == ["1", "2"]
        assert file.read_text().splitlines()[-1:] == printed.splitlines()
        assert "The log is whole." in verify(app).output
        file.write_text(file.read_text() + "3:abc.def\n")
        assert "its end was cut off" in verify(app).output

    def test_has_no_head_before_it_is_sealed(self, council: Council) -> None:
        found = council.app.test_cli_runner().invoke(args=["portal", "audit", "head"])

        assert (found.exit_code, "Nothing is sealed yet" in found.output) == (1, True)


class TestVerifying:
    def test_a_log_as_it_was_written_is_whole(self, council: Council, heads: list[str]) -> None:
        found = verify(council.app, *heads)

        assert found.exit_code == 0, found.output
        assert "9 rows in 2 seals read." in found.output
        assert "2 rows wait to be sealed, since 7 October 2026 at 10" in found.output
        assert "No copied head was given" in verify(council.app).output

    def test_a_row_committed_late_is_sealed_with_the_next(self, council: Council) -> None:
        """Its number was given out first; on PostgreSQL others may be committed, and sealed, before it."""
        look(council, council.partner, *range(1, 4))
        behind_the_back(
            council.app, "CREATE TABLE late AS SELECT * FROM audit WHERE id = 2", "DELETE FROM audit WHERE id = 2"
        )
        seal(council.app)
        behind_the_back(council.app, "INSERT INTO audit SELECT * FROM late", "DROP TABLE late")
        assert verify(council.app).exit_code == 0
        look(council, council.partner, *range(1, 2))

        seal(council.app)

        assert spans(council) == ["1,3", "2,4"]
        assert verify(council.app).exit_code == 0, verify(council.app).output

    def test_a_look_takes_nothing_along_that_was_not_saved(self, council: Council) -> None:
        with council.app.app_context(), writing():
            db.session.execute(text("UPDATE organisation SET name = 'Not saved' WHERE id = 1"))
            remember.before_sending(Entry(AuditKind.LOOK, "families.overview", None, 1))

        with council.app.app_context():
            assert db.session.scalar(text("SELECT count(*) FROM organisation WHERE name = 'Not saved'")) == 0
            assert db.session.scalar(text("SELECT count(*) FROM audit WHERE kind = 'look'")) == 1

    def test_a_key_that_was_replaced_still_tells(self, council: Council) -> None:
        settings: Settings = council.app.config["PORTAL"]
        old, new = "the first of the two secrets" * 2, "the second of the two secrets" * 2
        first, both, second = (
            create_app(settings.model_copy(update={"audit_keys": keys})) for keys in (old, f"{new},{old}", new)
        )
        for app in (first, both):
            with app.app_context():
                remember.before_sending(Entry(AuditKind.LOOK, "families.overview", None, 1))
            seal(app)

        assert verify(both).exit_code == 0
        assert "signed with a key that is not in PORTAL_AUDIT_KEYS any more" in verify(second).output

    def test_rows_from_before_there_were_signatures_are_sealed(self, council: Council) -> None:
        behind_the_back(
            council.app,
            "INSERT INTO audit (at, kind, page) VALUES ('2026-10-01 09:00:00', 'look', 'families.overview')",
        )
        look(council, council.partner, *range(1, 2))
        seal(council.app)
        assert "1 row has no signature, only a seal" in verify(council.app).output

        behind_the_back(council.app, "UPDATE audit SET family_id = 9 WHERE id = 1")

        assert "The rows of seal 1 are not what" in verify(council.app).output


COPY = ", ".join(SIGNED)
SWAP = [
    "UPDATE audit SET id = 99 WHERE id = 2",
    "UPDATE audit SET id = 2 WHERE id = 3",
    "UPDATE audit SET id = 3 WHERE id = 99",
]
TAMPERED = {
    "a family": (["UPDATE audit SET family_id = 8 WHERE id = 2"], "Row 2 was changed after it was written."),
    "a person": (["UPDATE audit SET user_id = 1 WHERE id = 6"], "Row 6 was changed after it was written."),
    "a time": (["UPDATE audit SET at = '2026-10-06 09:00:00' WHERE id = 9"], "Row 9 was changed after it was written."),
    "a kind": (["UPDATE audit SET kind = 'list' WHERE id = 1"], "Row 1 was changed after it was written."),
    "a reason": (["UPDATE audit SET reason = NULL WHERE id = 1"], "Row 1 was changed after it was written."),
    "deleted": (["DELETE FROM audit WHERE id IN (2, 3)"], "Rows 2-3 are gone (seal 1)."),
    "deleted before it was sealed": (["DELETE FROM audit WHERE id = 8"], "1 row is gone before row 9."),
    "put elsewhere": (SWAP, "The rows of seal 1 are not what, or not in the order in which, it sealed."),
    "copied": (
        [f"INSERT INTO audit (id, mac, {COPY}) SELECT 20, mac, {COPY} FROM audit WHERE id = 2"],
        "Row 20 is in the log twice, or was put elsewhere.",
    ),
    "made up": (
        [f"INSERT INTO audit (id, {COPY}) SELECT 20, {COPY} FROM audit WHERE id = 2"],
        "Row 20 was not written by the portal: it has no signature.",
    ),
    "a seal": (["UPDATE audit_seal SET spans = '1-3', row_count = 3 WHERE number = 1"], "Seal 1 was changed"),
    "a seal deleted": (["DELETE FROM audit_seal WHERE number = 1"], "1 seal is gone before seal 2."),
    "seals made anew": (["UPDATE audit_seal SET number = number + 2"], "2 seals are gone before seal 3."),
    "its end cut off": (
        ["DELETE FROM audit WHERE id > 4", "DELETE FROM audit_seal WHERE number > 1"],
        "The chain ends with seal 1, but the head of seal 2 was copied: its end was cut off.",
    ),
    "emptied": (["DELETE FROM audit", "DELETE FROM audit_seal"], "The chain ends with seal 0, but the head of seal"),
}


class TestTampering:
    @pytest.mark.parametrize("what", TAMPERED)
    def test_is_found_and_named(self, council: Council, heads: list[str], what: str) -> None:
        statements, words = TAMPERED[what]
        behind_the_back(council.app, *statements)

        found = verify(council.app, *heads)

        assert found.exit_code == 1
        assert words in found.output
        assert "The log is not whole." in found.output

    def test_a_chain_that_somebody_with_the_key_made_anew_is_not_the_one_that_was_copied(
        self, council: Council, heads: list[str]
    ) -> None:
        behind_the_back(council.app, "DELETE FROM audit_seal")
        seal(council.app)

        assert verify(council.app).exit_code == 0
        assert "Seal 1 is not the one whose head was copied" in verify(council.app, *heads).output
