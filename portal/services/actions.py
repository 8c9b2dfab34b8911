"""Actions in a family's plan: propose, agree, go on with, mark done."""

from datetime import date
from typing import Any

from portal.core import clock
from portal.core.db import db
from portal.domain.dates import full
from portal.domain.events import E
from portal.domain.plans import ActionState
from portal.domain.support import Source
from portal.domain.viewer import Viewer
from portal.models.teamwork import PlanAction, PlanNeed, TeamMember
from portal.policies.ties import ties
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
    own = owner.user_id is not None and owner.user_id == by.user_id
    history.record(
        E.ACTION_TAKEN_ON if own else E.ACTION_PROPOSED,
        action,
        by=by,
        data={"what": what, "whom": owner.name, "due": full(due_on)},
        notify=() if own else ("action_owner",),
    )
    return action


def agree(
    action: PlanAction,
    owner_name: str,
    *,
    by: Viewer,
    at_meeting: bool = False,
    on: date | None = None,
    follows: bool = False,
) -> None:
    """The owner agrees; or the lead or coordinator records that they did: at a meeting, held on the day `on`, or as
    told. `follows`: it is part of carrying an outstanding action, which this person may."""
    day = on or clock.today()
    walk(
        action,
        "agree",
        by=by,
        follows=follows,
        happened_on=day,
        agreed_on=day,
        data={"what": action.what, "whom": owner_name, "at_meeting": at_meeting},
        **({} if at_meeting else _as_told(action, by)),
    )


def go_on(action: PlanAction, *, by: Viewer, note: str | None) -> None:
    """Record that it is going on. From proposed it is agreed to as well; where it goes on already, the note is what
    there is to record."""
    told = _as_told(action, by)
    if action.state == ActionState.IN_PROGRESS:
        walk(action, "note", by=by, text=note, data={"what": action.what}, **told)
        return
    agreed_on = action.agreed_on or clock.today()
    walk(action, "start", by=by, text=note, agreed_on=agreed_on, data={"what": action.what}, **told)


def do(action: PlanAction, *, by: Viewer, note: str | None = None, done_on: date | None = None) -> None:
    """Mark as done, today unless told. From proposed it writes that it was agreed, too."""
    day = done_on or clock.today()
    told = _as_told(action, by)
    if action.state == ActionState.PROPOSED:
        data = {"what": action.what, "whom": told.get("told_by", by.name)}
        walk(action, "agree", by=by, follows=True, agreed_on=clock.today(), data=data, **told)
    walk(
        action,
        "do",
        by=by,
        text=note,
        happened_on=day,
        done_on=day,
        done_by_id=by.user_id,
        data={"what": action.what},
        **told,
    )


def _as_told(action: PlanAction, by: Viewer) -> dict[str, Any]:
    """How it is known where somebody else than the owner records it; nothing where it is the owner."""
    if action.owner_id in ties(by, action.family_id).member_ids:
        return {}
    return {"source": Source.TOLD, "told_by": db.session.get_one(TeamMember, action.owner_id).name}
