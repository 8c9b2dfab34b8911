"""Whom people are told to ring, and what was changed of it."""

from collections.abc import Mapping

from portal.domain.contacts import CONTACTS
from portal.facts.at_hand import at_hand
from portal.queries import administration
from portal.queries.administration import ChangeLine


def own() -> dict[str, str]:
    """What the council has set itself; one statement, none where it is remembered."""
    return at_hand().contacts


def sentences(values: Mapping[str, str]) -> list[str]:
    """How pages would read with these."""
    return [sentence.format(values[key]) for key, contact in CONTACTS.items() for sentence in contact.sentences]


def changes(subject: str) -> list[ChangeLine]:
    return administration.of([subject])
