"""What recording a contact asks: for which family, and who of its team may have made it."""

from dataclasses import dataclass

from sqlalchemy import select

from portal.core.db import db
from portal.domain.viewer import Viewer
from portal.models.families import Family
from portal.models.record import FamilySummary
from portal.models.teamwork import TeamMember

MOST = 200


@dataclass(frozen=True)
class OpenFamily:
    ref: str
    name: str


@dataclass(frozen=True)
class OpenFamilies:
    """By name; `more` where there are further ones that are not listed."""

    families: list[OpenFamily]
    more: bool


def families_of(viewer: Viewer) -> OpenFamilies:
    """Families that are open and that this person works with: their own where they coordinate, else all in reach."""
    statement = (
        select(Family.id, Family.name)
        .join(FamilySummary, FamilySummary.family_id == Family.id)
        .where(FamilySummary.open)
        .order_by(Family.name, Family.id)
        .limit(MOST + 1)
    )
    own = db.session.execute(statement.where(FamilySummary.coordinator_id == viewer.user_id)).all()
    rows = own or db.session.execute(statement).all()
    return OpenFamilies([OpenFamily(f"F-{row.id}", row.name) for row in rows[:MOST]], more=len(rows) > MOST)


def who_may_have_tried(family_id: int, viewer: Viewer) -> list[tuple[int, str]]:
    """The professionals on the team besides the viewer, by name: id of the member, and who they are."""
    rows = db.session.execute(
        select(TeamMember.id, TeamMember.name, TeamMember.organisation)
        .where(
            TeamMember.family_id == family_id,
            TeamMember.person_id.is_(None),
            TeamMember.left_on.is_(None),
            TeamMember.user_id.is_distinct_from(viewer.user_id),
        )
        .order_by(TeamMember.name, TeamMember.id)
    )
    return [(row.id, ", ".join(part for part in (row.name, row.organisation) if part)) for row in rows]
