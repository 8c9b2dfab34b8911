"""One member of a team: what they are still to do, who could take it on, why they left."""

from dataclasses import dataclass

from sqlalchemy import select

from portal.core.db import db
from portal.domain.dates import full
from portal.domain.plans import UNSETTLED_ACTIONS
from portal.domain.team import LEFT_WHY
from portal.models.families import Family
from portal.models.teamwork import PlanAction, TeamMember


@dataclass(frozen=True)
class Theirs:
    """Something a member is still to do."""

    ref: str
    what: str
    due: str


@dataclass(frozen=True)
class Leaving:
    """What somebody leaves behind, and who else is on the team: (id, words)."""

    actions: list[Theirs]
    others: list[tuple[int, str]]


def leaving(member: TeamMember) -> Leaving:
    """Two statements."""
    actions = db.session.execute(
        select(PlanAction.id, PlanAction.what, PlanAction.due_on)
        .where(PlanAction.owner_id == member.id, PlanAction.state.in_(UNSETTLED_ACTIONS))
        .order_by(PlanAction.due_on, PlanAction.id)
    )
    others = db.session.execute(
        select(TeamMember.id, TeamMember.name, TeamMember.organisation)
        .where(TeamMember.family_id == member.family_id, TeamMember.left_on.is_(None), TeamMember.id != member.id)
        .order_by(TeamMember.name, TeamMember.id)
    )
    return Leaving(
        actions=[Theirs(f"{PlanAction.ref_prefix}-{row.id}", row.what, full(row.due_on)) for row in actions],
        others=[(row.id, ", ".join(part for part in (row.name, row.organisation) if part)) for row in others],
    )


@dataclass(frozen=True)
class Left:
    """Somebody who is on the team no longer. `words` says when they left and why."""

    ref: str
    name: str
    words: str
    note: str | None
    of_family: bool
    signs_in: bool


def left(member: TeamMember) -> Left:
    return Left(
        ref=member.ref,
        name=member.name,
        words=why_words(member),
        note=member.left_note,
        of_family=member.person_id is not None,
        signs_in=member.user_id is not None,
    )


def why_words(member: TeamMember) -> str:
    """Left on 3 March 2026. Their work with the family is done; empty for who is on the team."""
    if member.left_on is None:
        return ""
    return f"Left on {full(member.left_on)}" + (f". {LEFT_WHY[member.left_why]}" if member.left_why else "")


def member_of(family_id: int, member_id: int) -> TeamMember:
    """Somebody on the team, by an id that the form offered."""
    return db.session.scalars(
        select(TeamMember).where(
            TeamMember.family_id == family_id, TeamMember.id == member_id, TeamMember.left_on.is_(None)
        )
    ).one()


def family_of(member: TeamMember) -> Family:
    return db.session.get_one(Family, member.family_id)
