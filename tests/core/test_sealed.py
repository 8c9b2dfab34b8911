"""What is sealed: unreadable in the database, readable for its own row, and refused in any other."""

import base64
import stat
from pathlib import Path
from typing import Any, cast

import pytest
from flask import Flask
from sqlalchemy import String, Text, select, type_coerce

from portal.core import clock, sealing
from portal.core.config import Settings
from portal.core.db import db
from portal.core.errors import Unreadable
from portal.core.sealed import SealedText, everywhere
from portal.models.proving import AuthenticatorApp
from portal.models.record import FormDraft
from tests.support.keys import KEY, NEWER, readable, run, with_keys
from tests.support.people import Council

TYPED = "She told us about the blue door"


def a_draft(council: Council, form: str = "notes.write", typed: str = TYPED) -> int:
    with council.behind_the_scenes():
        draft = FormDraft(user_id=council.lead.id, form=form, subject="", saved_at=clock.now())
        draft.answers = {"text": [typed]}
        db.session.add(draft)
        db.session.flush()
        return draft.id


def typed_in(app: Flask, row: int) -> Any:
    with app.app_context():
        return db.session.get_one(FormDraft, row).answers["text"]


def stored(app: Flask, row: int) -> str:
    with app.app_context():
        column = type_coerce(FormDraft.answers_sealed, Text)
        return str(db.session.scalars(select(column).where(FormDraft.id == row)).one())


class TestSealed:
    def test_column_is_named_as_where_it_lies(self, app: Flask) -> None:
        with app.app_context():
            found = everywhere(db.metadata)

            assert found
            for table, column in found:
                kind = table.c[column].type
                assert isinstance(kind, SealedText)
                assert kind.place == f"{table.name}.{column}"

    def test_mark_lies_beside_it_where_a_look_up_is_quick(self, app: Flask) -> None:
        with app.app_context():
            kinds = [(table, cast(SealedText, table.c[column].type)) for table, column in everywhere(db.metadata)]
            marks = [table.c[kind.mark] for table, kind in kinds if kind.mark]

            assert marks
            for mark in marks:
                assert any(list(index.columns) == [mark] for index in mark.table.indexes)
                assert len(sealing.keys().mark("a.b", "x")) == cast(String, mark.type).length

    def test_mark_is_of_one_column_and_one_key(self, app: Flask, settings: Settings) -> None:
        with app.app_context():
            here, elsewhere = (sealing.keys().mark(place, "AF1 1AA") for place in ("a.b", "a.c"))
        with with_keys(settings, NEWER, KEY).app_context():
            newer, both = sealing.keys().mark("a.b", "AF1 1AA"), sealing.keys().marks("a.b", "AF1 1AA")

        assert len({here, elsewhere, newer}) == 3
        assert both == [newer, here]

    def test_value_is_read_as_it_was_written_and_not_in_the_database(self, council: Council) -> None:
        row = a_draft(council)

        assert typed_in(council.app, row) == [TYPED]
        assert TYPED not in readable(council.app)
        assert "notes.write" in readable(council.app)

    def test_value_is_never_sealed_twice_alike(self, council: Council) -> None:
        first, second = a_draft(council, "one"), a_draft(council, "two")

        assert stored(council.app, first) != stored(council.app, second)
        assert typed_in(council.app, first) == typed_in(council.app, second)

    def test_value_of_another_row_is_refused(self, council: Council) -> None:
        first, second = a_draft(council, "one", "of the first"), a_draft(council, "two", "of the second")
        run(council.app, f"UPDATE form_draft SET answers_sealed = '{stored(council.app, first)}' WHERE id = {second}")

        assert typed_in(council.app, first) == ["of the first"]
        with pytest.raises(Unreadable, match="belongs to another row"):
            typed_in(council.app, second)

    def test_value_of_another_column_is_refused(self, app: Flask) -> None:
        with app.app_context():
            sealed = sealing.keys().seal("authenticator_app.secret_sealed", 1, "SECRET")

            with pytest.raises(Unreadable):
                sealing.keys().open("form_draft.answers_sealed", 1, sealed)
            assert sealing.keys().open("authenticator_app.secret_sealed", 1, sealed) == "SECRET"

    def test_value_of_which_one_bit_was_turned_is_refused(self, app: Flask) -> None:
        with app.app_context():
            head, _, content = sealing.keys().seal("a.b", 1, "SECRET").rpartition(".")
            raw = base64.urlsafe_b64decode(content)
            for place in range(len(raw)):
                turned = bytes([*raw[:place], raw[place] ^ 1, *raw[place + 1 :]])
                with pytest.raises(Unreadable):
                    sealing.keys().open("a.b", 1, f"{head}.{base64.urlsafe_b64encode(turned).decode()}")

    @pytest.mark.parametrize("text", ["", "1.", "1.00000000.AAAA", "plain words", "2.abc.def", "1.x.é"])
    def test_value_that_was_never_sealed_is_refused(self, app: Flask, text: str) -> None:
        with app.app_context(), pytest.raises(Unreadable):
            sealing.keys().open("a.b", 1, text)

    def test_value_keeps_letters_of_every_kind(self, council: Council) -> None:
        typed = "Zoë’s “note”\n日本 👋"

        assert typed_in(council.app, a_draft(council, typed=typed)) == [typed]

    def test_same_text_again_changes_nothing(self, council: Council) -> None:
        row = a_draft(council)
        before = stored(council.app, row)

        with council.behind_the_scenes():
            draft = db.session.get_one(FormDraft, row)
            draft.answers = {"text": [TYPED]}
            assert not db.session.is_modified(draft)
            draft.answers = {"text": ["Another"]}

        assert stored(council.app, row) != before
        assert typed_in(council.app, row) == ["Another"]

    def test_column_is_compared_with_no_text_and_shown_nowhere_unopened(self, council: Council) -> None:
        row = a_draft(council)
        with council.behind_the_scenes():
            with pytest.raises(Exception, match="is sealed"):
                db.session.scalars(select(FormDraft.id).where(FormDraft.answers == TYPED)).all()
            db.session.rollback()
            sealed = db.session.scalars(select(FormDraft.answers_sealed).where(FormDraft.id == row)).one()
            with pytest.raises(TypeError, match="is sealed"):
                str(sealed)
            with pytest.raises(TypeError, match="is sealed"):
                sealed.__html__()

    def test_secret_of_an_app_lies_nowhere_readable(self, council: Council) -> None:
        with council.behind_the_scenes():
            app = AuthenticatorApp(user_id=council.lead.id, secret="JBSWY3DPEHPK3PXP", made_at=clock.now())
            db.session.add(app)
        with council.behind_the_scenes():
            assert db.session.scalars(select(AuthenticatorApp)).one().secret == "JBSWY3DPEHPK3PXP"

        assert "JBSWY3DPEHPK3PXP" not in readable(council.app)


class TestKeys:
    def test_older_one_opens_still_and_the_newest_seals(self, council: Council, settings: Settings) -> None:
        row = a_draft(council)
        both = with_keys(settings, NEWER, KEY)

        assert typed_in(both, row) == [TYPED]
        assert stored(both, row) == stored(council.app, row)
        with both.app_context():
            assert sealing.keys().seal("a.b", 1, "x").split(".")[1] == sealing.keys().newest
            assert sealing.keys().newest not in stored(both, row)

    def test_one_that_was_taken_away_too_early_is_named(self, council: Council, settings: Settings) -> None:
        row = a_draft(council)

        with pytest.raises(Unreadable, match="its key is not there"):
            typed_in(with_keys(settings, NEWER), row)

    def test_outside_production_lies_in_the_instance_folder_for_its_account_alone(
        self, app: Flask, settings: Settings, tmp_path: Path
    ) -> None:
        first, second = (with_keys(settings, instance_folder=tmp_path / "own") for _ in range(2))

        with first.app_context():
            sealed = sealing.keys().seal("a.b", 1, "x")
        with second.app_context():
            assert sealing.keys().open("a.b", 1, sealed) == "x"
        assert [each.name for each in (tmp_path / "own").iterdir()] == ["field-keys"]
        assert stat.S_IMODE((tmp_path / "own" / "field-keys").stat().st_mode) == 0o600

    def test_two_processes_that_make_one_at_one_instant_have_the_same(
        self, app: Flask, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        write = sealing.write

        def another_was_faster(path: Path, given: tuple[str, ...]) -> None:
            write(path, given)
            write(tmp_path / "field-keys", ("what another process wrote there a moment before",))

        monkeypatch.setattr(sealing, "write", another_was_faster)
        mine = with_keys(settings, instance_folder=tmp_path)
        with mine.app_context():
            sealed = sealing.keys().seal("a.b", 1, "x")
        monkeypatch.undo()

        with with_keys(settings, instance_folder=tmp_path).app_context():
            assert sealing.keys().open("a.b", 1, sealed) == "x"
        assert [each.name for each in tmp_path.iterdir()] == ["field-keys"]
