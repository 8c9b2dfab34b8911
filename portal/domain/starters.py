"""Starter plans for common situations: what families often need, and what often helps; each is adjusted before use."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from portal.domain.plans import Headline

FILE = Path(__file__).with_name("starter_plans.json")


@dataclass(frozen=True)
class StarterAction:
    what: str
    weeks: int


@dataclass(frozen=True)
class StarterNeed:
    """`whose`: child, parent or family."""

    headline: Headline
    whose: str
    what: str
    outcome: str
    actions: tuple[StarterAction, ...]


@dataclass(frozen=True)
class Starter:
    key: str
    title: str
    when: str
    needs: tuple[StarterNeed, ...]


@cache
def starters() -> Mapping[str, Starter]:
    """By key, in the file's order."""
    return {row["key"]: _starter(row) for row in json.loads(FILE.read_text(encoding="utf-8"))}


def _starter(row: Mapping[str, Any]) -> Starter:
    needs = tuple(
        StarterNeed(
            Headline(need["headline"]),
            need["whose"],
            need["what"],
            need["outcome"],
            tuple(StarterAction(action["what"], action["weeks"]) for action in need["actions"]),
        )
        for need in row["needs"]
    )
    return Starter(row["key"], row["title"], row["when"], needs)
