"""What must not be met again outside the pages: names and addresses of every family, and the tokens of its links."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute

from portal.core.db import db
from portal.models.families import Family, Household, Person, SafeContact
from portal.policies.scope import unscoped
from tests.support.post import Postbox

NAMES = (Person.given_name, Person.family_name, Person.known_as, Family.name)
# Shorter words than this are met by chance.
SHORTEST = 5
TOKEN = re.compile(r"/s/([\w-]{20,})")


def letters(app: Flask) -> list[str]:
    """Everything that is waiting to be sent."""
    box = Postbox(app)
    box.work()
    return [f"{letter.subject}\n{letter.text}" for letter in box.letters]


def sightings(app: Flask, places: Mapping[str, str]) -> list[str]:
    """Which of them is met where. A link's token stands in its address, and in the letter that brings it."""
    tokens = set(TOKEN.findall("\n".join(places.values())))
    found = [f"{word} in the {place}" for place, text in places.items() for word in words(app) if met(word, text)]
    return found + [
        f"a token in the {place}" for place in ("log", "titles") for each in tokens if each in places[place]
    ]


def met(word: str, text: str) -> bool:
    return re.search(rf"\b{re.escape(word)}\b", text, re.IGNORECASE) is not None


def words(app: Flask) -> set[str]:
    """Names in each part that is long enough to be nobody else's; addresses and numbers whole."""
    with app.app_context(), unscoped("a test looks for names where none may be"):
        names, rest = " ".join(_all(NAMES)), _lived() | _reached()
    return {part for part in names.split() if len(part) >= SHORTEST} - {"family"} | rest


def _all(columns: Iterable[InstrumentedAttribute[Any]]) -> set[str]:
    return {str(text) for column in columns for text in db.session.scalars(select(column)) if text}


def _lived() -> set[str]:
    homes = db.session.scalars(select(Household)).all()
    return {text for each in homes for text in (each.address, each.postcode) if text}


def _reached() -> set[str]:
    people = db.session.scalars(select(SafeContact)).all()
    return {text for each in people for text in (each.phone, each.email) if text}
