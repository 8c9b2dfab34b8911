"""Families passed from one social worker of a team to another, one or several at a time."""

from collections.abc import Iterable

from sqlalchemy import select

from portal.core.db import db
from portal.core.errors import FieldRefused
from portal.domain.event_kinds import E
from portal.domain.step_downs import OPEN
from portal.domain.viewer import Viewer
from portal.models.families import Family
from portal.models.handover import StepDown
from portal.models.people import User
from portal.services import checks, history, summary, team


def pass_on(family_ids: Iterable[int], worker_id: int, words: str, *, by: Viewer) -> int:
    """The families' open step-downs and their social work go to another worker of the manager's own team; checks
    that were the former worker's go with them. Returns how many there were. Raises FieldRefused."""
    worker = db.session.get(User, worker_id)
    if worker is None or not worker.active or worker.social_care_team_id != by.social_care_team_id:
        raise FieldRefused("worker", "Choose somebody of your own team")
    wanted = sorted(set(family_ids))
    for family_id in wanted:
        summary.lock(family_id)
    for family in db.session.scalars(select(Family).where(Family.id.in_(wanted)).order_by(Family.id)).all():
        team.may_see(family, worker, field="worker")
        _pass_on(family, worker, words, by=by)
    return len(wanted)


def _pass_on(family: Family, worker: User, words: str, *, by: Viewer) -> None:
    before = db.session.get(User, family.social_worker_id) if family.social_worker_id else None
    if family.social_care_team_id == by.social_care_team_id:
        family.social_worker_id = worker.id
    step_downs = db.session.scalars(
        select(StepDown).where(
            StepDown.family_id == family.id,
            StepDown.state.in_(OPEN),
            StepDown.social_care_team_id == by.social_care_team_id,
        )
    ).all()
    for step_down in step_downs:
        before = db.session.get(User, step_down.social_worker_id)
        step_down.social_worker_id = worker.id
    db.session.flush()
    history.record(
        E.STEP_DOWN_REALLOCATED,
        family,
        by=by,
        text=words,
        data={"before": before.name if before else "nobody", "whom": worker.name},
        notify=("social_worker",),
    )
    checks.reown(family.id, by=by)
