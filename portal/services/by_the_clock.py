"""What happens because a day has come: a question nobody answered comes back, a check put off is due again."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import aliased

from portal.core import clock
from portal.core.db import db
from portal.domain.leads import LeadState
from portal.domain.support import CheckState
from portal.domain.viewer import THE_CLOCK
from portal.facts import practice
from portal.models.following import FollowUpCheck
from portal.models.handover import LeadAssignment
from portal.policies.scope import unscoped
from portal.services import checks, summary
from portal.services.moves import walk

BATCH = 200


@dataclass(frozen=True)
class ByTheClock:
    """One thing that waits for the clock."""

    model: type[LeadAssignment | FollowUpCheck]
    id: int
    family_id: int

    @property
    def ref(self) -> str:
        return f"{self.model.ref_prefix}-{self.id}"


def waiting() -> list[ByTheClock]:
    """What is to be done now, some of each kind, the longest due first."""
    with unscoped("what waits for the clock"):
        return [
            ByTheClock(model, row.id, row.family_id)
            for model, due in _DUE.items()
            for row in db.session.execute(due().limit(BATCH))
        ]


def do(what: ByTheClock) -> bool:
    """One of these, under its family's lock. False where it was done or answered meanwhile. Raises Refused."""
    with unscoped("what waits for the clock"):
        summary.lock(what.family_id)
        model = what.model
        due = _DUE[model]().where(model.id == what.id).with_only_columns(model)
        found = db.session.execute(due.with_for_update(of=model)).scalar_one_or_none()
        if found is None:
            return False
        _DO[model](found)
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
        .where(FollowUpCheck.state == CheckState.WAIVED, FollowUpCheck.waived_until <= clock.today())
        .order_by(FollowUpCheck.waived_until, FollowUpCheck.id)
    )


def _due_again(check: FollowUpCheck) -> None:
    """Due on the day that was named, with whom the family's checks lie now. Where the same is asked already, nobody is
    asked twice."""
    if _is_asked_already(check):
        walk(check, "void", by=THE_CLOCK, follows=True)
        return
    walk(check, "due_again", by=THE_CLOCK, follows=True, due_on=check.waived_until)
    checks.reown(check.family_id, by=THE_CLOCK)


def _is_asked_already(check: FollowUpCheck) -> bool:
    other = aliased(FollowUpCheck)
    same = select(other.id).where(
        other.referral_id == check.referral_id, other.stage == check.stage, other.state == CheckState.DUE
    )
    return bool(db.session.scalar(select(exists(same))))


_DUE: Mapping[type[LeadAssignment | FollowUpCheck], Callable[[], Select[int, int]]] = {
    LeadAssignment: _unanswered,
    FollowUpCheck: _put_off,
}
_DO: Mapping[type[LeadAssignment | FollowUpCheck], Callable[[Any], None]] = {
    LeadAssignment: _come_back,
    FollowUpCheck: _due_again,
}
