"""The council's words: shipped labels, and its own where it has set them."""

from typing import Any

from sqlalchemy import select

from portal.core.db import db
from portal.core.kept import kept
from portal.domain.words import SHIPPED, Word
from portal.models.record import WordLabel


def words() -> dict[str, Word]:
    """Every concept's label, in one statement."""
    own = db.session.execute(_own()).all()
    return {**SHIPPED, **{row.key: Word(row.one, row.many, row.a) for row in own if row.key in SHIPPED}}


@kept
def _own() -> Any:
    return select(WordLabel.key, WordLabel.one, WordLabel.many, WordLabel.a)
