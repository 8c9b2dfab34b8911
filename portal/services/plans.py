"""The family's action plan: needs on the headline outcomes, and when it comes into force."""

from typing import Any

from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.domain.events import E
from portal.domain.plans import Headline
from portal.domain.viewer import Viewer
from portal.models.teamwork import ActionPlan, PlanAction, PlanNeed, TeamMember
from portal.services import history
from portal.services.moves import walk


def add_need(
    family_id: int,
    episode_id: int,
    *,
    headline: Headline,
    what: str,
    by: Viewer,
    person_id: int | None = None,
    desired_outcome: str | None = None,
    scale_start: int | None = None,
) -> PlanNeed:
    """A need of the whole family, or of one person in it; the outcome in the family's own words."""
    need = PlanNeed(
        family_id=family_id,
        episode_id=episode_id,
        headline=headline,
        what=what,
        person_id=person_id,
        desired_outcome=desired_outcome,
        scale_start=scale_start,
        scale_now=scale_start,
    )
    db.session.add(need)
    db.session.flush()
    history.record(E.NEED_ADDED, need, by=by, data={"what": what})
    return need


def could_not_meet(need: PlanNeed, reason: str, *, by: Viewer) -> None:
    """What could not be provided, and who knows. Nothing is counted as met that was not."""
    walk(need, "not_met", by=by, text=reason, not_met_reason=reason, data={"what": need.what})


def put_in_force(plan: ActionPlan, *, by: Viewer) -> None:
    """The plan is in force from today; its wording is kept as it is now."""
    walk(plan, "put_in_force", by=by, in_force_on=clock.today(), wording=_wording(plan))


def _wording(plan: ActionPlan) -> dict[str, Any]:
    needs = db.session.execute(
        select(PlanNeed.id, PlanNeed.headline, PlanNeed.what, PlanNeed.desired_outcome)
        .where(PlanNeed.episode_id == plan.episode_id)
        .order_by(PlanNeed.id)
    )
    actions = db.session.execute(
        select(PlanAction.id, PlanAction.plan_need_id, PlanAction.what, PlanAction.due_on, TeamMember.name)
        .join(TeamMember, TeamMember.id == PlanAction.owner_id)
        .where(PlanAction.episode_id == plan.episode_id)
        .order_by(PlanAction.id)
    )
    return {
        "needs": [
            {"id": row.id, "headline": row.headline.value, "what": row.what, "outcome": row.desired_outcome}
            for row in needs
        ],
        "actions": [
            {
                "id": row.id,
                "need": row.plan_need_id,
                "what": row.what,
                "due_on": row.due_on.isoformat(),
                "owner": row.name,
            }
            for row in actions
        ],
    }
