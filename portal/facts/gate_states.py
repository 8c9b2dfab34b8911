"""One gate as it stands, and how a judge of gates asks for what it reads."""

from collections import defaultdict
from collections.abc import Generator
from dataclasses import dataclass
from datetime import date
from typing import Any

from portal.domain.gate_words import GATES
from portal.domain.step_downs import Gate
from portal.facts.handovers import Scene
from portal.facts.waivers import Waiver


@dataclass(frozen=True)
class GateState:
    """One gate. `waits_on` is a name, or a concept in braces; `since` the day it began to wait. `waived`: it holds only
    because both managers went on without it for a time. `note`: what to know of one that holds."""

    gate: Gate
    words: str
    holds: bool
    waits_on: str | None = None
    since: date | None = None
    detail: str | None = None
    waived: Waiver | None = None
    note: str | None = None


Found = defaultdict[int, list[Any]]
# A judge first says what it has to read, is given the rows of each by what they are about, and then judges.
Judge = Generator[list[Any], list[Found], dict[int, GateState]]


def ids(scenes: list[Scene]) -> list[int]:
    return [scene.id for scene in scenes]


def families(scenes: list[Scene]) -> list[int]:
    return [scene.step_down.family_id for scene in scenes]


def by_key(rows: list[Any]) -> Found:
    """Rows by their `key`, in the order of their `place`."""
    found: Found = defaultdict(list)
    for row in sorted(rows, key=lambda row: row.place):
        found[row.key].append(row)
    return found


def state(
    gate: Gate,
    holds: bool,
    waits_on: str,
    since: date | None,
    detail: str | None = None,
    *,
    words: str | None = None,
) -> GateState:
    words = words or GATES[gate]
    if holds:
        return GateState(gate, words, holds=True)
    return GateState(gate, words, holds=False, waits_on=waits_on, since=since, detail=detail)
