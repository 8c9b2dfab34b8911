"""Concepts stand in braces in templates and words, so that a council's own words reach every page."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import portal
from portal.domain.events import LINES
from portal.domain.gate_words import GATES
from portal.domain.next_steps import SENTENCES
from portal.domain.wording import CHOICES, MOVES, STATES
from portal.services.moves import NEEDED

TEMPLATES = Path(portal.__file__).parent / "templates"
CONCEPTS = (
    "lead professional",
    "step-down",
    "follow-up check",
    "action plan",
    "team around the family",
    "social worker",
    "social care manager",
    "early help",
    "coordinator",
)
LITERAL = re.compile(rf"\b(?:{'|'.join(CONCEPTS)})", re.IGNORECASE)
# Comments, addresses, attributes that name an icon or a style, and concepts where they belong: in braces.
NOT_SAID = re.compile(r"\{#.*?#\}|<!--.*?-->|[\"'][^\"'\s]*/[^\"'\s]*[\"']|\{[A-Za-z_]+(?::\w+)?\}", re.DOTALL)
CODE = re.compile(r"\w*\.\w*coordinator\w*|\bcoordinator\b(?=[\s]*[.|)\]%,}=]|\s+(?:if|is|and|or|else)\b)")


def literal(text: str) -> list[str]:
    return LITERAL.findall(NOT_SAID.sub(" ", text))


def texts() -> Iterator[tuple[str, str]]:
    for path in sorted(TEMPLATES.rglob("*.html")):
        yield str(path.relative_to(TEMPLATES)), path.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", [name for name, _text in texts()])
def test_template_says_concepts_in_braces(name: str) -> None:
    text = CODE.sub(" ", NOT_SAID.sub(" ", dict(texts())[name]))

    assert literal(text) == []


def test_tables_of_words_say_concepts_in_braces() -> None:
    tables = {
        "states": [label.words for label in STATES.values()],
        "moves": [text for words in MOVES.values() for text in (words.button, words.confirmation, words.refusal)],
        "choices": list(CHOICES.values()),
        "gates": list(GATES.values()),
        "lines": list(LINES.values()),
        "next steps": list(SENTENCES.values()),
        "needed": list(NEEDED.values()),
    }

    assert {name: literal(text) for name, table in tables.items() for text in table if literal(text)} == {}
