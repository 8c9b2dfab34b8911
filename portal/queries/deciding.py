"""What both managers decided about a step-down, or still have to, and what a proposal can be about."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.domain.dates import full, moment
from portal.domain.deciding import WAIVABLE, Side, Together
from portal.domain.gate_words import LACKING
from portal.domain.step_downs import Destination, Gate
from portal.domain.viewer import Viewer
from portal.domain.wording import CHOICES
from portal.facts import gates, practice, waivers
from portal.models.deciding import JointDecision
from portal.models.families import Family
from portal.models.handover import StepDown

# Agreed by both, these are recorded with what an end of a step-down asks for.
RECORDED = (Together.NOT_REACHED, Together.STAYS)


@dataclass(frozen=True)
class Decision:
    """One line of a step-down's page. `words` and `waits_on` may hold concepts; `open` while nobody has answered."""

    ref: str
    words: str
    reason: str
    by: str
    open: bool
    waits_on: str | None
    ended: str | None
    # What both agreed to, where it is still to be recorded on a page of its own.
    to_record: Together | None


@dataclass(frozen=True)
class Proposing:
    """What the page of a proposal shows and offers. `gates`: those that are missing and can be waived; `stuck`: it is
    past its standard, so that anything can be proposed."""

    ref: str
    family_ref: str
    family_name: str
    open: bool
    stuck: bool
    complete_by: str | None
    gates: list[tuple[Gate, str]]
    destinations: list[Destination]


@dataclass(frozen=True)
class Answering:
    """One proposal as its page shows it. `may_agree`: the viewer manages the other side; `may_end`: they can take it
    back, or not agree."""

    ref: str
    step_down_ref: str
    family_ref: str
    family_name: str
    decision: Decision
    mine: bool
    may_agree: bool
    may_end: bool


def statement(step_down_id: int) -> Any:
    """What was proposed for one step-down, as `decision` reads it."""
    return select(
        JointDecision.id,
        JointDecision.kind,
        JointDecision.gate,
        JointDecision.destination,
        JointDecision.until,
        JointDecision.reason,
        JointDecision.proposed_by_name,
        JointDecision.proposed_for,
        JointDecision.proposed_at,
        JointDecision.agreed_by_name,
        JointDecision.agreed_at,
        JointDecision.ended_at,
        JointDecision.ended_by_name,
        JointDecision.ended_reason,
    ).where(JointDecision.step_down_id == step_down_id)


def decision(row: Any) -> Decision:
    """A row of `statement`, or a decision itself, as a line."""
    unanswered = row.agreed_at is None and row.ended_at is None
    by = f"Proposed by {row.proposed_by_name}, {moment(row.proposed_at)}"
    if row.agreed_at is not None:
        by += f"; agreed by {row.agreed_by_name}, {moment(row.agreed_at)}"
    return Decision(
        ref=f"{JointDecision.ref_prefix}-{row.id}",
        words=waivers.words(row),
        reason=row.reason,
        by=by,
        open=unanswered,
        waits_on=_other(row) if unanswered else None,
        ended=_ended(row, clock.today()),
        to_record=row.kind if row.agreed_at is not None and row.ended_at is None and row.kind in RECORDED else None,
    )


def _other(row: Any) -> str:
    return "{early_help_manager:a}" if row.proposed_for is Side.SOCIAL_CARE else "{social_care_manager:a}"


def _ended(row: Any, today: date) -> str | None:
    if row.ended_at is not None and row.agreed_at is None:
        why = f": {row.ended_reason}" if row.ended_reason else ""
        return f"Ended by {row.ended_by_name}, {moment(row.ended_at)}{why}"
    if row.agreed_at is not None and row.until < today:
        return f"Ended on {full(row.until)}"
    return None


def proposing(step_down: StepDown) -> Proposing:
    name = db.session.execute(select(Family.name).where(Family.id == step_down.family_id)).scalar_one()
    missing = [each for each in gates.of(step_down) if each.gate in WAIVABLE and not each.holds]
    return Proposing(
        ref=step_down.ref,
        family_ref=f"{Family.ref_prefix}-{step_down.family_id}",
        family_name=name,
        open=waivers.is_going(step_down),
        stuck=waivers.is_stuck(step_down, practice.calendar()),
        complete_by=full(step_down.complete_by) if step_down.complete_by else None,
        gates=[(each.gate, LACKING[each.gate]) for each in missing],
        destinations=[each for each in Destination if each is not step_down.destination],
    )


def answering(proposed: JointDecision, viewer: Viewer) -> Answering:
    row = db.session.execute(
        select(StepDown, Family.name.label("family"))
        .join(Family, Family.id == StepDown.family_id)
        .where(StepDown.id == proposed.step_down_id)
    ).one()
    unanswered = proposed.agreed_at is None and proposed.ended_at is None
    decides = waivers.sides(viewer, row.StepDown)
    return Answering(
        ref=proposed.ref,
        step_down_ref=row.StepDown.ref,
        family_ref=f"{Family.ref_prefix}-{proposed.family_id}",
        family_name=row.family,
        decision=decision(proposed),
        mine=proposed.proposed_by_id == viewer.user_id,
        may_agree=unanswered and waivers.may_agree(viewer, proposed, row.StepDown),
        may_end=unanswered and bool(decides),
    )


def kinds(found: Proposing) -> list[tuple[Together, str]]:
    """What can be proposed past the standard; to go on without something only while something is missing."""
    return [(kind, CHOICES[kind]) for kind in Together if kind is not Together.WAIVE or found.gates]
