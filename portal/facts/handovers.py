"""Who is who around step-downs: who handed over, who leads or was asked to, who coordinates."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import or_, select

from portal.core.db import db
from portal.domain.dates import london_date
from portal.domain.leads import LeadState
from portal.domain.roles import Role
from portal.domain.step_downs import Destination
from portal.facts import at_once
from portal.models.families import CoordinatorAssignment
from portal.models.handover import LeadAssignment, StepDown
from portal.models.people import User, UserRole


@dataclass(frozen=True)
class Scene:
    """Who is who around one step-down."""

    step_down: StepDown
    destination: Destination
    social_worker: str
    coordinator: str
    lead: str | None
    lead_id: int | None
    # A lead without a sign-in is known by their place in the team.
    lead_member_id: int | None
    nominee: str | None
    nominated_on: date | None

    @property
    def id(self) -> int:
        return self.step_down.id

    @property
    def leading(self) -> str:
        return self.lead or self.coordinator

    @property
    def since(self) -> date | None:
        """When it began to wait: accepted, or, for children who go on, left out when the others were complete."""
        if self.step_down.answered_at is None:
            return self.step_down.decision_on
        return london_date(max(self.step_down.answered_at, self.step_down.started_at))


def scenes(step_downs: list[StepDown]) -> list[Scene]:
    """One of each that has a destination, in one statement. Read past the seat-belt by whoever calls."""
    if not step_downs:
        return []
    families = [each.family_id for each in step_downs]
    rows = at_once.read(
        {
            "leading": select(
                LeadAssignment.family_id,
                LeadAssignment.state,
                LeadAssignment.name,
                LeadAssignment.user_id,
                LeadAssignment.member_id,
                LeadAssignment.nominated_at,
            ).where(
                LeadAssignment.family_id.in_(families),
                LeadAssignment.state.in_([LeadState.NOMINATED, LeadState.ACCEPTED]),
            ),
            "workers": select(User.id, User.name).where(User.id.in_({each.social_worker_id for each in step_downs})),
            "coordinators": select(CoordinatorAssignment.family_id, User.name)
            .join(User, User.id == CoordinatorAssignment.user_id)
            .where(CoordinatorAssignment.family_id.in_(families), CoordinatorAssignment.to_on.is_(None)),
        }
    )
    leading: dict[tuple[int, LeadState], Any] = {(row.family_id, row.state): row for row in rows["leading"]}
    workers = {row.id: row.name for row in rows["workers"]}
    coordinators = {row.family_id: row.name for row in rows["coordinators"]}
    found = []
    for each in step_downs:
        if each.destination is None:
            continue
        lead = leading.get((each.family_id, LeadState.ACCEPTED))
        nominee = leading.get((each.family_id, LeadState.NOMINATED))
        found.append(
            Scene(
                each,
                each.destination,
                social_worker=workers[each.social_worker_id],
                coordinator=coordinators.get(each.family_id, "{coordinator:many}"),
                lead=lead.name if lead else None,
                lead_id=lead.user_id if lead else None,
                lead_member_id=lead.member_id if lead else None,
                nominee=nominee.name if nominee else None,
                nominated_on=london_date(nominee.nominated_at) if nominee else None,
            )
        )
    return found


@dataclass(frozen=True)
class Answerer:
    """Somebody of the team that sent a step-down, who can answer for it."""

    user_id: int
    name: str


def answerers(step_down: StepDown) -> list[Answerer]:
    """The step-down's own social worker first, then the others of the team."""
    rows = db.session.execute(
        select(User.id, User.name)
        .where(
            User.active,
            or_(User.id == step_down.social_worker_id, User.social_care_team_id == step_down.social_care_team_id),
            select(UserRole.user_id)
            .where(UserRole.user_id == User.id, UserRole.role.in_([Role.SOCIAL_WORKER, Role.SOCIAL_CARE_MANAGER]))
            .exists(),
        )
        .order_by(User.id != step_down.social_worker_id, User.name, User.id)
    ).all()
    return [Answerer(row.id, row.name) for row in rows]
