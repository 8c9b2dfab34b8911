"""The council’s words beside the portal’s own, and what was changed of them."""

from dataclasses import dataclass

from sqlalchemy import select

from portal.core.db import db
from portal.domain.word_examples import called
from portal.domain.words import SHIPPED, Word
from portal.facts.at_hand import at_hand
from portal.models.administering import AdminChange
from portal.models.record import WordLabel
from portal.queries.administration import MOST, ChangeLine, change_line


@dataclass(frozen=True)
class Row:
    key: str
    name: str
    own: Word
    shipped: Word
    is_own: bool


def rows() -> list[Row]:
    """In the order of the portal’s table; one statement."""
    own = set(db.session.scalars(select(WordLabel.key)))
    now = at_hand().words
    return [Row(key, called(key), now[key], word, key in own) for key, word in SHIPPED.items()]


def now(key: str) -> Word:
    return at_hand().words[key]


def changes() -> list[ChangeLine]:
    """The latest first."""
    found = select(AdminChange).where(AdminChange.subject.startswith("word ")).order_by(AdminChange.id.desc())
    return [change_line(row) for row in db.session.scalars(found.limit(MOST))]
