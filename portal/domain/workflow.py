"""Lives as data: states, moves, and the reader that says what is open."""

import enum
from dataclasses import dataclass

from portal.domain.permissions import P


@dataclass(frozen=True)
class Move:
    """One row of a life. A target of None keeps the state: something is recorded, nothing moves."""

    name: str
    sources: frozenset[enum.StrEnum]
    target: enum.StrEnum | None
    permission: P
    event: str
    needs: tuple[str, ...] = ()
    guards: tuple[str, ...] = ()
    notify: tuple[str, ...] = ()
    # For some minutes, whoever made it can take it back (domain/undo.py).
    undoable: bool = False


@dataclass(frozen=True)
class Workflow:
    """A life: its states, where it starts, its moves. `guards` hold before each of them."""

    name: str
    states: type[enum.StrEnum]
    starts: tuple[enum.StrEnum, ...]
    moves: tuple[Move, ...]
    guards: tuple[str, ...] = ()

    def move(self, name: str) -> Move:
        """The row of that name. Raises LookupError: a name that is not in the table is a fault of the program."""
        for row in self.moves:
            if row.name == name:
                return row
        raise LookupError(f"{self.name} has no move {name!r}")

    def is_open(self, name: str, state: enum.StrEnum) -> bool:
        return state in self.move(name).sources

    def open_moves(self, state: enum.StrEnum) -> list[Move]:
        """The moves that can be made from a state, in the table's order."""
        return [row for row in self.moves if state in row.sources]

    def reachable(self) -> set[enum.StrEnum]:
        """Every state that some chain of moves arrives at from a start."""
        found: set[enum.StrEnum] = set(self.starts)
        while True:
            further = {row.target for row in self.moves if row.target and row.sources & found} - found
            if not further:
                return found
            found |= further


def of(*states: enum.StrEnum) -> frozenset[enum.StrEnum]:
    """The states a move starts from, as they are written in a row."""
    return frozenset(states)


def but(states: type[enum.StrEnum], *ends: enum.StrEnum) -> frozenset[enum.StrEnum]:
    """Every state of a life except the ones named."""
    return frozenset(states) - frozenset(ends)
