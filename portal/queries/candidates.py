"""Who could lead, and what each carries already."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select

from portal.core import clock
from portal.core.db import db
from portal.domain.dates import counted
from portal.domain.episodes import EpisodeState
from portal.domain.leads import LeadState
from portal.domain.plans import OPEN_ACTIONS
from portal.domain.roles import LEADERS, Role
from portal.facts import sharing
from portal.facts.in_the_way import wanted_by
from portal.facts.practice import calendar
from portal.models.handover import Episode, LeadAssignment
from portal.models.people import Organisation, OrganisationKind, User, UserRole
from portal.models.teamwork import PlanAction, TeamMember
from portal.policies.scope import unscoped

OUTSIDE = "m-"
# Of the council's own, these may lead for the time being too.
WORKERS = (*LEADERS, Role.EARLY_HELP_MANAGER)


@dataclass(frozen=True)
class Candidate:
    """Somebody who could be asked. `value` tells a user from a member of the team without a sign-in; `words`: name,
    organisation and load."""

    value: str
    words: str


def candidates() -> list[Candidate]:
    """Everybody who may be asked, by organisation and name, with what they carry already. Nobody with a closed account
    or an ended agreement. Somebody who must not see the family is among them: their absence would tell."""
    return _users(_has(LEADERS))


def council_workers() -> list[Candidate]:
    """Those of the council who could lead for the time being."""
    return _users(_has(WORKERS), Organisation.kind == OrganisationKind.COUNCIL)


def coordinators() -> list[Candidate]:
    """Those who could hold families."""
    return _users(_has((Role.COORDINATOR,)))


def outside(family_id: int) -> list[Candidate]:
    """Members of this team without a sign-in, who answer by word of mouth."""
    today, days = clock.today(), calendar()
    leads = (
        select(func.count(LeadAssignment.id))
        .where(LeadAssignment.member_id == TeamMember.id, LeadAssignment.state == LeadState.ACCEPTED)
        .correlate(TeamMember)
        .scalar_subquery()
    )
    late = (
        select(func.count(PlanAction.id))
        .where(
            PlanAction.owner_id == TeamMember.id,
            PlanAction.state.in_(OPEN_ACTIONS),
            wanted_by() <= days.latest_overdue(today),
        )
        .correlate(TeamMember)
        .scalar_subquery()
    )
    rows = db.session.execute(
        select(TeamMember.id, TeamMember.name, TeamMember.organisation, leads.label("leads"), late.label("late"))
        .where(TeamMember.family_id == family_id, TeamMember.outside_name.is_not(None), TeamMember.left_on.is_(None))
        .order_by(TeamMember.name, TeamMember.id)
    ).all()
    return [
        Candidate(
            f"{OUTSIDE}{row.id}",
            f"{row.name}{f', {row.organisation}' if row.organisation else ''}, without a sign-in: "
            f"{_load(row.leads, row.late)}",
        )
        for row in rows
    ]


def _has(roles: tuple[Role, ...]) -> Any:
    return select(UserRole.user_id).where(UserRole.user_id == User.id, UserRole.role.in_(roles)).exists()


def _users(*conditions: Any) -> list[Candidate]:
    today, days = clock.today(), calendar()
    people = db.session.execute(
        select(User.id, User.name, Organisation.name.label("organisation"))
        .join(Organisation, Organisation.id == User.organisation_id)
        .where(
            User.active,
            sharing.is_live(today),
            *conditions,
        )
        .order_by(Organisation.name, User.name, User.id)
    ).all()
    # What they carry for families that the viewer does not reach weighs on them too: numbers alone.
    with unscoped("what a candidate carries already"):
        families, overdue = _families(), _overdue(days.latest_overdue(today))
    return [
        Candidate(
            str(row.id), f"{row.name}, {row.organisation}: {_load(families.get(row.id, 0), overdue.get(row.id, 0))}"
        )
        for row in people
    ]


def _families() -> Mapping[int, int]:
    """How many families each user leads."""
    return _counts(
        select(LeadAssignment.user_id, func.count(LeadAssignment.id))
        .join(Episode, Episode.id == LeadAssignment.episode_id)
        .where(
            LeadAssignment.user_id.is_not(None),
            LeadAssignment.state == LeadState.ACCEPTED,
            Episode.state.in_([EpisodeState.PREPARING, EpisodeState.ACTIVE]),
        )
        .group_by(LeadAssignment.user_id)
    )


def _overdue(latest: date) -> Mapping[int, int]:
    """How many of each user's actions were due by this day."""
    return _counts(
        select(TeamMember.user_id, func.count(PlanAction.id))
        .join(PlanAction, PlanAction.owner_id == TeamMember.id)
        .where(
            TeamMember.user_id.is_not(None),
            PlanAction.state.in_(OPEN_ACTIONS),
            wanted_by() <= latest,
        )
        .group_by(TeamMember.user_id)
    )


def _counts(statement: Any) -> Mapping[int, int]:
    return {row[0]: row[1] for row in db.session.execute(statement)}


def _load(families: int, overdue: int) -> str:
    leads = f"leads {counted(families, 'family', 'families')}" if families else "leads no family"
    late = counted(overdue, "overdue action", "overdue actions") if overdue else "nothing overdue"
    return f"{leads}, {late}"
