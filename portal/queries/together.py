"""Families that are chosen in the list, as whoever does something to all of them reads them."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select

from portal.core.db import db
from portal.domain.leads import LeadState
from portal.models.families import Family
from portal.models.handover import LeadAssignment


@dataclass(frozen=True)
class Chosen:
    """`leads`, `asked`: the names of who leads and of who was asked and has not answered."""

    ref: str
    name: str
    leads: str | None
    asked: str | None


def of(families: Iterable[Family]) -> list[Chosen]:
    """By name. One statement."""
    wanted = {family.id: family for family in families}
    standing = db.session.execute(
        select(LeadAssignment.family_id, LeadAssignment.state, LeadAssignment.name)
        .where(
            LeadAssignment.family_id.in_(wanted),
            LeadAssignment.state.in_([LeadState.NOMINATED, LeadState.ACCEPTED]),
        )
        .order_by(LeadAssignment.id)
    )
    names = {(row.family_id, row.state): row.name for row in standing}
    return [
        Chosen(
            family.ref,
            family.name,
            names.get((family.id, LeadState.ACCEPTED)),
            names.get((family.id, LeadState.NOMINATED)),
        )
        for family in sorted(wanted.values(), key=lambda family: (family.name, family.id))
    ]
