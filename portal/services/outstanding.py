"""What social work still had to do: carried into the plan, completed, or dropped; nothing is lost."""

from datetime import date

from portal.core import clock
from portal.domain.viewer import Viewer
from portal.models.handover import OutstandingAction
from portal.models.teamwork import PlanAction, PlanNeed, TeamMember
from portal.services import actions
from portal.services.moves import walk


def carry(
    outstanding: OutstandingAction,
    *,
    episode_id: int,
    owner: TeamMember,
    due_on: date,
    by: Viewer,
    agreed: bool,
    need: PlanNeed | None = None,
) -> PlanAction:
    """Make it an action of the plan with a new owner. `agreed`: the owner agreed at the meeting; else it waits for
    their own answer, and the gate with it."""
    action = actions.propose(
        outstanding.what,
        episode_id=episode_id,
        owner=owner,
        due_on=due_on,
        by=by,
        need=need,
        step_down_id=outstanding.step_down_id,
        concerns_safety=outstanding.concerns_safety,
    )
    if agreed:
        actions.agree(action, owner.name, by=by, at_meeting=True)
    walk(
        outstanding,
        "carry",
        by=by,
        plan_action_id=action.id,
        settled_at=clock.now(),
        data={"what": outstanding.what, "action": action.ref},
    )
    return action


def complete(outstanding: OutstandingAction, evidence: str, *, by: Viewer) -> None:
    """It was done after all, with how that is known."""
    walk(
        outstanding,
        "complete",
        by=by,
        text=evidence,
        evidence=evidence,
        settled_at=clock.now(),
        data={"what": outstanding.what},
    )


def drop(outstanding: OutstandingAction, reason: str, *, by: Viewer) -> None:
    """It will not be done, with why. One that concerns safety is refused here."""
    walk(
        outstanding,
        "drop",
        by=by,
        text=reason,
        drop_reason=reason,
        settled_at=clock.now(),
        data={"what": outstanding.what},
    )
