"""A step-down once it was sent: accepted, not accepted, confirmed as complete."""

from sqlalchemy import select, update

from portal.core import clock
from portal.core.db import db
from portal.core.errors import FieldRefused
from portal.domain.leads import LeadState
from portal.domain.plans import UNSETTLED_ACTIONS
from portal.domain.standards import Standard
from portal.domain.step_downs import DeclineCode, Destination, NeedOutcome, StepDownState, needs_lead
from portal.domain.viewer import Viewer
from portal.facts import leading, practice
from portal.models.families import CoordinatorAssignment, Family, Person, PersonKind
from portal.models.handover import Episode, LeadAssignment, StepDown, StepDownChild, StepDownNeed
from portal.models.people import User
from portal.models.teamwork import PlanAction, TeamMember
from portal.policies.scope import unscoped
from portal.services import checks, coordinators, episodes, leads, plans, social_work, team
from portal.services.moves import walk


def accept(step_down: StepDown, lead_id: int | None, *, by: Viewer) -> None:
    """Accept, and ask a named person to lead where the destination needs one. Who accepts becomes the family's
    coordinator; the needs left begin the first plan; the family's open episode is joined and keeps its lead."""
    destination = step_down.destination
    walk(step_down, "accept", by=by, answered_at=clock.now())
    family = db.session.get_one(Family, step_down.family_id)
    joining = episodes.open_of(family.id) is not None
    led = joining and leading.current(family.id) is not None
    if needs_lead(destination) and not led and lead_id is None:
        raise FieldRefused("lead", "Choose who will be asked to be the {lead_professional}")
    episode = episodes.prepare(family, lead_needed=destination is not Destination.UNIVERSAL, by=by)
    step_down.episode_id = episode.id
    if not (joining and _has_coordinator(family.id)):
        coordinators.assign(family, db.session.get_one(User, by.user_id), by=by)
    team.join_user(family, by.user_id, by=by)
    if db.session.get_one(User, step_down.social_worker_id).active:
        team.join_user(family, step_down.social_worker_id, by=by)
    _begin_plan(step_down, episode, by=by)
    if destination is Destination.SAME_WORKER:
        leads.go_on_leading(family, episode, step_down.social_worker_id, by=by, step_down=step_down)
    elif needs_lead(destination) and not led and lead_id is not None:
        leads.nominate(family, episode, leads.Whom(lead_id), by=by, step_down=step_down)


def decline(step_down: StepDown, code: DeclineCode, reason: str, *, by: Viewer) -> None:
    """Not accepted, with a reason. Its children are free for another step-down; it waits on social work until that
    says what happens now."""
    walk(
        step_down,
        "decline",
        by=by,
        text=reason,
        decline_code=code,
        decline_reason=reason,
        answered_at=clock.now(),
        answer_decline_by=practice.due_after(clock.today(), Standard.ANSWER_DECLINE),
        data={"reason": reason},
    )
    free_children(step_down)


def complete(step_down: StepDown, *, by: Viewer, family_told: bool = False) -> None:
    """Responsibility moves now, and not before: to the lead, else to the coordinator. Refused while a gate is open.
    Where the same worker goes on, the family has to have been told what changes."""
    walk(
        step_down,
        "complete",
        by=by,
        completed_at=clock.now(),
        completed_by_name=by.name,
        data={"holder": _holder(step_down.family_id), "late": step_down.social_work_closed_on is not None},
    )
    if step_down.destination is Destination.SAME_WORKER and not family_told:
        raise FieldRefused("family_told", "Tell the family what changes, then tick to confirm that you have")
    free_children(step_down)
    episodes.activate(db.session.get_one(Episode, step_down.episode_id), by=by)
    _end_social_work(step_down)
    social_work.end_question(db.session.get_one(Family, step_down.family_id))
    checks.reown(step_down.family_id, by=by)


def _begin_plan(step_down: StepDown, episode: Episode, *, by: Viewer) -> None:
    left = db.session.scalars(
        select(StepDownNeed)
        .where(StepDownNeed.step_down_id == step_down.id, StepDownNeed.outcome == NeedOutcome.LEFT)
        .order_by(StepDownNeed.id)
    ).all()
    for need in left:
        planned = plans.add_need(
            step_down.family_id,
            episode.id,
            headline=need.headline,
            what=need.what,
            person_id=need.person_id,
            by=by,
        )
        need.plan_need_id = planned.id


def free_children(step_down: StepDown) -> None:
    """Its children may be in another step-down now."""
    db.session.execute(update(StepDownChild).where(StepDownChild.step_down_id == step_down.id).values(is_open=False))


def _has_coordinator(family_id: int) -> bool:
    found = select(CoordinatorAssignment.id).where(
        CoordinatorAssignment.family_id == family_id, CoordinatorAssignment.to_on.is_(None)
    )
    return db.session.execute(found).first() is not None


def _holder(family_id: int) -> str:
    lead = select(LeadAssignment.name).where(
        LeadAssignment.family_id == family_id, LeadAssignment.state == LeadState.ACCEPTED
    )
    coordinator = (
        select(User.name)
        .join(CoordinatorAssignment, CoordinatorAssignment.user_id == User.id)
        .where(CoordinatorAssignment.family_id == family_id, CoordinatorAssignment.to_on.is_(None))
    )
    with unscoped("who holds the family after completion"):
        return (
            db.session.execute(lead).scalar_one_or_none()
            or db.session.execute(coordinator).scalar_one_or_none()
            or "{Early_help}"
        )


def _end_social_work(step_down: StepDown) -> None:
    """The social worker leaves the team, unless they lead or have an action still to do; social work ends for the
    family where no living child of it is left to social care."""
    family = db.session.get_one(Family, step_down.family_id)
    leads_now = select(LeadAssignment.user_id).where(
        LeadAssignment.family_id == family.id,
        LeadAssignment.state == LeadState.ACCEPTED,
        LeadAssignment.user_id.is_not(None),
    )
    still_to_do = select(PlanAction.owner_id).where(
        PlanAction.family_id == family.id, PlanAction.state.in_(UNSETTLED_ACTIONS)
    )
    member = db.session.execute(
        select(TeamMember).where(
            TeamMember.family_id == family.id,
            TeamMember.user_id == step_down.social_worker_id,
            TeamMember.id.not_in(still_to_do),
            TeamMember.left_on.is_(None),
            TeamMember.user_id.not_in(leads_now),
        )
    ).scalar_one_or_none()
    if member is not None:
        team.leave(member)
    handed_over = (
        select(StepDownChild.person_id)
        .join(StepDown, StepDown.id == StepDownChild.step_down_id)
        .where(StepDown.state == StepDownState.COMPLETED, StepDown.family_id == family.id)
    )
    remaining = db.session.execute(
        select(Person.id).where(
            Person.family_id == family.id,
            Person.kind == PersonKind.CHILD,
            Person.died_on.is_(None),
            Person.pregnancy_ended_on.is_(None),
            Person.id.not_in(handed_over),
        )
    ).first()
    if remaining is None:
        family.social_work_closed_on = family.social_work_closed_on or clock.today()
