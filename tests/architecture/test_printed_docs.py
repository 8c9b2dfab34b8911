"""Pages of docs/ that are printed from the code say what the code says."""

import re
from pathlib import Path

import pytest
from flask import Flask

from portal import printed
from portal.domain.permissions import GRANTS
from portal.domain.roles import Role, Tie

DOCS = Path(__file__).resolve().parents[2] / "docs"


@pytest.mark.parametrize("name", printed.pages())
def test_page_is_up_to_date(name: str) -> None:
    found = (DOCS / name).read_text(encoding="utf-8")

    assert found == printed.pages()[name], "print it again: flask --app portal portal print-docs"


def test_nothing_raw_is_printed() -> None:
    for name, text in printed.pages().items():
        assert not re.search(r"\{\w+|\bNone\b|PydanticUndefined", text), name


def test_everybody_who_holds_a_permission_has_a_name() -> None:
    standings = {standing for granted in GRANTS.values() for standing in granted}

    assert standings <= set(printed.ORDER) == {*Role, *Tie}
    assert set(printed.TIES) == set(Tie)


def test_command_writes_what_changed_and_no_more(migrated: Flask, tmp_path: Path) -> None:
    runner = migrated.test_cli_runner()

    first = runner.invoke(args=["portal", "print-docs", str(tmp_path)])
    second = runner.invoke(args=["portal", "print-docs", str(tmp_path)])

    assert first.exit_code == second.exit_code == 0
    assert first.output.count("is written anew") == len(printed.pages())
    assert second.output == ""


@pytest.mark.parametrize("path", sorted(DOCS.rglob("*.md")), ids=lambda path: path.name)
def test_links_and_code_that_pages_name_are_there(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", text):
        assert (path.parent / target).exists(), target
    for target in re.findall(r"`((?:portal|tests|migrations)/[\w/.]+)`", text):
        assert (DOCS.parent / target).exists(), target


def test_decisions_are_numbered_without_gaps_and_fit_a_screen() -> None:
    pages = sorted((DOCS / "decisions").glob("*.md"))

    assert [path.name[:4] for path in pages] == [f"{number:04}" for number in range(1, len(pages) + 1)]
    assert all(len(path.read_text(encoding="utf-8").splitlines()) <= 60 for path in pages)
