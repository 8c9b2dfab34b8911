"""What both managers decide together: one proposes, the other agrees, each signed in."""

from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.core.errors import FieldRefused, NotAllowed, Refused
from portal.domain.dates import full
from portal.domain.deciding import WAIVABLE, Proposal, Together
from portal.domain.event_kinds import E
from portal.domain.permissions import P
from portal.domain.step_downs import GATES_OF, OPEN, Destination, Gate
from portal.domain.viewer import Viewer
from portal.domain.wording import CHOICES
from portal.facts import practice, waivers
from portal.models.deciding import JointDecision
from portal.models.families import Family
from portal.models.handover import Episode, StepDown
from portal.policies import rules
from portal.services import history, leads

ENDED = "This {step_down} has not been sent, or has ended, so there is nothing to decide."


def propose(step_down: StepDown, what: Proposal, *, by: Viewer) -> JointDecision:
    """Ask the manager of the other side. Nothing changes until they agree."""
    rules.demand(by, P.STEP_DOWN_DECIDE_TOGETHER, step_down)
    _demand_open(step_down)
    _demand_fit(step_down, what)
    _demand_another(step_down, what)
    if what.until < clock.today():
        raise FieldRefused("until", "The date must be today or later")
    _make_room(step_down, what, by=by)
    decision = JointDecision(
        family_id=step_down.family_id,
        step_down_id=step_down.id,
        kind=what.kind,
        gate=what.gate,
        destination=what.destination,
        until=what.until,
        reason=what.reason,
        proposed_by_id=by.user_id,
        proposed_by_name=by.name,
        proposed_for=waivers.sides(by, step_down)[0],
        proposed_at=clock.now(),
    )
    db.session.add(decision)
    db.session.flush()
    _record(E.DECISION_PROPOSED, decision, by=by, text=what.reason, notify=("other_manager",))
    return decision


def agree(decision: JointDecision, *, by: Viewer) -> None:
    """The other side's manager agrees: from now on it holds. Raises NotAllowed for whoever proposed it, and for a
    manager of the same side."""
    step_down = db.session.get_one(StepDown, decision.step_down_id)
    _demand_unanswered(decision)
    if not waivers.may_agree(by, decision, step_down):
        raise NotAllowed(f"Someone who manages {CHOICES[waivers.other(decision.proposed_for)]} has to agree to this.")
    _demand_open(step_down)
    if decision.until < clock.today():
        raise Refused("The day until which this would hold has passed. Propose it again with a later one.")
    _demand_fit(step_down, Proposal(decision.kind, decision.until, decision.reason, _gate(decision)))
    decision.agreed_by_id, decision.agreed_by_name, decision.agreed_at = by.user_id, by.name, clock.now()
    _record(
        E.DECISION_AGREED,
        decision,
        by=by,
        text=decision.reason,
        notify=("social_worker", "coordinator", "lead_professional"),
        whom=decision.proposed_by_name,
    )
    _follow(step_down, decision, by=by)


def end(decision: JointDecision, reason: str, *, by: Viewer) -> None:
    """Who proposed it takes it back, or the other manager does not agree."""
    step_down = db.session.get_one(StepDown, decision.step_down_id)
    if not waivers.sides(by, step_down):
        raise NotAllowed("You do not have permission to do this.")
    _demand_unanswered(decision)
    decision.ended_at, decision.ended_by_name, decision.ended_reason = clock.now(), by.name, reason
    _record(E.DECISION_ENDED, decision, by=by, text=reason, notify=("other_manager",))


def _demand_open(step_down: StepDown) -> None:
    if not waivers.is_going(step_down):
        raise Refused(ENDED)


def _demand_unanswered(decision: JointDecision) -> None:
    if decision.agreed_at is not None or decision.ended_at is not None:
        raise Refused("This was already answered.")


def _demand_fit(step_down: StepDown, what: Proposal) -> None:
    """A waiver of what can be waived; anything else only once the step-down is past its standard."""
    if what.kind is not Together.WAIVE:
        if not waivers.is_stuck(step_down, practice.calendar()):
            raise Refused("This {step_down} is not past the day by which it has to be complete.")
        return
    if what.gate not in WAIVABLE:
        raise FieldRefused("gate", "This can never be waived")
    if step_down.destination is None or what.gate not in GATES_OF[step_down.destination]:
        raise FieldRefused("gate", "This is not asked for where the family goes")


def _demand_another(step_down: StepDown, what: Proposal) -> None:
    if what.destination is not None and what.destination is step_down.destination:
        raise FieldRefused("destination", "The {family} goes there already. Select another")


def _make_room(step_down: StepDown, what: Proposal, *, by: Viewer) -> None:
    """One waiver of a gate and one other question at a time; a waiver that has run out gives way to the next."""
    same = select(JointDecision).where(JointDecision.step_down_id == step_down.id, JointDecision.ended_at.is_(None))
    if what.kind is Together.WAIVE:
        same = same.where(JointDecision.kind == Together.WAIVE, JointDecision.gate == what.gate)
    else:
        same = same.where(JointDecision.kind != Together.WAIVE, JointDecision.agreed_at.is_(None))
    standing = db.session.scalars(same).first()
    if standing is None:
        return
    if standing.until < clock.today():
        standing.ended_at, standing.ended_by_name = clock.now(), by.name
        db.session.flush()
        return
    if standing.agreed_at is not None:
        raise Refused(f"This is waived until {full(standing.until)} already.")
    raise Refused(f"{standing.proposed_by_name} has proposed something already, {standing.ref}. Answer that first.")


def _follow(step_down: StepDown, decision: JointDecision, *, by: Viewer) -> None:
    """What is decided about a step-down past its standard moves the day by which it has to be complete: a working day,
    like every limit."""
    days = practice.calendar()
    if waivers.is_stuck(step_down, days):
        step_down.complete_by = days.due(decision.until)
    if decision.destination is not None:
        _go_to(step_down, decision.destination, by=by)


def _go_to(step_down: StepDown, destination: Destination, *, by: Viewer) -> None:
    step_down.destination = destination
    if step_down.episode_id is None:
        return
    db.session.flush()
    episode = db.session.get_one(Episode, step_down.episode_id)
    led = select(StepDown.id).where(
        StepDown.episode_id == episode.id, StepDown.state.in_(OPEN), StepDown.destination != Destination.UNIVERSAL
    )
    episode.lead_needed = db.session.execute(led.limit(1)).first() is not None
    if destination is Destination.SAME_WORKER:
        family = db.session.get_one(Family, step_down.family_id)
        leads.go_on_leading(family, episode, step_down.social_worker_id, by=by, step_down=step_down)


def _gate(decision: JointDecision) -> Gate | None:
    return None if decision.gate is None else Gate(decision.gate)


def _record(
    kind: E,
    decision: JointDecision,
    *,
    by: Viewer,
    text: str,
    notify: tuple[str, ...],
    **data: str,
) -> None:
    history.record(
        kind,
        decision,
        by=by,
        text=text,
        data={"step_down_ref": f"S-{decision.step_down_id}", "part": waivers.words(decision), **data},
        notify=notify,
    )
