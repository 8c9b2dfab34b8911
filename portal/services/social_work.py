"""Social work closing on a family: a dated fact, whatever stands open."""

from datetime import date

from sqlalchemy import select

from portal.core.db import db
from portal.domain.dates import full
from portal.domain.events import E
from portal.domain.step_downs import OPEN
from portal.domain.viewer import Viewer
from portal.models.families import Family
from portal.models.handover import StepDown
from portal.services import checks, history


def closed(family: Family, on: date, *, by: Viewer) -> None:
    """Record the day social work closed. Open step-downs keep their moves and their gates; where early help is not
    active yet, nobody holds the family from that day."""
    family.social_work_closed_on = on
    for step_down in db.session.scalars(
        select(StepDown).where(StepDown.family_id == family.id, StepDown.state.in_(OPEN)).order_by(StepDown.id)
    ):
        step_down.social_work_closed_on = on
    history.record(E.SOCIAL_WORK_CLOSED, family, by=by, happened_on=on, data={"when": full(on)}, notify=("managers",))
    checks.reown(family.id, by=by)
