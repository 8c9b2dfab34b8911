"""Whether the address of a home may be read by who is asking."""

from sqlalchemy import select

from portal.core.db import db
from portal.facts import confidential
from portal.models.families import ConfidentialAddress, Household, HouseholdMembership


def may_read_address(home: Household) -> bool:
    """Not where somebody lives there whose address is confidential, unless that may be read too."""
    lives_here = set(
        db.session.scalars(
            select(HouseholdMembership.person_id).where(
                HouseholdMembership.household_id == home.id, HouseholdMembership.to_on.is_(None)
            )
        )
    )
    kept = confidential.people(home.family_id) & lives_here
    if not kept:
        return True
    told = set(
        db.session.scalars(select(ConfidentialAddress.person_id).where(ConfidentialAddress.family_id == home.family_id))
    )
    return kept <= told
