"""Who leads: somebody is asked, and accepts or says why not."""

from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.core.errors import Refused
from portal.domain.events import E
from portal.domain.leads import LeadState
from portal.domain.standards import Standard
from portal.domain.viewer import Viewer
from portal.facts import leading, practice
from portal.models.families import Family
from portal.models.handover import Episode, LeadAssignment, StepDown
from portal.models.people import User
from portal.policies import ties
from portal.policies.scope import unscoped
from portal.services import checks, episodes, history, team
from portal.services.moves import walk

FIELD = "lead"


def nominate(
    family: Family, episode: Episode, user_id: int, *, by: Viewer, step_down: StepDown | None = None
) -> LeadAssignment:
    """Ask somebody to lead. Raises FieldRefused at `lead` where they cannot be asked, Refused where somebody
    already leads or was already asked and has not answered."""
    user = db.session.get_one(User, user_id)
    team.may_see(family, user, field=FIELD)
    current = leading.current(family.id)
    if current is not None and current.accepted:
        raise Refused(f"{current.name} is the {{lead_professional}} already.")
    if current is not None:
        raise Refused(f"{current.name} was asked to be the {{lead_professional}} and has not answered yet.")
    return _assign(family, episode, user, LeadState.NOMINATED, step_down, by=by)


def ask(family: Family, user_id: int, *, by: Viewer) -> LeadAssignment:
    """Ask somebody, again or in place of who said no, for the step-down the family came with. Refused where there
    is no early help to lead."""
    episode = episodes.open_of(family.id)
    if episode is None:
        raise Refused("There is no {early_help} to lead: no {step_down} of this family is accepted.")
    came_with = db.session.scalars(
        select(StepDown).where(StepDown.episode_id == episode.id).order_by(StepDown.id.desc()).limit(1)
    ).first()
    return nominate(family, episode, user_id, by=by, step_down=came_with)


def go_on_leading(
    family: Family, episode: Episode, user_id: int, *, by: Viewer, step_down: StepDown | None = None
) -> None:
    """Who leads already, or goes on as the same worker: recorded as the lead, accepted, where nobody leads yet."""
    if leading.current(family.id) is not None:
        return
    user = db.session.get_one(User, user_id)
    team.join_user(family, user.id, by=by, field=FIELD)
    _assign(family, episode, user, LeadState.ACCEPTED, step_down, by=by)


def accept(assignment: LeadAssignment, *, by: Viewer) -> None:
    """Lead from now on: on the team from this moment, and holder of the due checks once responsibility moved."""
    walk(assignment, "accept", by=by, answered_at=clock.now(), data={"whom": by.name})
    with unscoped("the nominee accepts"):
        family = db.session.get_one(Family, assignment.family_id)
        team.join_user(family, assignment.user_id, by=by)
        checks.reown(family.id, by=by)
    ties.forget()


def decline(assignment: LeadAssignment, reason: str, *, by: Viewer) -> None:
    """Say no, with why; the coordinator asks somebody else."""
    walk(
        assignment,
        "decline",
        by=by,
        text=reason,
        answered_at=clock.now(),
        answer_reason=reason,
        data={"whom": by.name},
    )


def _assign(
    family: Family, episode: Episode, user: User, state: LeadState, step_down: StepDown | None, *, by: Viewer
) -> LeadAssignment:
    now = clock.now()
    accepted = state is LeadState.ACCEPTED
    assignment = LeadAssignment(
        family_id=family.id,
        episode_id=episode.id,
        step_down_id=step_down.id if step_down else None,
        user_id=user.id,
        nominated_by_name=by.name,
        nominated_at=now,
        answer_by=practice.due_after(clock.today(), Standard.LEAD_ANSWER),
        answered_at=now if accepted else None,
        **({"state": state} if accepted else {}),
    )
    db.session.add(assignment)
    db.session.flush()
    history.record(
        E.LEAD_ACCEPTED if accepted else E.LEAD_NOMINATED,
        assignment,
        by=by,
        data={"whom": user.name},
        notify=() if accepted else ("nominee",),
    )
    return assignment
