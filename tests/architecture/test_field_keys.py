"""Keys of what is sealed are replaced while people work, and nothing is lost on the way."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import Text, select, type_coerce, update

from portal import readiness
from portal.core import clock, resealing, sealing
from portal.core.config import Settings
from portal.core.db import db, writing
from portal.core.sealed import Sealed, holds
from portal.models.families import Household
from portal.models.record import Audit, FormDraft
from portal.policies.scope import unscoped
from tests.support.keys import KEY, NEWER, damage, with_keys
from tests.support.people import Council, a_family

MANY = 3 * resealing.BATCH + 7
NEW = sealing.read((NEWER,)).newest
OLD = sealing.read((KEY,)).newest


@pytest.fixture
def drafts(council: Council) -> list[int]:
    """Sealed with the older key."""
    with council.behind_the_scenes():
        rows = [
            FormDraft(user_id=council.lead.id, form=f"form {number}", subject="", saved_at=clock.now())
            for number in range(MANY)
        ]
        for row in rows:
            row.answers = {"text": [f"what was typed into {row.form}"]}
        db.session.add_all(rows)
        db.session.flush()
        return [row.id for row in rows]


@pytest.fixture
def both(settings: Settings) -> Iterator[Flask]:
    app = with_keys(settings, NEWER, KEY)
    yield app
    with app.app_context():
        db.engine.dispose()


def rotate(app: Flask) -> Result:
    return app.test_cli_runner().invoke(args=["portal", "keys", "rotate"])


def lived_at(app: Flask, *postcodes: str) -> list[int]:
    with app.app_context(), unscoped("a test looks for homes"):
        found = [
            db.session.scalars(select(Household.family_id).where(holds(Household.postcode, each))).all()
            for each in postcodes
        ]
    return [family_id for each in found for family_id in each]


def by_key(app: Flask) -> dict[str, int]:
    with app.app_context(), db.engine.connect() as connection:
        return dict(resealing.by_key(connection, db.metadata))


def all_typed(app: Flask) -> list[str]:
    with app.app_context():
        return [row.answers["text"][0] for row in db.session.scalars(select(FormDraft).order_by(FormDraft.id))]


def as_typed() -> list[str]:
    return [f"what was typed into form {number}" for number in range(MANY)]


@pytest.fixture
def everything(drafts: list[int], both: Flask) -> int:
    """How many values are sealed: the drafts', and how each account is reached."""
    return sum(by_key(both).values())


class TestRotating:
    def test_seals_everything_anew_and_says_which_key_can_go(
        self, everything: int, both: Flask, settings: Settings
    ) -> None:
        assert everything > MANY
        assert by_key(both) == {OLD: everything}

        done = rotate(both)

        assert done.exit_code == 0, done.output
        assert "form_draft.answers_sealed: 200\nform_draft.answers_sealed: 400\n" in done.output
        assert f"{everything} values are encrypted anew, with the key {NEW}." in done.output
        assert f"Nothing is encrypted with {OLD} any more." in done.output
        assert by_key(both) == {NEW: everything}
        assert all_typed(with_keys(settings, NEWER)) == as_typed()
        with both.app_context():
            remembered = db.session.scalars(select(Audit).where(Audit.page == "cli.keys_rotate")).one()
            assert (remembered.rows, remembered.subject) == (everything, NEW)

    def test_again_does_nothing_and_says_so(self, drafts: list[int], both: Flask) -> None:
        rotate(both)

        again = rotate(both)

        assert again.exit_code == 0
        assert "0 values are encrypted anew" in again.output
        assert f"Nothing is encrypted with {OLD} any more." in again.output

    def test_killed_in_the_middle_is_finished_the_next_time(
        self, everything: int, both: Flask, settings: Settings
    ) -> None:
        environment = os.environ | {
            "PORTAL_ENVIRONMENT": "test",
            "PORTAL_DATABASE_URL": both.config["SQLALCHEMY_DATABASE_URI"].replace("+psycopg", ""),
            "PORTAL_FIELD_KEYS": f"{NEWER},{KEY}",
            "PORTAL_INSTANCE_FOLDER": str(settings.instance_folder),
        }
        command = [sys.executable, "-m", "flask", "--app", "portal", "portal", "keys", "rotate"]
        with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            assert "form_draft.answers_sealed: 200\n" in process.stdout, "it never came to the first batch"
            process.send_signal(signal.SIGKILL)
            process.wait()
        half = by_key(both)
        assert half[NEW] >= resealing.BATCH
        assert half[OLD] > 0, "it was over before it could be killed"
        assert all_typed(both) == as_typed()

        done = rotate(both)

        assert f"{half[OLD]} values are encrypted anew" in done.output
        assert by_key(both) == {NEW: everything}
        assert all_typed(both) == as_typed()

    def test_leaves_what_somebody_saves_meanwhile_as_they_saved_it(
        self,
        drafts: list[int],
        everything: int,
        both: Flask,
        settings: Settings,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        """Somebody on a server that has the new key, and not first yet. On SQLite between two transactions; on
        PostgreSQL between the reading of a row and its writing."""
        other = with_keys(settings, KEY, NEWER)
        opened, sqlite = sealing.Keys.open, "sqlite" in both.config["SQLALCHEMY_DATABASE_URI"]
        moment = drafts[0] if sqlite else drafts[-1]
        saved: list[int] = []

        def save() -> None:
            saved.append(moment)
            with other.app_context(), writing():
                db.session.get_one(FormDraft, moment).answers = {"text": ["what was saved meanwhile"]}
                db.session.commit()

        def and_then_somebody_saves(self: sealing.Keys, place: str, row: int, sealed: str) -> str:
            plain = opened(self, place, row, sealed)
            if row == moment and not saved and not sqlite:
                save()
            return plain

        def after_a_batch(words: str) -> None:
            if sqlite and not saved and words.startswith("form_draft"):
                save()

        monkeypatch.setattr(sealing.Keys, "open", and_then_somebody_saves)
        with both.app_context():
            resealing.reseal(db.engine, db.metadata, sealing.keys(), after_a_batch)

        assert saved == [moment]
        assert by_key(both) == {NEW: everything - 1, OLD: 1}
        wanted = as_typed()
        wanted[drafts.index(moment)] = "what was saved meanwhile"
        assert all_typed(both) == wanted
        assert "1 value is encrypted anew" in rotate(both).output
        assert by_key(both) == {NEW: everything}
        assert all_typed(both) == wanted

    def test_a_postcode_is_found_before_meanwhile_and_afterwards(
        self, council: Council, both: Flask, settings: Settings
    ) -> None:
        """A look-up by a server that has both keys, before anything is sealed anew; then by one with the new alone."""
        home, newer = a_family(council), a_family(council, name="Nowak")
        with both.app_context(), writing(), unscoped("a test moves somebody"):
            house = db.session.scalars(select(Household).where(Household.family_id == newer.id)).one()
            house.postcode = "AF2 2BB"
            db.session.commit()
        assert lived_at(both, "AF1 1AA", "AF2 2BB") == [home.id, newer.id]
        assert lived_at(council.app, "AF1 1AA", "AF2 2BB") == [home.id]

        rotate(both)

        alone = with_keys(settings, NEWER)
        assert lived_at(alone, "AF1 1AA", "AF2 2BB", "AF3 3CC") == [home.id, newer.id]
        assert lived_at(council.app, "AF1 1AA", "AF2 2BB") == []

    def test_names_what_cannot_be_read_and_leaves_it_as_it_is(
        self, drafts: list[int], everything: int, both: Flask
    ) -> None:
        stored = type_coerce(FormDraft.answers_sealed, Text)
        with both.app_context(), writing(), db.engine.begin() as connection:
            first = connection.execute(select(stored).where(FormDraft.id == drafts[0])).scalar_one()
            connection.execute(
                update(FormDraft).where(FormDraft.id == drafts[5]).values(answers_sealed=_as_it_is(first))
            )

        done = rotate(both)

        assert done.exit_code == 1
        assert f"Cannot be read, and was left as it is: form_draft.answers_sealed of row {drafts[5]}" in done.output
        assert f"1 value is still encrypted with the key {OLD}." in done.output
        assert "Nothing is encrypted with" not in done.output
        assert by_key(both) == {NEW: everything - 1, OLD: 1}


class TestTrying:
    def test_says_what_cannot_be_read_and_never_what_it_holds(self, drafts: list[int], both: Flask) -> None:
        command = ["portal", "keys", "check"]
        fine = both.test_cli_runner().invoke(args=command)
        damage(both, "form_draft.answers_sealed", row=drafts[5])

        done = both.test_cli_runner().invoke(args=command)

        assert (fine.exit_code, fine.output) == (0, "Everything that is encrypted can be read.\n")
        assert done.exit_code == 1
        assert f"Cannot be read: form_draft.answers_sealed of row {drafts[5]}\n" in done.output
        assert "1 value cannot be read." in done.output


def _as_it_is(sealed: str) -> Sealed:
    return Sealed("form_draft.answers_sealed", sealed, sealing.read((KEY,)))


class TestNewKey:
    def test_is_printed_alone_where_the_setting_holds_them(self, both: Flask) -> None:
        done = both.test_cli_runner().invoke(args=["portal", "keys", "new"])

        assert done.exit_code == 0
        (key,) = done.stdout.split()
        assert len(key) >= 48
        assert "Put this key first in PORTAL_FIELD_KEYS" in done.stderr
        assert "portal keys rotate" in done.stderr

    def test_is_put_first_where_they_lie_in_the_instance_folder(
        self, app: Flask, settings: Settings, tmp_path: Path
    ) -> None:
        before = with_keys(settings, instance_folder=tmp_path)
        with before.app_context():
            sealed = sealing.keys().seal("a.b", 1, "x")

        done = before.test_cli_runner().invoke(args=["portal", "keys", "new"])

        after = with_keys(settings, instance_folder=tmp_path)
        with before.app_context(), after.app_context():
            assert sealing.keys().open("a.b", 1, sealed) == "x"
            assert sealing.keys().newest not in sealed
        assert str(tmp_path / "field-keys") in done.stderr
        assert (tmp_path / "field-keys").stat().st_mode & 0o777 == 0o600
        assert [each.name for each in tmp_path.iterdir()] == ["field-keys"]


class TestChecking:
    def test_names_a_key_that_is_needed_and_not_there(
        self, everything: int, settings: Settings, council: Council
    ) -> None:
        without = with_keys(settings, NEWER)

        assert (
            f"{everything} encrypted values need the key {OLD}, which PORTAL_FIELD_KEYS does not hold. Put it back, "
            "behind the first." in list(readiness.faults(without))
        )
        assert "encrypted value" not in "".join(readiness.faults(council.app))
