"""What the portal holds of families that a spreadsheet names: read once for some hundred of them."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from portal.core.db import db
from portal.domain.episodes import OPEN_EPISODES
from portal.models.families import (
    Family,
    Household,
    ParentalResponsibility,
    Person,
    PersonKind,
    Relationship,
    SafeContact,
)
from portal.models.handover import Episode
from portal.policies.scope import unscoped


@dataclass(frozen=True)
class KnownFamily:
    """One family as it is recorded. `contacts`: by person; `relations` and `responsible`: by the two people."""

    family: Family
    homes: Sequence[Household]
    people: Sequence[Person]
    contacts: dict[int, SafeContact]
    relations: dict[tuple[int, int], Relationship]
    responsible: dict[tuple[int, int], ParentalResponsibility]
    brought_in: Episode | None

    @property
    def children(self) -> list[Person]:
        return [
            person for person in self.people if person.kind is PersonKind.CHILD and person.pregnancy_ended_on is None
        ]


def by_reference(references: Sequence[str]) -> dict[str, KnownFamily | None]:
    """Those whose reference is in use; None where the viewer does not reach the family. Eight statements."""
    with unscoped("whether a reference is in use"):
        used = db.session.scalars(select(Family.council_reference).where(Family.council_reference.in_(references)))
        found: dict[str, KnownFamily | None] = dict.fromkeys(str(reference) for reference in used)
    families = (
        db.session.scalars(select(Family).where(Family.council_reference.in_(list(found)))).all() if found else ()
    )
    ids = [family.id for family in families]
    rows = {model: _of_families(model, ids) for model in (Household, Person, SafeContact, Relationship)}
    responsible = _of_families(ParentalResponsibility, ids)
    episodes = _of_families(Episode, ids)
    for family in families:
        found[str(family.council_reference)] = KnownFamily(
            family,
            rows[Household][family.id],
            rows[Person][family.id],
            {row.person_id: row for row in rows[SafeContact][family.id]},
            {(row.person_id, row.other_id): row for row in rows[Relationship][family.id]},
            {(row.adult_id, row.child_id): row for row in responsible[family.id]},
            next((row for row in episodes[family.id] if row.brought_in and row.state in OPEN_EPISODES), None),
        )
    return found


def _of_families(model: Any, ids: Sequence[int]) -> defaultdict[int, list[Any]]:
    found: defaultdict[int, list[Any]] = defaultdict(list)
    if ids:
        for row in db.session.scalars(select(model).where(model.family_id.in_(ids)).order_by(model.id)):
            found[row.family_id].append(row)
    return found
