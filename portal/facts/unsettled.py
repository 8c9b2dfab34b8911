"""What keeps two gates shut, as conditions: for the gates themselves, and for the next step of a family."""

from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.sql.elements import ColumnElement

from portal.core.db import written, written_all
from portal.domain.plans import OPEN_ACTIONS, ActionState
from portal.domain.step_downs import NeedOutcome, OutstandingState
from portal.domain.support import OPEN_REFERRALS
from portal.facts import plans
from portal.models.following import SupportReferral
from portal.models.handover import OutstandingAction, StepDownNeed
from portal.models.teamwork import PlanAction


def outstanding() -> ColumnElement[bool]:
    """Of an outstanding action beside the action it was carried into: nobody has settled it, its new owner has not
    agreed or handed it back, or the family does not know that it was dropped."""
    carried: Any = PlanAction.state
    return or_(
        OutstandingAction.state == written(OutstandingState.OUTSTANDING),
        carried == written(ActionState.HANDED_BACK),
        and_(carried.in_(written_all(OPEN_ACTIONS)), ~plans.once_agreed(PlanAction)),
        and_(
            OutstandingAction.state == written(OutstandingState.DROPPED),
            OutstandingAction.family_told_on.is_(None),
        ),
    )


def need() -> ColumnElement[bool]:
    """Of a need that social work left: nothing is agreed for it, and nobody brings it to the first team meeting."""
    acted = select(PlanAction.id).where(
        PlanAction.plan_need_id == StepDownNeed.plan_need_id, plans.once_agreed(PlanAction)
    )
    supported = select(SupportReferral.id).where(
        SupportReferral.plan_need_id == StepDownNeed.plan_need_id,
        SupportReferral.state.in_(written_all(OPEN_REFERRALS)),
    )
    return and_(
        StepDownNeed.outcome == written(NeedOutcome.LEFT),
        StepDownNeed.brought_by_id.is_(None),
        ~acted.exists(),
        ~supported.exists(),
    )
