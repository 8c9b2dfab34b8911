"""Whose a person's numbers are: asked of everybody in the portal, so that no two people are given one."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from sqlalchemy import select

from portal.core.db import db
from portal.models.families import Family, Person
from portal.policies.scope import unscoped

# A number of one person in the whole country. A social care number is as its council writes it.
OF_ONE_PERSON = ("nhs_number", "upn")


def holders(numbers: Iterable[tuple[str, str]]) -> Mapping[tuple[str, str], set[int]]:
    """By column and number, the ids of those who have it; one statement a column."""
    asked: defaultdict[str, set[str]] = defaultdict(set)
    for column, number in numbers:
        asked[column].add(number)
    found: defaultdict[tuple[str, str], set[int]] = defaultdict(set)
    with unscoped("whether a number is in use"):
        for column, wanted in asked.items():
            of = getattr(Person, column)
            # Who stands in a merged record once is not somebody else in what was left of the other one.
            found_in = (
                select(Person.id, of.label("number"))
                .join(Family, Family.id == Person.family_id)
                .where(of.in_(wanted), Family.merged_into_id.is_(None))
            )
            for row in db.session.execute(found_in):
                found[column, row.number].add(row.id)
    return found
