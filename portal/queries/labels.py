"""The council's words: shipped labels, and its own where it has set them."""

from portal.domain.words import Word
from portal.facts.at_hand import at_hand


def words() -> dict[str, Word]:
    """Every concept's label."""
    return at_hand().words
