"""What happens because a day has come: a question nobody answered comes back, a check put off is due again, one that
was tried too often goes to a manager."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, case, literal, select

from portal.core import clock
from portal.core.db import db
from portal.domain.following import AFTERWARDS
from portal.domain.leads import LeadState
from portal.domain.standards import Standard
from portal.domain.step_downs import OPEN
from portal.domain.support import CheckState
from portal.domain.viewer import THE_CLOCK
from portal.facts import practice
from portal.models.following import FollowUpCheck, SupportReferral
from portal.models.handover import LeadAssignment, StepDown
from portal.policies.scope import unscoped
from portal.services import checks, summary
from portal.services.moves import walk

BATCH = 200


@dataclass(frozen=True)
class ByTheClock:
    """One thing that waits for the clock."""

    kind: "_Kind"
    id: int
    family_id: int

    @property
    def ref(self) -> str:
        return f"{self.kind.model.ref_prefix}-{self.id}"


def waiting() -> list[ByTheClock]:
    """What is to be done now, some of each kind, the longest due first."""
    with unscoped("what waits for the clock"):
        return [
            ByTheClock(kind, row.id, row.family_id)
            for kind in _KINDS
            for row in db.session.execute(kind.due().limit(BATCH))
        ]


def do(what: ByTheClock) -> bool:
    """One of these, under its family's lock. False where it was done or answered meanwhile. Raises Refused."""
    with unscoped("what waits for the clock"):
        summary.lock(what.family_id)
        model = what.kind.model
        due = what.kind.due().where(model.id == what.id).with_only_columns(model)
        found = db.session.execute(due.with_for_update(of=model)).scalar_one_or_none()
        if found is None:
            return False
        what.kind.do(found)
        return True


def _unanswered() -> Select[int, int]:
    """People asked to lead who have not answered in time."""
    late = practice.calendar().latest_overdue(clock.today())
    return (
        select(LeadAssignment.id, LeadAssignment.family_id)
        .where(
            LeadAssignment.state == LeadState.NOMINATED,
            LeadAssignment.came_back_at.is_(None),
            LeadAssignment.answer_by <= late,
        )
        .order_by(LeadAssignment.answer_by, LeadAssignment.id)
    )


def _come_back(assignment: LeadAssignment) -> None:
    walk(
        assignment,
        "come_back",
        by=THE_CLOCK,
        follows=True,
        came_back_at=clock.now(),
        data={"whom": assignment.name},
    )


def _put_off() -> Select[int, int]:
    """Checks that were not to be asked about until a day that has come."""
    return (
        select(FollowUpCheck.id, FollowUpCheck.family_id)
        .where(_is(CheckState.WAIVED), FollowUpCheck.waived_until <= clock.today())
        .order_by(FollowUpCheck.waived_until, FollowUpCheck.id)
    )


def _due_again(check: FollowUpCheck) -> None:
    checks.put_off_no_longer(check, by=THE_CLOCK)


def _tried_too_often() -> Select[int, int]:
    """By the standard as it is now, or since the family is being handed over: no further try is waited for."""
    most = practice.amounts((Standard.ESCALATE, Standard.ESCALATE_STEP_DOWN))
    handing_over = select(StepDown.id).where(StepDown.family_id == FollowUpCheck.family_id, StepDown.state.in_(OPEN))
    limit = case((handing_over.exists(), most[Standard.ESCALATE_STEP_DOWN]), else_=most[Standard.ESCALATE])
    return (
        select(FollowUpCheck.id, FollowUpCheck.family_id)
        .where(
            _is(CheckState.DUE),
            FollowUpCheck.unanswered > literal(0, literal_execute=True),
            FollowUpCheck.escalated_to.is_(None),
            FollowUpCheck.unanswered >= limit,
        )
        .order_by(FollowUpCheck.id)
    )


def _is(state: CheckState) -> ColumnElement[bool]:
    # Written out, as the indexes of these few say it.
    return FollowUpCheck.state == literal(state, FollowUpCheck.state.type, literal_execute=True)


def _escalate(check: FollowUpCheck) -> None:
    referral = db.session.get(SupportReferral, check.referral_id) if check.referral_id else None
    checks.escalate(check, referral.service_name if referral else AFTERWARDS[check.stage].about, by=THE_CLOCK)


@dataclass(frozen=True)
class _Kind:
    """How those that wait are found, and what happens to each."""

    model: type[LeadAssignment | FollowUpCheck]
    due: Callable[[], Select[int, int]]
    do: Callable[[Any], None]


_KINDS = (
    _Kind(LeadAssignment, _unanswered, _come_back),
    _Kind(FollowUpCheck, _put_off, _due_again),
    _Kind(FollowUpCheck, _tried_too_often, _escalate),
)
