"""What has to be looked at before a copy of a record is given away: whose name stands in a text, what could harm."""

import enum
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property


class Before(enum.IntEnum):
    """What a line asks of whoever gives the copy, the gravest last."""

    NOTHING = 0
    WHOLE_FAMILY = 1
    THIRD_PARTY = 2
    COULD_HARM = 3


WORDS: Mapping[Before, str] = {
    Before.NOTHING: "",
    Before.WHOLE_FAMILY: "About the whole {family}: check before giving",
    Before.THIRD_PARTY: "Third party: check before giving",
    Before.COULD_HARM: "Could do harm: ask the {coordinator} before giving",
}
# One letter stands in too many sentences to be looked for.
SHORTEST = 2


@dataclass(frozen=True)
class Piece:
    """A part of a text; `other`: it names somebody else."""

    text: str
    other: bool = False

    def __str__(self) -> str:
        return f"[THIRD PARTY: {self.text}]" if self.other else self.text


@dataclass(frozen=True)
class Others:
    """What everybody else is called. Where the person is called the same, it is not looked for."""

    names: frozenset[str]

    @classmethod
    def than(cls, own: Iterable[str | None], theirs: Iterable[str | None]) -> "Others":
        mine = {name.casefold() for name in own if name}
        return cls(frozenset(name for name in theirs if name and len(name) >= SHORTEST and name.casefold() not in mine))

    def find(self, text: str) -> list[Piece]:
        """The text in pieces, of which every second names somebody else."""
        if self._pattern is None:
            return [Piece(text)]
        return [Piece(part, bool(place % 2)) for place, part in enumerate(self._pattern.split(text)) if part]

    @cached_property
    def _pattern(self) -> re.Pattern[str] | None:
        # The longest first, so that a whole name is one piece.
        words = "|".join(re.escape(name) for name in sorted(self.names, key=lambda name: (-len(name), name)))
        return re.compile(rf"(?<!\w)({words})(?!\w)", re.IGNORECASE) if words else None
