"""Actions in a family's plan: propose, agree, go on with, mark done."""

from datetime import date

from portal.core import clock
from portal.core.db import db
from portal.domain.dates import full
from portal.domain.events import E
from portal.domain.plans import ActionState
from portal.domain.viewer import Viewer
from portal.models.teamwork import PlanAction, PlanNeed, TeamMember
from portal.services import history
from portal.services.moves import walk


def propose(
    what: str,
    *,
    episode_id: int,
    owner: TeamMember,
    due_on: date,
    by: Viewer,
    need: PlanNeed | None = None,
    step_down_id: int | None = None,
    concerns_safety: bool = False,
) -> PlanAction:
    """Ask a member of the team to do something. Carried from a step-down it keeps its origin."""
    action = PlanAction(
        family_id=owner.family_id,
        episode_id=episode_id,
        plan_need_id=need.id if need else None,
        step_down_id=step_down_id,
        what=what,
        owner_id=owner.id,
        due_on=due_on,
        first_due_on=due_on,
        concerns_safety=concerns_safety,
        asked_by_name=by.name,
        proposed_at=clock.now(),
    )
    db.session.add(action)
    db.session.flush()
    history.record(
        E.ACTION_PROPOSED,
        action,
        by=by,
        data={"what": what, "whom": owner.name, "due": full(due_on)},
        notify=("action_owner",),
    )
    return action


def agree(action: PlanAction, owner_name: str, *, by: Viewer, at_meeting: bool = False) -> None:
    """The owner agrees; or the lead or coordinator records that they did, at a meeting or as told."""
    walk(
        action,
        "agree",
        by=by,
        agreed_on=clock.today(),
        data={"what": action.what, "whom": owner_name, "at_meeting": at_meeting},
    )


def go_on(action: PlanAction, *, by: Viewer, note: str | None) -> None:
    """Record that it is going on. From proposed it is agreed to as well."""
    if action.state == ActionState.IN_PROGRESS:
        walk(action, "note", by=by, text=note, data={"what": action.what})
        return
    walk(action, "start", by=by, text=note, agreed_on=action.agreed_on or clock.today(), data={"what": action.what})


def do(action: PlanAction, *, by: Viewer, note: str | None = None, done_on: date | None = None) -> None:
    """Mark as done, today unless told. From proposed it writes that it was agreed, too."""
    day = done_on or clock.today()
    if action.state == ActionState.PROPOSED:
        walk(action, "agree", by=by, follows=True, agreed_on=day, data={"what": action.what, "whom": by.name})
    walk(
        action,
        "do",
        by=by,
        text=note,
        happened_on=day,
        done_on=day,
        done_by_id=by.user_id,
        agreed_on=action.agreed_on or day,
        data={"what": action.what},
    )
