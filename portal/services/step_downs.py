"""A step-down once it was sent: accepted, or not accepted."""

from sqlalchemy import select, update

from portal.core import clock
from portal.core.db import db
from portal.core.errors import FieldRefused
from portal.domain.standards import Standard
from portal.domain.step_downs import DeclineCode, Destination, NeedOutcome, needs_lead
from portal.domain.viewer import Viewer
from portal.facts import leading, practice
from portal.models.families import CoordinatorAssignment, Family
from portal.models.handover import Episode, StepDown, StepDownChild, StepDownNeed
from portal.models.people import User
from portal.services import coordinators, episodes, leads, plans, stays, team
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
    stays.overtaken(step_down, by=by)
    free_children(step_down)


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
