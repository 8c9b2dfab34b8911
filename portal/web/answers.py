"""What was answered to each question of a form: in words, and what it means however it is written."""

import hashlib
import unicodedata
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from wtforms import FieldList

from portal.web.pages import phrase

# Each mark is as long as every other, so that nothing has to stand between them.
_BYTES, _LETTERS = 6, 8


@dataclass(frozen=True)
class Answer:
    """To one question: its words, what was answered, and what that means however it is written."""

    question: str
    text: str
    means: Any

    @property
    def told(self) -> tuple[str, str]:
        return self.question, self.text


NOTHING = Answer("", "", "")


def of(form: Any, about: str = "") -> dict[str, Answer]:
    """Each question of a form, those of its rows too, by the field's name."""
    asked = questions(form, about)
    return {field.name: Answer(_asked(field, whom), _shown(field), means(field)) for field, whom in asked}


def questions(fields: Any, about: str = "") -> Iterator[tuple[Any, str]]:
    """Each field that asks something, and of whom or what its row is, where it stands in one."""
    for field in fields:
        if isinstance(field, FieldList):
            for number, entry in enumerate(field, start=1):
                row = getattr(entry, "form", [entry])
                yield from questions(row, getattr(row, "about", "") or str(number))
        elif getattr(field.widget, "input_type", "") != "hidden":
            yield field, about


def answered(form: Any) -> list[tuple[str, str]]:
    """Each question that was answered, and how."""
    return [each.told for each in of(form).values() if each.text]


def marks(form: Any) -> str:
    """A short mark of each answer, by which it is known later whether it is still the same."""
    return "".join(mark(field.name, means(field)) for field, _ in questions(form))


def mark(name: str, meant: Any) -> str:
    said = f"{name}={meant!r}".encode("utf-8", "surrogatepass")
    return urlsafe_b64encode(hashlib.blake2b(said, digest_size=_BYTES).digest()).decode()


def marked(text: str) -> frozenset[str]:
    """The marks that were put one after the other."""
    return frozenset(text[start : start + _LETTERS] for start in range(0, len(text), _LETTERS))


def _asked(field: Any, about: str) -> str:
    words = str(field.label.text)
    return f"{about}: {words}" if about else words


def _shown(field: Any) -> str:
    if hasattr(field, "iter_choices"):
        data = field.data if isinstance(field.data, list) else [field.data or ""]
        chosen = {str(each) for each in data}
        return ", ".join(phrase(each.label) for each in field.iter_choices() if str(each.value) in chosen)
    if hasattr(field, "parts"):
        return " ".join(part for part in field.parts.values() if part)
    if isinstance(field.data, bool):
        return "Yes" if field.data else "No"
    return "" if field.data is None else str(field.data)


def means(field: Any) -> Any:
    """The same for 03 and 3, for a number with and without its spaces, for nothing said and a box left empty: only
    what differs here was changed by somebody."""
    if hasattr(field, "iter_choices"):
        given = {str(each) for each in (field.data if isinstance(field.data, list) else [field.data])}
        # What is stored and not offered, as that something is not known, is no answer.
        return sorted(given & {str(each.value) for each in field.iter_choices()} - {""}) or ""
    if hasattr(field, "parts"):
        return field.data or _shown(field)
    if isinstance(field.data, bool):
        return field.data or ""
    lines = unicodedata.normalize("NFC", _shown(field)).strip().splitlines()
    text = "\n".join(" ".join(line.split()) for line in lines)
    return field.normal(text) if hasattr(field, "normal") else text
