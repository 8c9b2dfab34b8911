"""The log's tamper evidence: what is signed of a row, which rows a seal holds, and how seals follow each other."""

import enum
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import chain
from typing import Any


class Tied(enum.StrEnum):
    """What tied somebody to a family when they asked for it, the nearest first."""

    OPENED = "opened"
    LEAD = "lead"
    COORDINATOR = "coordinator"
    COVER = "cover"
    MEMBER = "member"


# Who is of its team; whoever opened it in an emergency is not.
OF_THE_TEAM = frozenset(Tied) - {Tied.OPENED}
# In this order, for ever.
SIGNED = (
    "writer",
    "number",
    "at",
    "kind",
    "user_id",
    "organisation_id",
    "roles",
    "standing",
    "family_id",
    "subject",
    "page",
    "row_count",
    "reason",
)
# Added later, and signed only where it is filled: of what a row says of changes the mark, not the words. They may be
# taken away one day with the record that they tell of, and the row still holds.
SIGNED_WHERE_FILLED = ("changes_mark",)
# Longer than any request: a row whose id is below one that was sealed so long ago cannot still be on its way.
SETTLED = timedelta(minutes=10)
_EPOCH, _UNIT = datetime(1970, 1, 1, tzinfo=UTC), timedelta(microseconds=1)


def content(row: Mapping[str, Any]) -> bytes:
    """What is signed of a row: the same bytes whichever database gave it back."""
    later = (row[name] for name in SIGNED_WHERE_FILLED if row[name] is not None)
    return _written([*map(row.__getitem__, SIGNED), *later])


def _written(values: list[Any]) -> bytes:
    plain = [_instant(value) if isinstance(value, datetime) else value for value in values]
    return json.dumps(plain, separators=(",", ":"), ensure_ascii=False).encode()


def _instant(value: datetime) -> int:
    return (value - _EPOCH) // _UNIT


def digest(rows: Iterable[Mapping[str, Any]]) -> str:
    """Of rows as they are, ids, order and signatures included."""
    found = hashlib.sha256()
    for row in rows:
        signed = content(row)
        found.update(f"{row['id']}:{len(signed)}:".encode() + signed + (row["mac"] or "").encode())
    return found.hexdigest()


Span = tuple[int, int]


def spans(ids: Iterable[int]) -> str:
    """Ids in rising order as text: 1-57,60."""
    found: list[list[int]] = []
    for each in ids:
        if found and each == found[-1][1] + 1:
            found[-1][1] = each
        else:
            found.append([each, each])
    return ",".join(str(first) if first == last else f"{first}-{last}" for first, last in found)


def read_spans(text: str) -> list[Span]:
    """The first and last id of each, in rising order."""
    found = (part.partition("-") for part in text.split(","))
    return [(int(first), int(last or first)) for first, _, last in found]


def joined(found: Iterable[Span]) -> list[Span]:
    """The same ids in as few spans as they need."""
    whole: list[Span] = []
    for first, last in sorted(found):
        if whole and first <= whole[-1][1] + 1:
            whole[-1] = (whole[-1][0], max(last, whole[-1][1]))
        else:
            whole.append((first, last))
    return whole


def ids_of(text: str) -> Iterator[int]:
    return chain.from_iterable(range(first, last + 1) for first, last in read_spans(text))


@dataclass(frozen=True)
class Seal:
    """What one seal says. Its signature takes in the one before, so that none can be left out or put elsewhere."""

    number: int
    previous: str
    sealed_at: datetime
    spans: str
    high_id: int
    row_count: int
    digest: str

    @property
    def content(self) -> bytes:
        return _written([*vars(self).values()])


@dataclass(frozen=True)
class Head:
    """The last seal, to be copied to where whoever can change the database cannot write."""

    number: int
    mac: str

    def __str__(self) -> str:
        return f"{self.number}:{self.mac}"

    @classmethod
    def read(cls, text: str) -> "Head":
        """A copied head. Raises ValueError."""
        number, _, mac = text.strip().partition(":")
        if not mac:
            raise ValueError(text)
        return cls(int(number), mac)
