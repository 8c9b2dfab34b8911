"""What both managers decided together about step-downs, as gates and pages read it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.domain.dates import Calendar, full
from portal.domain.deciding import Side, Together
from portal.domain.gate_words import LACKING
from portal.domain.roles import Role
from portal.domain.step_downs import OPEN, Gate, StepDownState
from portal.domain.viewer import Viewer
from portal.domain.wording import CHOICES
from portal.models.deciding import JointDecision
from portal.models.handover import StepDown


@dataclass(frozen=True)
class Waiver:
    """A gate that both managers agreed to go on without, until a day."""

    decision_id: int
    gate: Gate
    until: date
    by: str
    reason: str

    @property
    def in_force(self) -> bool:
        return self.until >= clock.today()

    @property
    def words(self) -> str:
        if self.in_force:
            return f"Waived until {full(self.until)} by {self.by}"
        return f"The waiver by {self.by} ended on {full(self.until)}"


def statement(step_down_ids: list[int]) -> Any:
    """The agreed waivers that were not followed by another, those that have run out too."""
    return select(
        JointDecision.id,
        JointDecision.step_down_id,
        JointDecision.gate,
        JointDecision.until,
        JointDecision.proposed_by_name,
        JointDecision.agreed_by_name,
        JointDecision.reason,
    ).where(
        JointDecision.step_down_id.in_(step_down_ids),
        JointDecision.kind == Together.WAIVE,
        JointDecision.agreed_at.is_not(None),
        JointDecision.ended_at.is_(None),
    )


def of_rows(rows: Iterable[Any]) -> dict[tuple[int, Gate], Waiver]:
    """By step-down and gate; the database holds that there is one of each."""
    return {
        (row.step_down_id, Gate(row.gate)): Waiver(
            row.id, Gate(row.gate), row.until, f"{row.proposed_by_name} and {row.agreed_by_name}", row.reason
        )
        for row in rows
    }


def is_going(step_down: StepDown) -> bool:
    """Sent, and not at its end."""
    return step_down.state in OPEN and step_down.state is not StepDownState.DRAFT


def is_stuck(step_down: StepDown, days: Calendar) -> bool:
    """Past the day by which it has to be complete: both managers decide how it goes on."""
    by = step_down.complete_by
    return is_going(step_down) and by is not None and days.is_overdue(by, clock.today())


def sides(viewer: Viewer, step_down: StepDown) -> list[Side]:
    """For whom this person can decide; for both where they manage both, but never alone."""
    manages = Role.SOCIAL_CARE_MANAGER in viewer.roles
    held = {
        Side.EARLY_HELP: Role.EARLY_HELP_MANAGER in viewer.roles,
        Side.SOCIAL_CARE: manages and viewer.social_care_team_id == step_down.social_care_team_id,
    }
    return [side for side, holds in held.items() if holds]


def other(side: Side) -> Side:
    return Side.SOCIAL_CARE if side is Side.EARLY_HELP else Side.EARLY_HELP


def decided(step_down: StepDown, kind: Together) -> JointDecision | None:
    """What both agreed to that is still to be recorded; one statement."""
    return db.session.scalars(
        select(JointDecision)
        .where(
            JointDecision.step_down_id == step_down.id,
            JointDecision.kind == kind,
            JointDecision.agreed_at.is_not(None),
            JointDecision.ended_at.is_(None),
            JointDecision.until >= clock.today(),
        )
        .order_by(JointDecision.id.desc())
        .limit(1)
    ).first()


def may_agree(viewer: Viewer, decision: JointDecision, step_down: StepDown) -> bool:
    """Somebody else than who proposed it, who manages the other side."""
    return viewer.user_id != decision.proposed_by_id and other(decision.proposed_for) in sides(viewer, step_down)


def words(decision: Any) -> str:
    """What was proposed or decided, as the end of a sentence; it may hold concepts."""
    day = full(decision.until)
    match decision.kind:
        case Together.WAIVE if decision.gate is not None:
            return f"go on without {LACKING[Gate(decision.gate)]} until {day}"
        case Together.NEW_DATE:
            return f"it has to be complete by {day}"
        case Together.OTHER_DESTINATION if decision.destination is not None:
            return f"the family goes to: {CHOICES[decision.destination]}. To be complete by {day}"
        case Together.NOT_REACHED:
            return f"the family could not be reached, which is recorded by {day}"
        case _:
            return f"the family stays with social care, which is recorded by {day}"
