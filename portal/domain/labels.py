"""What words are made of: a state's label with its colour, something for each member of an enum."""

import enum
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar


class Colour(enum.StrEnum):
    """Yellow waits for someone, orange came back, blue goes on, green started; red: nobody holds this family."""

    PLAIN = ""
    YELLOW = "yellow"
    ORANGE = "orange"
    BLUE = "blue"
    GREEN = "green"
    GREY = "grey"
    RED = "red"


@dataclass(frozen=True)
class Label:
    words: str
    colour: Colour = Colour.PLAIN


T = TypeVar("T")


class Wording(Mapping[enum.Enum, T]):
    """Something for each member of several enums. Members of two of them may be equal as text ("accepted" of a
    step-down and of a lead): a dict would give the words of one to the other."""

    def __init__(self, *pairs: tuple[enum.Enum, T]) -> None:
        self._members = [member for member, _ in pairs]
        self._words = {(type(member), member.value): words for member, words in pairs}

    def __getitem__(self, member: enum.Enum) -> T:
        return self._words[type(member), member.value]

    def __iter__(self) -> Iterator[enum.Enum]:
        return iter(self._members)

    def __len__(self) -> int:
        return len(self._members)
