"""The council's words: shipped labels, and its own where it has set them."""

from portal.domain.words import Word
from portal.facts.at_hand import at_hand


def contacts() -> dict[str, str]:
    """The council's own contact details, where it has set some."""
    return at_hand().contacts


def words() -> dict[str, Word]:
    """Every concept's label."""
    return at_hand().words
