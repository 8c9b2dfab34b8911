"""Where a council’s word for something stands: sentences of the portal, to be read before it is changed."""

import re
from collections.abc import Iterator, Mapping

from portal.domain.wording import CHOICES, MOVES, STATES
from portal.domain.words import SHIPPED, Word, say

MOST = 4
_BRACES = re.compile(r"\{[^}]*\}")


def called(key: str) -> str:
    """What a concept is called in the list: by the portal’s own word for it."""
    word = SHIPPED[key].one
    kind, _, _ = key.partition("_")
    title = word[:1].upper() + word[1:]
    return {"outcome": f"Outcome: {title}", "short": f"Outcome, in passing: {word}"}.get(kind, title)


def sentences(key: str, words: Mapping[str, Word], word: Word) -> list[str]:
    """As they would read with this word: each way it is said, then where it stands."""
    said = {**words, key: word}
    found = [f"1 {word.one}", f"2 {word.many}", f"This is {word.a}."]
    for text in dict.fromkeys(_texts()):
        if len(found) >= MOST + len(("one", "many", "a")):
            break
        if re.search(rf"\{{{re.escape(key)}[:}}]", text, re.IGNORECASE):
            sentence = say(text, said)
            if not _BRACES.search(sentence):
                found.append(sentence)
    return found


def _texts() -> Iterator[str]:
    for move in MOVES.values():
        yield from (text for text in (move.button, move.confirmation, move.refusal) if text)
    yield from (label.words for label in STATES.values())
    yield from CHOICES.values()
