"""docs/asvs.csv says of each item what shows that it holds: tests and headings that are there, or nothing yet."""

import ast
import csv
import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
COLUMNS = ["item", "level", "subject", "state", "proof"]
STATES = {"tested", "documented", "open", "not applicable"}
Row = dict[str, str]

with (ROOT / "docs" / "asvs.csv").open(encoding="utf-8", newline="") as file:
    ROWS: list[Row] = list(csv.DictReader(file))


def proofs(state: str) -> list[object]:
    return [
        pytest.param(each, id=f"{row['item']} {each}")
        for row in ROWS
        if row["state"] == state
        for each in row["proof"].split()
    ]


@cache
def names_in(path: Path) -> set[str]:
    """As pytest names them."""
    found = set()
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        inside = node.body if isinstance(node, ast.ClassDef) else [node]
        before = f"{node.name}::" if isinstance(node, ast.ClassDef) else ""
        found |= {before + each.name for each in inside if isinstance(each, ast.FunctionDef)}
    return {name for name in found if name.rpartition("::")[2].startswith("test_")}


@cache
def headings_of(path: Path) -> set[str]:
    """As links name them."""
    headings = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_every_row_says_how_it_stands() -> None:
    for row in ROWS:
        assert list(row) == COLUMNS, row
        assert all(word.strip() for word in row.values()), row
        assert re.fullmatch(r"V\d+\.\d+\.\d+", row["item"]), row
        assert row["level"] in {"1", "2"}, row
        assert row["state"] in STATES, row


def test_each_item_stands_once_and_in_its_place() -> None:
    items = [tuple(map(int, row["item"][1:].split("."))) for row in ROWS]

    assert items == sorted(set(items))


@pytest.mark.parametrize("named", proofs("tested"))
def test_what_is_tested_names_tests_that_are_there(named: str) -> None:
    path, _, name = named.partition("::")

    assert path.startswith("tests/")
    assert name in names_in(ROOT / path)


@pytest.mark.parametrize("named", proofs("documented"))
def test_what_is_documented_names_headings_that_are_there(named: str) -> None:
    path, _, heading = named.partition("#")

    assert path.startswith("docs/")
    assert heading in headings_of(ROOT / path)


def test_the_threat_model_says_how_many_are_open() -> None:
    said = (ROOT / "docs" / "threat-model.md").read_text(encoding="utf-8")
    stand = Counter(row["state"] for row in ROWS)

    assert f"Of its {len(ROWS)} items, {stand['open']} are open" in " ".join(said.split())
