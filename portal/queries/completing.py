"""Confirming that a step-down is complete: what holds, what is missing, which children, who is responsible then."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import aliased

from portal.core import clock
from portal.core.db import db
from portal.domain.step_downs import StepDownState
from portal.domain.wording import CHOICES
from portal.facts import gates
from portal.models.families import Family
from portal.models.handover import StepDown
from portal.models.people import User
from portal.models.record import FamilySummary
from portal.queries import handover_parts
from portal.queries.handover import NOBODY_SINCE, GateLine, family_told, gate_lines, nobody_since


@dataclass(frozen=True)
class Completing:
    """The page's facts. `ready`: every gate holds; `holder` is a name, or a concept in braces; `nobody_since`: the day
    social work closed, where nobody holds the family since."""

    ref: str
    family_ref: str
    family_name: str
    destination: str
    open: bool
    ready: bool
    gates: list[GateLine]
    children: list[handover_parts.Child]
    outstanding: list[handover_parts.Outstanding]
    holder: str
    social_worker: str
    nobody_since: str | None


def of(step_down: StepDown) -> Completing:
    today = clock.today()
    states = gates.of(step_down)
    ready = bool(states) and all(each.holds for each in states)
    children, outstanding = handover_parts.children_and_outstanding(step_down.id, today)
    worker = aliased(User)
    row = db.session.execute(
        select(
            Family.name,
            FamilySummary.lead_name,
            FamilySummary.lead_asked,
            NOBODY_SINCE,
            User.name.label("coordinator"),
            worker.name.label("worker"),
        )
        .join(FamilySummary, FamilySummary.family_id == Family.id)
        .outerjoin(User, User.id == FamilySummary.coordinator_id)
        .join(worker, worker.id == step_down.social_worker_id)
        .where(Family.id == step_down.family_id)
    ).one()
    return Completing(
        ref=step_down.ref,
        family_ref=f"{Family.ref_prefix}-{step_down.family_id}",
        family_name=row.name,
        destination=CHOICES[step_down.destination] if step_down.destination else "Not decided yet",
        open=step_down.state is StepDownState.ACCEPTED,
        ready=ready,
        gates=[*gate_lines(states, today), *([] if ready else family_told(step_down, row.worker))],
        children=children,
        outstanding=outstanding,
        social_worker=row.worker,
        holder=(None if row.lead_asked else row.lead_name) or row.coordinator or "{Early_help}",
        nobody_since=nobody_since(step_down, row),
    )
