"""How much somebody holds, in numbers: what waits to be passed on when they have left."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, or_, select

from portal.core.db import db
from portal.domain.dates import counted
from portal.domain.leads import LeadState
from portal.domain.plans import OPEN_ACTIONS
from portal.domain.step_downs import OPEN
from portal.domain.support import CheckState
from portal.models.families import CoordinatorAssignment, Family
from portal.models.following import FollowUpCheck
from portal.models.handover import LeadAssignment, StepDown
from portal.models.people import User
from portal.models.record import FamilySummary
from portal.models.teamwork import PlanAction, TeamMember
from portal.policies.scope import unscoped

EARLY_HELP = "passed on by the {early_help_manager}"
IN_SOCIAL_WORK = "passed on by the {social_care_manager}"


@dataclass(frozen=True)
class Held:
    """Numbers alone: no family can be told from them."""

    families: int
    leads: int
    actions: int
    checks: int
    social_work: int

    @property
    def by_early_help(self) -> int:
        return self.families + self.leads + self.actions + self.checks

    @property
    def count(self) -> int:
        return self.by_early_help + self.social_work

    def lines(self) -> list[tuple[str, str]]:
        """What there is of each kind, and who passes it on; both may hold concepts."""
        kinds = (
            (self.families, "{family} they coordinate", "{family:many} they coordinate", EARLY_HELP),
            (self.leads, "{family} they lead, or are asked to", "{family:many} they lead, or are asked to", EARLY_HELP),
            (self.actions, "{action}", "{action:many}", EARLY_HELP),
            (self.checks, "{follow_up_check}", "{follow_up_check:many}", EARLY_HELP),
            (self.social_work, "{family} in social work", "{family:many} in social work", IN_SOCIAL_WORK),
        )
        return [(counted(number, one, many), who) for number, one, many, who in kinds if number]


def of(user_id: int) -> Held:
    """Of all families, whoever asks. One statement."""
    with unscoped("how much somebody holds, in numbers alone"):
        row = db.session.execute(select(*columns()).where(User.id == user_id)).one()
    return Held(*row)


def columns() -> list[Any]:
    """Five numbers of each `User` that a statement reads: in open families, and of the families that the viewer
    reaches."""
    return [
        _number(CoordinatorAssignment)
        .where(
            CoordinatorAssignment.user_id == User.id,
            CoordinatorAssignment.to_on.is_(None),
            _open(CoordinatorAssignment.family_id),
        )
        .correlate(User)
        .scalar_subquery()
        .label("families"),
        _number(LeadAssignment)
        .where(
            LeadAssignment.user_id == User.id,
            LeadAssignment.state.in_([LeadState.NOMINATED, LeadState.ACCEPTED]),
            _open(LeadAssignment.family_id),
        )
        .correlate(User)
        .scalar_subquery()
        .label("leads"),
        _number(PlanAction)
        .join(TeamMember, TeamMember.id == PlanAction.owner_id)
        .where(TeamMember.user_id == User.id, PlanAction.state.in_(OPEN_ACTIONS))
        .correlate(User)
        .scalar_subquery()
        .label("actions"),
        _number(FollowUpCheck)
        .where(FollowUpCheck.owner_id == User.id, FollowUpCheck.state == CheckState.DUE)
        .correlate(User)
        .scalar_subquery()
        .label("checks"),
        social_work().label("social_work"),
    ]


def social_work() -> Any:
    """Families whose social work is this user's, or that they are handing over."""
    handing_over = (
        select(StepDown.id)
        .where(StepDown.family_id == Family.id, StepDown.social_worker_id == User.id, StepDown.state.in_(OPEN))
        .correlate(Family, User)
        .exists()
    )
    theirs = (Family.social_worker_id == User.id) & Family.social_work_closed_on.is_(None)
    return _number(Family).where(or_(theirs, handing_over)).correlate(User).scalar_subquery()


def _number(of: Any) -> Any:
    return select(func.count(of.id))


def _open(family_id: Any) -> Any:
    return select(FamilySummary.family_id).where(FamilySummary.family_id == family_id, FamilySummary.open).exists()
