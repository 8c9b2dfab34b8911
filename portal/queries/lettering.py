"""How wide words are in a picture. Fonts differ from screen to screen, so that every letter counts as a wide one."""

from functools import lru_cache

SIZE = 14
# Parts of the size of the letters, a little above those of the widest font that stands in.
NARROW, MIDDLE, CAPITAL, WIDE = 0.4, 0.62, 0.76, 0.98
BOLD = 1.12
MOST_LINES = 2


def width(words: str, *, bold: bool = False) -> float:
    return sum(map(_of, words)) * SIZE * (BOLD if bold else 1)


@lru_cache(maxsize=1024)
def _of(letter: str) -> float:
    if letter in "mwMW@%…—":
        return WIDE
    if letter in "iljtfrI .,;:'’-!|()":
        return NARROW
    return MIDDLE if letter.islower() or letter.isdigit() else CAPITAL


def cut(words: str, room: float, *, bold: bool = False) -> str:
    """As much as there is room for, with an ellipsis where that is not all."""
    if width(words, bold=bold) <= room:
        return words
    while words and width(words + "…", bold=bold) > room:
        words = words[:-1]
    return words.rstrip() + "…"


def wrapped(words: str, room: float, *, bold: bool = False) -> list[str]:
    """On one line, or between two words on a second; what does not fit there is cut."""
    parts = words.split()
    lines: list[str] = []
    while parts and len(lines) < MOST_LINES:
        fit = len(parts)
        if len(lines) < MOST_LINES - 1:
            while fit > 1 and width(" ".join(parts[:fit]), bold=bold) > room:
                fit -= 1
        lines.append(cut(" ".join(parts[:fit]), room, bold=bold))
        parts = parts[fit:]
    return lines or [""]
