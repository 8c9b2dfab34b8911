"""Versions of a plan: one is in force, a revision is written beside it until it replaces it."""

from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.core.errors import Refused
from portal.domain.event_kinds import E
from portal.domain.plans import ActionState, PlanState
from portal.domain.viewer import Viewer
from portal.facts import plans
from portal.models.families import Family
from portal.models.teamwork import ActionPlan, PlanAction, PlanNeed, TeamMember
from portal.services import actions, episodes, history
from portal.services.moves import walk

NOT_YET = "The {plan} is not in force yet, so it can be changed as it stands."
ALREADY = "Somebody has begun to revise the {plan} already. What you add now goes into that revision."


def latest(episode_id: int) -> ActionPlan:
    """The version with the highest number: the revision, where one is written."""
    return db.session.scalars(
        select(ActionPlan)
        .where(ActionPlan.episode_id == episode_id)
        .order_by(ActionPlan.number.desc())
        .limit(1)
        .with_for_update()
    ).one()


def open_revision(episode_id: int) -> int | None:
    """The revision that is being written, into which goes what is added to the plan."""
    return db.session.scalars(
        select(ActionPlan.id).where(
            ActionPlan.episode_id == episode_id, ActionPlan.state == PlanState.DRAFT, ActionPlan.number > 1
        )
    ).one_or_none()


def begin_revision(family: Family, *, by: Viewer) -> ActionPlan:
    """Write the next version beside the one in force."""
    found = latest(episodes.to_plan_in(family).id)
    if found.state is PlanState.DRAFT:
        raise Refused(NOT_YET if found.number == 1 else ALREADY)
    revision = ActionPlan(family_id=family.id, episode_id=found.episode_id, number=found.number + 1)
    db.session.add(revision)
    db.session.flush()
    history.record(E.PLAN_REVISION_STARTED, revision, by=by)
    return revision


def put_family_plan_in_force(family: Family, *, read: str, by: Viewer) -> None:
    """`read` is the mark of the wording that was on the page: nothing comes into force that nobody has read."""
    plan = latest(episodes.to_plan_in(family).id)
    put_in_force(plan, by=by)
    if plans.wording(plan.episode_id).mark != read:
        raise Refused("The {plan} was changed after you opened this page. Read it again before it comes into force.")


def put_in_force(plan: ActionPlan, *, by: Viewer) -> None:
    """The plan is in force from today, its wording kept as it is now. A revision replaces the version before, and
    what it brings is there for everybody: who is to do something learns of it now."""
    wording = plans.wording(plan.episode_id).kept()
    before = db.session.scalars(
        select(ActionPlan).where(
            ActionPlan.episode_id == plan.episode_id, ActionPlan.state == PlanState.IN_FORCE, ActionPlan.id != plan.id
        )
    ).one_or_none()
    if before is not None:
        walk(before, "replace", by=by, data={"number": before.number})
        db.session.flush()
    walk(plan, "put_in_force", by=by, in_force_on=clock.today(), wording=wording)
    db.session.flush()
    _bring_in(plan, by=by)


def _bring_in(plan: ActionPlan, *, by: Viewer) -> None:
    for need in db.session.scalars(select(PlanNeed).where(PlanNeed.revision_id == plan.id)).all():
        need.revision_id = None
    added = db.session.execute(
        select(PlanAction, TeamMember)
        .join(TeamMember, TeamMember.id == PlanAction.owner_id)
        .where(PlanAction.revision_id == plan.id)
        .order_by(PlanAction.id)
    ).all()
    for action, owner in added:
        action.revision_id = None
        if action.state is ActionState.PROPOSED:
            actions.ask(action, owner, by=by)
