"""The languages in which a family can answer, each from a file of its own."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "languages"
ENGLISH = "en"


@dataclass(frozen=True)
class Language:
    """What the page behind a link says in one language. `checked`: somebody who speaks it has read all of it."""

    code: str
    name: str
    direction: str
    checked: bool
    months: tuple[str, ...]
    words: Mapping[str, str]

    def say(self, key: str, **places: str) -> str:
        return self.words[key].format(**places)

    def date(self, day: date) -> str:
        return f"{day.day} {self.months[day.month - 1]} {day.year}"


@cache
def language(code: str) -> Language:
    """Raises LookupError where there is no file of that language."""
    path = FOLDER / f"{code}.toml"
    if code not in shipped():
        raise LookupError(f"There is no language {code}")
    found = tomllib.loads(path.read_text(encoding="utf-8"))
    return Language(code, found["name"], found["direction"], found["checked"], tuple(found["months"]), found["words"])


@cache
def shipped() -> tuple[str, ...]:
    """The codes of all languages that have a file, English first."""
    codes = sorted(path.stem for path in FOLDER.glob("*.toml"))
    return (ENGLISH, *(code for code in codes if code != ENGLISH))


def chosen(codes: str) -> tuple[Language, ...]:
    """The languages of a setting, comma-separated; English alone where none of them is known."""
    named = [code.strip() for code in codes.split(",")]
    return tuple(language(code) for code in named if code in shipped()) or (language(ENGLISH),)
