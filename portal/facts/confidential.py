"""Whose address is confidential: who they are, and whether words tell where they live; never the address itself."""

import re
from typing import Any

from sqlalchemy import literal, select, union_all

from portal.core.db import db
from portal.core.sealed import Unread, opened, sealed_in, untyped
from portal.models.families import ConfidentialAddress, Household, HouseholdMembership
from portal.policies.scope import unscoped

# Shorter pieces of an address, like a house number alone, stand in too many places to be looked for.
SHORTEST = 4


def people(family_id: int) -> set[int]:
    """Ids of those whose address a page must keep back, whoever is reading: the address of a home they live in would
    tell it."""
    with unscoped("whose address is confidential"):
        return set(
            db.session.scalars(select(ConfidentialAddress.person_id).where(ConfidentialAddress.family_id == family_id))
        )


class Marks(frozenset[str]):
    """What gives a confidential address away: house number with street, and postcode. `unread`: there is one that
    cannot be read."""

    unread: bool = False

    def told_by(self, text: str | None) -> bool:
        """Whether to keep the text back. While an address cannot be read, whatever holds a number may be it."""
        return self.surely_told_by(text) or (self.unread and any(each.isdigit() for each in text or ""))

    def surely_told_by(self, text: str | None) -> bool:
        """Whether to refuse the text where it is typed: nobody's work stops for an address that cannot be read."""
        squeezed = _squeeze(text or "")
        return any(mark in squeezed for mark in self)


def marks(family_id: int) -> Marks:
    """Of every confidential address of the family, and of the homes those people live in; in one statement."""
    kinds: Any = ConfidentialAddress, Household
    own, homes = (
        select(literal(number), each.id, untyped(each.address_sealed), untyped(each.postcode_sealed))
        for number, each in enumerate(kinds)
    )
    own = own.where(ConfidentialAddress.family_id == family_id)
    homes = (
        homes.select_from(Household)
        .join(HouseholdMembership, HouseholdMembership.household_id == Household.id)
        .join(ConfidentialAddress, ConfidentialAddress.person_id == HouseholdMembership.person_id)
        .where(Household.family_id == family_id, HouseholdMembership.to_on.is_(None))
    )
    with unscoped("whose address is confidential"):
        rows: Any = db.session.execute(union_all(own, homes)).all()
    told = [
        (
            opened(sealed_in(kinds[number].address_sealed, address), row),
            opened(sealed_in(kinds[number].postcode_sealed, postcode), row),
        )
        for number, row, address, postcode in rows
    ]
    found = Marks(mark for address, postcode in told for mark in _of(address, postcode))
    found.unread = any(isinstance(text, Unread) for pair in told for text in pair)
    return found


def _of(address: str | None, postcode: str | None) -> set[str]:
    address, postcode = (None if isinstance(each, Unread) else each for each in (address, postcode))
    parts = [_squeeze(part) for part in re.split(r"[,\n]", address or "")]
    numbered = [part for part in parts if any(each.isdigit() for each in part)] or parts[:1]
    return {part for part in (*numbered, _squeeze(postcode or "")) if len(part) >= SHORTEST}


def _squeeze(text: str) -> str:
    return "".join(each for each in text.casefold() if each.isalnum())
