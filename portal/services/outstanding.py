"""What social work still had to do: carried into the plan, completed, or dropped; nothing is lost."""

from datetime import date

from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.core.errors import FieldRefused, Refused
from portal.domain.event_kinds import E
from portal.domain.step_downs import OutstandingState
from portal.domain.viewer import Viewer
from portal.facts import handing_over
from portal.models.handover import OutstandingAction, StepDown
from portal.models.teamwork import PlanAction, PlanNeed, TeamMember
from portal.services import actions, history
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
    on: date | None = None,
    at_meeting: bool = True,
) -> PlanAction:
    """Make it an action of the plan with a new owner. `agreed`: the owner agreed, at the meeting held on the day
    `on` or else as told; else it waits for their own answer, and the gate with it. Raises FieldRefused at `owner` for
    the social worker who hands over: the action would leave the team with them."""
    if owner.user_id is not None and owner.user_id == handing_over.leaver(outstanding.step_down_id):
        raise FieldRefused(
            "owner", f"{owner.name} hands the family over and leaves the {{team}}. Choose somebody who stays"
        )
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
        actions.agree(action, owner.name, by=by, at_meeting=at_meeting, on=on, follows=True)
    walk(
        outstanding,
        "carry",
        by=by,
        happened_on=on,
        plan_action_id=action.id,
        settled_at=clock.now(),
        settled_by_name=by.name,
        data={"what": outstanding.what, "action": action.ref},
    )
    return action


def hand_to(outstanding: OutstandingAction, *, owner_id: int, due_on: date, agreed: bool, by: Viewer) -> PlanAction:
    """Carry it outside a meeting, to a member of the family's team as it is today."""
    owner = db.session.execute(
        select(TeamMember).where(
            TeamMember.id == owner_id,
            TeamMember.family_id == outstanding.family_id,
            TeamMember.left_on.is_(None),
        )
    ).scalar_one_or_none()
    if owner is None:
        raise FieldRefused("owner", "Choose somebody who is on the team now")
    step_down = db.session.get_one(StepDown, outstanding.step_down_id)
    if step_down.episode_id is None:
        raise Refused("The {step_down} has to be accepted before its outstanding actions are settled.")
    return carry(
        outstanding,
        episode_id=step_down.episode_id,
        owner=owner,
        due_on=due_on,
        by=by,
        agreed=agreed,
        at_meeting=False,
    )


def complete(outstanding: OutstandingAction, evidence: str, *, by: Viewer, on: date | None = None) -> None:
    """It was done after all, with how that is known."""
    walk(
        outstanding,
        "complete",
        by=by,
        happened_on=on,
        text=evidence,
        evidence=evidence,
        settled_at=clock.now(),
        settled_by_name=by.name,
        data={"what": outstanding.what},
    )


def drop(
    outstanding: OutstandingAction, reason: str, *, by: Viewer, on: date | None = None, family_told: bool = False
) -> None:
    """It will not be done, with why. One that concerns safety only for the social care manager. `family_told`: they
    know it, as those who were at the meeting do; else that is still to be recorded."""
    walk(
        outstanding,
        "drop",
        by=by,
        happened_on=on,
        text=reason,
        drop_reason=reason,
        family_told_on=(on or clock.today()) if family_told else None,
        settled_at=clock.now(),
        settled_by_name=by.name,
        data={"what": outstanding.what},
    )


def tell_family(outstanding: OutstandingAction, on: date, *, by: Viewer) -> None:
    """The family knows now that it was dropped. Raises FieldRefused for a day that is still to come."""
    if outstanding.state is not OutstandingState.DROPPED or outstanding.family_told_on is not None:
        raise Refused("The family was told already, or this was not dropped.")
    if on > clock.today():
        raise FieldRefused("told_on", "The date the family was told must be today or in the past")
    outstanding.family_told_on = on
    history.record(E.OUTSTANDING_FAMILY_TOLD, outstanding, by=by, happened_on=on, data={"what": outstanding.what})
