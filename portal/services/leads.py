"""Who leads: somebody is asked, accepts or says why not, and ends; nobody else leads meanwhile, and nobody too few."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.core.errors import FieldRefused, Refused
from portal.domain.dates import full, london_date
from portal.domain.event_kinds import E
from portal.domain.leads import KNOWN_BEFORE, EndCode, LeadState, NotFound
from portal.domain.standards import Standard
from portal.domain.support import Source
from portal.domain.viewer import Viewer
from portal.domain.wording import CHOICES
from portal.facts import leading, practice, sharing
from portal.models.families import Family
from portal.models.handover import Episode, LeadAssignment, LeadDecision, StepDown
from portal.models.people import Organisation, OrganisationKind, User
from portal.models.teamwork import TeamMember
from portal.policies import ties
from portal.policies.scope import unscoped
from portal.services import checks, episodes, history, team
from portal.services.actions import Told
from portal.services.moves import walk

FIELD = "lead"
KNOWN_TELLS = ("lead_professional",)
NOTHING_TO_LEAD = "There is no {early_help} to lead: no {step_down} of this family is accepted."


@dataclass(frozen=True)
class Whom:
    """Somebody who can be asked to lead: with a sign-in, or a member of the team without one."""

    user_id: int | None = None
    member_id: int | None = None


def nominate(
    family: Family, episode: Episode, whom: Whom, *, by: Viewer, step_down: StepDown | None = None
) -> LeadAssignment:
    """Ask somebody to lead. Raises FieldRefused at `lead` where they cannot be asked, Refused where somebody
    already leads and is not about to stop, or was already asked and has not answered."""
    name = _name_of(family, whom)
    standing = leading.standing(family.id)
    if standing.asked is not None:
        raise Refused(f"{standing.asked.name} was asked to be the {{lead_professional}} and has not answered yet.")
    if standing.lead is not None and not standing.may_ask:
        raise Refused(f"{standing.lead.name} is the {{lead_professional}} already.")
    if standing.lead is not None and (standing.lead.user_id, standing.lead.member_id) == (whom.user_id, whom.member_id):
        raise FieldRefused(FIELD, f"{name} leads now. Choose who follows them")
    return _assign(family, episode, whom, name, LeadState.NOMINATED, step_down, by=by)


def ask(family: Family, whom: Whom, *, by: Viewer) -> LeadAssignment:
    """Ask somebody, again or in place of who said no, for the step-down the family came with. Refused where there
    is no early help to lead."""
    episode = episodes.open_of(family.id)
    if episode is None:
        raise Refused(NOTHING_TO_LEAD)
    return nominate(family, episode, whom, by=by, step_down=_came_with(episode))


def go_on_leading(
    family: Family, episode: Episode, user_id: int, *, by: Viewer, step_down: StepDown | None = None
) -> None:
    """Who goes on as the same worker: recorded as the lead, accepted, where nobody leads yet."""
    if leading.current(family.id) is not None:
        return
    user = db.session.get_one(User, user_id)
    team.join_user(family, user.id, by=by, field=FIELD)
    _assign(family, episode, Whom(user.id), user.name, LeadState.ACCEPTED, step_down, by=by)


def known_to_lead(family: Family, episode: Episode, user_id: int, *, by: Viewer) -> None:
    """Somebody who was asked before the portal came, as whoever brings the family in knows it: no answer of theirs.
    They are told. Raises FieldRefused at `lead` where they cannot see the family."""
    if leading.current(family.id) is not None:
        return
    user = db.session.get_one(User, user_id)
    team.join_user(family, user.id, by=by, field=FIELD)
    made = already_leading(family.id, episode.id, user, by=by)
    db.session.add(made)
    db.session.flush()
    data = {"whom": user.name, "known": KNOWN_BEFORE}
    history.record(E.LEAD_KNOWN, made, by=by, data=data, source=Source.TOLD, notify=KNOWN_TELLS)


def already_leading(family_id: int, episode_id: int, user: User, *, by: Viewer) -> LeadAssignment:
    """Not stored yet: for many families at once."""
    return LeadAssignment(
        family_id=family_id,
        episode_id=episode_id,
        user_id=user.id,
        name=user.name,
        state=LeadState.ACCEPTED,
        nominated_by_name=by.name,
        nominated_at=clock.now(),
        answer_by=clock.today(),
    )


def accept(assignment: LeadAssignment, *, by: Viewer) -> None:
    """Lead from now on: on the team from this moment, and holder of the due checks once responsibility moved. Whom
    they follow stops leading in the same moment."""
    _accept(assignment, "accept", by=by)


def accept_as_told(assignment: LeadAssignment, told: Told, *, by: Viewer) -> None:
    """Somebody without a sign-in said that they will lead."""
    _accept(assignment, "accept_told", by=by, **_known(told))


def _accept(assignment: LeadAssignment, move: str, *, by: Viewer, how: str | None = None, **known: Any) -> None:
    with unscoped("the nominee accepts"):
        if assignment.state is LeadState.NOMINATED:
            _make_way(assignment, by=by)
        walk(
            assignment,
            move,
            by=by,
            answered_at=clock.now(),
            data=_who_and_how(assignment, how),
            **known,
        )
        family = db.session.get_one(Family, assignment.family_id)
        if assignment.user_id is not None:
            team.join_user(family, assignment.user_id, by=by)
        checks.reown(family.id, by=by)
    ties.forget()


def _make_way(assignment: LeadAssignment, *, by: Viewer) -> None:
    """Who led until now ends, before the successor begins, in the same transaction."""
    before = _accepted(assignment.family_id)
    if before is None:
        return
    if before.end_code is None and before.until_on is None:
        raise Refused(f"{before.name} is the {{lead_professional}} already.")
    _end(before, before.end_code or EndCode.TIME_BEING, clock.today(), before.end_reason, by=by, follows=True)


def decline(assignment: LeadAssignment, reason: str, *, by: Viewer) -> None:
    """Say no, with why; the coordinator asks somebody else."""
    _decline(assignment, "decline", reason, by=by)


def decline_as_told(assignment: LeadAssignment, reason: str, told: Told, *, by: Viewer) -> None:
    """Somebody without a sign-in said that they cannot lead."""
    _decline(assignment, "decline_told", reason, by=by, **_known(told))


def _decline(
    assignment: LeadAssignment,
    move: str,
    reason: str,
    *,
    by: Viewer,
    how: str | None = None,
    **known: Any,
) -> None:
    walk(
        assignment,
        move,
        by=by,
        text=reason,
        answered_at=clock.now(),
        answer_reason=reason,
        data=_who_and_how(assignment, how),
        **known,
    )


def _known(told: Told) -> dict[str, Any]:
    return {"told_by": told.by, "happened_on": told.on, "source": Source.TOLD, "how": told.how.value}


def _who_and_how(assignment: LeadAssignment, how: str | None) -> dict[str, Any]:
    return {"whom": assignment.name, **({"how": how} if how else {})}


def withdraw(assignment: LeadAssignment, *, by: Viewer) -> None:
    """Ask this person no longer; somebody else can be asked."""
    _withdraw(assignment, by=by)


def _withdraw(assignment: LeadAssignment, *, by: Viewer, follows: bool = False) -> None:
    walk(
        assignment,
        "withdraw",
        by=by,
        follows=follows,
        answered_at=clock.now(),
        data={"whom": assignment.name},
    )


def leave(
    assignment: LeadAssignment, code: EndCode, reason: str | None, *, by: Viewer, successor: Whom | None = None
) -> None:
    """Lead until somebody else has accepted; the successor is asked now, or by the coordinator later."""
    walk(
        assignment,
        "leave",
        by=by,
        text=reason,
        end_code=code,
        end_reason=reason,
        data={"whom": assignment.name, "why": CHOICES[code]},
    )
    if successor is not None:
        family = db.session.get_one(Family, assignment.family_id)
        nominate(family, db.session.get_one(Episode, assignment.episode_id), successor, by=by)


def end(assignment: LeadAssignment, code: EndCode, on: date, reason: str | None, *, by: Viewer) -> None:
    """Stop leading without a successor: the family is visibly without a lead. They stay on the team."""
    _end(assignment, code, on, reason, by=by)
    checks.reown(assignment.family_id, by=by)
    ties.forget()


def end_with(episode: Episode, *, by: Viewer) -> None:
    """Early help ended before it began: who leads stops today, and who was asked is asked no longer."""
    standing = db.session.scalars(
        select(LeadAssignment)
        .where(
            LeadAssignment.episode_id == episode.id,
            LeadAssignment.state.in_([LeadState.NOMINATED, LeadState.ACCEPTED]),
        )
        .order_by(LeadAssignment.id)
    ).all()
    for assignment in standing:
        if assignment.state is LeadState.ACCEPTED:
            _end(assignment, EndCode.NOT_BEGUN, clock.today(), None, by=by, follows=True)
        else:
            _withdraw(assignment, by=by, follows=True)
    ties.forget()


def _end(
    assignment: LeadAssignment, code: EndCode, on: date, reason: str | None, *, by: Viewer, follows: bool = False
) -> None:
    began = assignment.answered_at
    if began is not None and on < london_date(began):
        raise FieldRefused("ended_on", "The date they stopped leading must be on or after the day they began")
    walk(
        assignment,
        "end",
        by=by,
        text=reason,
        happened_on=on,
        follows=follows,
        end_code=code,
        end_reason=reason,
        ended_on=on,
        data={"whom": assignment.name, "when": full(on), "why": CHOICES[code]},
    )
    db.session.flush()


def decide(
    family: Family,
    decision: NotFound,
    why: str,
    *,
    by: Viewer,
    worker_id: int | None = None,
    until_on: date | None = None,
) -> LeadDecision:
    """What happens while no lead is found. A council worker leads from now on, until somebody follows."""
    episode = episodes.open_of(family.id)
    if episode is None:
        raise Refused(NOTHING_TO_LEAD)
    standing = leading.standing(family.id)
    if standing.lead is not None:
        raise Refused(f"{standing.lead.name} is the {{lead_professional}} already.")
    made = LeadDecision(
        family_id=family.id,
        episode_id=episode.id,
        decision=decision,
        why=why,
        decided_by_name=by.name,
        decided_on=clock.today(),
        decided_at=clock.now(),
    )
    db.session.add(made)
    history.record(
        E.LEAD_DECIDED, family, by=by, text=why, data={"what": CHOICES[decision]}, notify=("coordinator", "managers")
    )
    if decision is NotFound.COUNCIL_WORKER:
        _lead_for_now(family, episode, worker_id, until_on, standing, by=by)
    return made


def _lead_for_now(
    family: Family,
    episode: Episode,
    worker_id: int | None,
    until_on: date | None,
    standing: leading.Standing,
    *,
    by: Viewer,
) -> None:
    if worker_id is None:
        raise FieldRefused("worker", "Choose who leads for the time being")
    if until_on is None or until_on <= clock.today():
        raise FieldRefused("until_on", "The date until which they lead must be in the future")
    kind = db.session.scalars(
        select(Organisation.kind).join(User, User.organisation_id == Organisation.id).where(User.id == worker_id)
    ).one()
    if kind is not OrganisationKind.COUNCIL:
        raise FieldRefused("worker", "Choose somebody who works for the council")
    if standing.asked is not None:
        withdraw(db.session.get_one(LeadAssignment, standing.asked.assignment_id), by=by)
    name = _name_of(family, Whom(worker_id), field="worker")
    team.join_user(family, worker_id, by=by, field="worker")
    made = _assign(family, episode, Whom(worker_id), name, LeadState.ACCEPTED, _came_with(episode), by=by)
    made.until_on = until_on
    history.record(
        E.LEAD_FOR_NOW, made, by=by, data={"whom": name, "when": full(until_on)}, notify=("lead_professional",)
    )
    checks.reown(family.id, by=by)


def _came_with(episode: Episode) -> StepDown | None:
    return db.session.scalars(
        select(StepDown).where(StepDown.episode_id == episode.id).order_by(StepDown.id.desc()).limit(1)
    ).first()


def _accepted(family_id: int) -> LeadAssignment | None:
    return db.session.scalars(
        select(LeadAssignment).where(LeadAssignment.family_id == family_id, LeadAssignment.state == LeadState.ACCEPTED)
    ).first()


def _name_of(family: Family, whom: Whom, *, field: str = FIELD) -> str:
    """Raises FieldRefused where this person cannot lead the family."""
    if whom.user_id is not None:
        user = db.session.get_one(User, whom.user_id)
        team.may_see(family, user, field=field)
        return user.name
    member = db.session.scalars(
        select(TeamMember).where(TeamMember.id == whom.member_id, TeamMember.family_id == family.id)
    ).one_or_none()
    if member is None or member.outside_name is None or member.left_on is not None:
        raise FieldRefused(field, "This person is no longer on the team. Choose somebody else")
    if not sharing.is_live_by_name(member.organisation):
        raise FieldRefused(
            field, "This person’s organisation has no sharing agreement at present. Choose somebody else"
        )
    return member.name


def _assign(
    family: Family,
    episode: Episode,
    whom: Whom,
    name: str,
    state: LeadState,
    step_down: StepDown | None,
    *,
    by: Viewer,
) -> LeadAssignment:
    now = clock.now()
    accepted = state is LeadState.ACCEPTED
    assignment = LeadAssignment(
        family_id=family.id,
        episode_id=episode.id,
        step_down_id=step_down.id if step_down else None,
        user_id=whom.user_id,
        member_id=whom.member_id,
        name=name,
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
        data={"whom": name},
        notify=() if accepted or whom.user_id is None else ("nominee",),
    )
    return assignment
