"""Who owns the follow-up checks of a family, as things stand."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Integer, Select, and_, func, literal, or_, select, union_all
from sqlalchemy.sql.elements import ColumnElement

from portal.core.db import db
from portal.core.errors import Refused
from portal.domain.episodes import EpisodeState
from portal.domain.leads import LeadState
from portal.domain.roles import Role
from portal.domain.step_downs import OPEN
from portal.models.families import CoordinatorAssignment, Family
from portal.models.handover import Episode, LeadAssignment, StepDown
from portal.models.people import User, UserRole
from portal.policies import barred
from portal.policies.scope import unscoped

# Who comes first where several stand by; of two of one rank the one who has been here longest.
STEP_DOWN_WORKER, SOCIAL_WORKER, LEAD, COORDINATOR, CLEARED_MANAGER, MANAGER = range(6)
Candidates = Select[int, int, str, int | None]


@dataclass(frozen=True)
class Owner:
    """The one person who asks whether support has begun."""

    user_id: int
    name: str
    social_care_team_id: int | None
    does_social_work: bool


def of_checks(family_id: int) -> Owner:
    """The social worker until responsibility moves, then the lead, else the coordinator; the early help manager
    where there is none of them. Raises Refused where there is not even a manager."""
    with unscoped("re-own checks"):
        rows = db.session.execute(union_all(*_candidates(family_id))).all()
    if not rows:
        raise Refused(
            "There is nobody to check whether support has started: no {coordinator}, and no {early_help_manager}. "
            "Ask an administrator to add one."
        )
    first = min(rows, key=lambda row: (row.rank, row.id))
    return Owner(first.id, first.name, first.social_care_team_id, first.rank <= SOCIAL_WORKER)


def of_checks_of(family_id: Any) -> ColumnElement[int | None]:
    """The same person's id as a column, for a statement over many families that holds no users itself; empty where
    there is nobody."""
    return func.coalesce(
        *(each.with_only_columns(func.min(User.id)).scalar_subquery() for each in _candidates(family_id))
    )


def _candidates(family_id: Any) -> list[Candidates]:
    """By rank: whoever comes first owns the checks."""
    return [*_social_workers(family_id), _lead(family_id), _coordinator(family_id), *_managers(family_id)]


def _ranked(rank: int) -> Candidates:
    return select(literal(rank, Integer).label("rank"), User.id, User.name, User.social_care_team_id).where(User.active)


def _social_workers(family_id: Any) -> list[Candidates]:
    """Of an open step-down, else of the family itself, until social work closes or early help is responsible."""
    active = select(Episode.id).where(Episode.family_id == family_id, Episode.state == EpisodeState.ACTIVE)
    early_help = active.correlate_except(Episode).exists()
    of_step_down = (
        _ranked(STEP_DOWN_WORKER)
        .join(StepDown, StepDown.social_worker_id == User.id)
        .where(
            StepDown.family_id == family_id,
            StepDown.state.in_(OPEN),
            StepDown.social_work_closed_on.is_(None),
            ~early_help,
        )
    )
    of_family = (
        _ranked(SOCIAL_WORKER)
        .join(Family, Family.social_worker_id == User.id)
        .where(Family.id == family_id, Family.social_work_closed_on.is_(None), ~early_help)
    )
    return [of_step_down, of_family]


def _lead(family_id: Any) -> Candidates:
    return (
        _ranked(LEAD)
        .join(LeadAssignment, LeadAssignment.user_id == User.id)
        .where(LeadAssignment.family_id == family_id, LeadAssignment.state == LeadState.ACCEPTED)
    )


def _coordinator(family_id: Any) -> Candidates:
    return (
        _ranked(COORDINATOR)
        .join(CoordinatorAssignment, CoordinatorAssignment.user_id == User.id)
        .where(CoordinatorAssignment.family_id == family_id, CoordinatorAssignment.to_on.is_(None))
    )


def _managers(family_id: Any) -> list[Candidates]:
    """Early help managers; one who may open a restricted family before one who may not, never one whose own it is."""
    open_to_all = select(Family.id).where(Family.id == family_id, Family.restricted.is_(False))

    def manager(rank: int) -> Candidates:
        return (
            _ranked(rank)
            .join(UserRole, and_(UserRole.user_id == User.id, UserRole.role == Role.EARLY_HELP_MANAGER))
            .where(~barred.conflicted(family_id, User.id))
        )

    may_open = or_(open_to_all.correlate_except(Family).exists(), barred.cleared(family_id, User.id))
    return [manager(CLEARED_MANAGER).where(may_open), manager(MANAGER)]
