"""Which passwords are good enough: long, not known to those who guess, and not made of what everybody knows."""

import hashlib
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable
from functools import cache
from pathlib import Path

SHORTEST, LONGEST = 15, 200
FEWEST_DIFFERENT = 6
SHORTEST_NAME = 4
# Sorted beginnings of hashes of more than 300,000 common and leaked passwords: tools/common_passwords.py makes it.
FILE = Path(__file__).with_name("common_passwords.bin")
BYTES = 5


def normal(password: str) -> str:
    """As it is kept: one way of writing an accent, whatever the keyboard. Spaces and capitals count."""
    return unicodedata.normalize("NFC", password)


def fault(password: str, about: Iterable[str]) -> str | None:
    """Why it is not good enough, in words; None where it is. `about`: what everybody knows of this person and the
    portal, of which a password is not made."""
    if len(password) < SHORTEST:
        return f"Your password must have {SHORTEST} characters or more"
    if len(password) > LONGEST:
        return f"Your password must have {LONGEST} characters or fewer"
    if len(set(password.casefold())) < FEWEST_DIFFERENT or is_repeated(password.casefold()):
        return "Choose a password that does not say the same again and again"
    if any(part in _run_together(password) for part in _parts(about)):
        return "Choose a password without your name, your email address or the name of this service in it"
    if is_common(password):
        return "This password is on lists of common passwords that people who break in try first. Choose another"
    return None


def is_repeated(text: str) -> bool:
    """Whether it is one short piece over and over, the last time maybe not to its end."""
    return any(text == (text[:size] * len(text))[: len(text)] for size in range(1, len(text) // 2 + 1))


def is_common(password: str) -> bool:
    wanted, known = digest(password), _known()
    count = len(known) // BYTES
    found = bisect_left(range(count), wanted, key=lambda number: known[number * BYTES : (number + 1) * BYTES])
    return known[found * BYTES : (found + 1) * BYTES] == wanted


def digest(password: str) -> bytes:
    """What the list keeps of a password, whatever its capitals."""
    return hashlib.sha256(normal(password).casefold().encode("utf-8", "replace")).digest()[:BYTES]


@cache
def _known() -> bytes:
    return FILE.read_bytes()


def of_person(name: str, email: str) -> list[str]:
    """What everybody knows of somebody."""
    return [*name.split(), email, email.partition("@")[0]]


def _parts(about: Iterable[str]) -> set[str]:
    """Short ones stand in many a word by chance."""
    return {part for part in map(_run_together, about) if len(part) >= SHORTEST_NAME}


def _run_together(text: str) -> str:
    return "".join(text.casefold().split())
