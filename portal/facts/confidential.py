"""Whose address is confidential: who they are, never where they live."""

from sqlalchemy import select

from portal.core.db import db
from portal.models.families import ConfidentialAddress
from portal.policies.scope import unscoped


def people(family_id: int) -> set[int]:
    """Ids of those whose address a page must keep back, whoever is reading: the address of a home they live in would
    tell it."""
    with unscoped("whose address is confidential"):
        return set(
            db.session.scalars(select(ConfidentialAddress.person_id).where(ConfidentialAddress.family_id == family_id))
        )
