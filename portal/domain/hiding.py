"""Words that must not stand: why, how they are found wherever they stand, and what stands there then."""

import enum
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from portal.domain.dates import full


class WhyHidden(enum.StrEnum):
    WHERE_SOMEBODY_IS = "where_somebody_is"
    WRONG_FAMILY = "wrong_family"
    SAID_IN_CONFIDENCE = "said_in_confidence"
    SOMEBODY_ELSE = "somebody_else"
    OTHER = "other"


WHY: Mapping[WhyHidden, str] = {
    WhyHidden.WHERE_SOMEBODY_IS: "They tell where somebody is who must not be found",
    WhyHidden.WRONG_FAMILY: "They are about another {family}",
    WhyHidden.SAID_IN_CONFIDENCE: "They were said in confidence, or may be known to fewer people",
    WhyHidden.SOMEBODY_ELSE: "They tell of somebody outside the {family} what is nobody’s business here",
    WhyHidden.OTHER: "Something else",
}
# From so many places on it is asked whether all of them are meant.
MANY = 10
FEWEST_LETTERS, FEWEST_DIGITS = 3, 5
# Short words of every sentence: alone, or in a row of their own, they name nobody and nothing.
EVERYDAY = (
    " a all am an and any are as at be but by could did do does for from had has have he her him his how i if in is it "
    "its me my no not of off on or our out she so than that the their them then there they this to too was we were "
    "what when who why with would yes yet you your "
)
MARK = re.compile(r"\[Hidden on [0-9]{1,2} [A-Z][a-z]+ [0-9]{4}, Z-[0-9]+\]")
_WITH_MARKS = re.compile(f"({MARK.pattern})")
# What stands where not even the mark fits.
CUT_MARK = "[Hidden]"
_ALIKE = {"'": "['’‘]", "’": "['’‘]", "‘": "['’‘]", "-": "[-–—]", "–": "[-–—]", "—": "[-–—]", '"': '["“”]'}


def mark(ref: str, day: date) -> str:
    """[Hidden on 3 March 2025, Z-12]"""
    return f"[Hidden on {full(day)}, {ref}]"


def around_marks(text: str) -> list[str]:
    """What of a text still stands, where some of it was hidden before."""
    return [part.strip() for part in MARK.split(text) if any(map(str.isalnum, part))]


def too_short(words: str) -> bool:
    """Whether they would be met by chance."""
    letters, digits = sum(map(str.isalpha, words)), sum(map(str.isdigit, words))
    if letters + digits < FEWEST_LETTERS or (not letters and digits < FEWEST_DIGITS):
        return True
    return all(f" {part} " in EVERYDAY for part in re.findall(r"\w+", words.casefold()))


def pattern(wordings: Iterable[str]) -> re.Pattern[str]:
    """Finds each of them as whole words: capital letters, spaces, line breaks and the shape of quotes and dashes make
    no difference. A concept in braces is the portal's own."""
    found = (_of(words) for words in sorted(wordings, key=len, reverse=True))
    return re.compile("|".join(found), re.IGNORECASE)


def _of(words: str) -> str:
    parts = ("".join(_ALIKE.get(each, re.escape(each)) for each in part) for part in words.split())
    before = r"(?<![\w{])" if words.strip()[:1].isalnum() else ""
    after = r"(?!\w)" if words.strip()[-1:].isalnum() else ""
    return before + r"\s+".join(parts) + after


def taken_out(value: Any, of: re.Pattern[str], left: str, ours: Callable[[str], bool]) -> tuple[Any, list[str]]:
    """A column's value without the words, and each piece that was taken out, in its order. `ours`: whether a text of
    a JSON column is one of the portal's own codes, which is left alone."""
    found: list[str] = []

    def out(text: str) -> str:
        # What was hidden before is left as it is.
        return "".join(part if MARK.fullmatch(part) else piece(part) for part in _WITH_MARKS.split(text))

    def piece(text: str) -> str:
        found.extend(of.findall(text))
        return of.sub(lambda _: left, text)

    if isinstance(value, str):
        return out(value), found
    return _each_text(value, lambda text: text if ours(text) else out(text)), found


def put_in(value: Any, left: str, pieces: list[str]) -> Any | None:
    """The value with the pieces back where the mark stands; None where it was rewritten since, so that nobody can say
    which piece belongs where."""
    marks = sum(text.count(left) for text in texts(value))
    if marks == 0 or (marks != len(pieces) and len(set(pieces)) > 1):
        return None
    rest = iter(pieces if marks == len(pieces) else pieces[:1] * marks)
    return _each_text(value, lambda text: re.sub(re.escape(left), lambda _: next(rest), text))


def texts(value: Any) -> Iterator[str]:
    """Each text in a column's value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from texts(each)


def _each_text(value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {key: _each_text(each, change) for key, each in value.items()}
    if isinstance(value, list):
        return [_each_text(each, change) for each in value]
    return value
