"""Whether a family agreed to its step-down: who was asked, who can decide, who said no."""

from dataclasses import replace
from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy.orm import aliased

from portal.domain.engagement import EARLY_HELP, EngagementAnswer
from portal.domain.step_downs import Gate
from portal.facts.completeness import ANSWERED
from portal.facts.gate_states import GateState, Judge, families, ids, state
from portal.facts.handovers import Scene
from portal.models.families import ParentalResponsibility, Person, SafeContact
from portal.models.handover import EngagementRecord, StepDown, StepDownChild

SAID_NO = (EngagementAnswer.SAID_NO, EngagementAnswer.ASKED_TO_STOP)


def judge(scenes: list[Scene]) -> Judge:
    """The latest answer of somebody living with parental responsibility for a living child of the step-down, whom it is
    safe to ask, or of a child of it who can decide; or it was overridden for safety. Another parent's no does not
    close it, and limits what is shared about that parent."""
    child = aliased(Person)
    responsible = (
        select(ParentalResponsibility.id)
        .join(StepDownChild, StepDownChild.person_id == ParentalResponsibility.child_id)
        .join(child, child.id == StepDownChild.person_id)
        .where(
            StepDownChild.step_down_id == StepDown.id,
            ParentalResponsibility.adult_id == EngagementRecord.person_id,
            child.died_on.is_(None),
            child.pregnancy_ended_on.is_(None),
        )
        .exists()
    )
    unsafe = select(SafeContact.id).where(
        SafeContact.person_id == EngagementRecord.person_id, SafeContact.never_contact
    )
    deciding = select(StepDownChild.id).where(
        StepDownChild.step_down_id == StepDown.id, StepDownChild.person_id == EngagementRecord.person_id
    )
    latest = (
        select(func.max(EngagementRecord.id))
        .where(
            EngagementRecord.family_id.in_(families(scenes)),
            EngagementRecord.purpose == EARLY_HELP,
            EngagementRecord.organisation_id.is_(None),
        )
        .group_by(EngagementRecord.person_id)
    )
    (rows,) = yield [
        select(
            StepDown.id.label("key"),
            EngagementRecord.id.label("place"),
            EngagementRecord.answer,
            and_(responsible, ~unsafe.exists(), Person.died_on.is_(None)).label("responsible"),
            and_(EngagementRecord.child_can_decide, deciding.exists(), Person.died_on.is_(None)).label("decides"),
            Person.given_name,
            Person.known_as,
            Person.family_name,
        )
        .join(EngagementRecord, EngagementRecord.family_id == StepDown.family_id)
        .join(Person, Person.id == EngagementRecord.person_id)
        .where(StepDown.id.in_(ids(scenes)), EngagementRecord.id.in_(latest))
    ]

    def judged(scene: Scene) -> GateState:
        asked = [row for row in rows[scene.id] if row.responsible or row.decides]
        agreed = any(row.answer in ANSWERED for row in asked)
        overridden = any(row.answer is EngagementAnswer.OVERRIDDEN for row in rows[scene.id])
        found = state(
            Gate.AGREEMENT, agreed or overridden, scene.social_worker, scene.step_down.decision_on, _not_now(asked)
        )
        return replace(found, note=_not_shared(asked)) if found.holds else found

    return {scene.id: judged(scene) for scene in scenes}


def _not_now(asked: list[Any]) -> str | None:
    said = [row for row in asked if row.answer in SAID_NO]
    return f"{_named(said)} said no for now" if said else None


def _not_shared(asked: list[Any]) -> str | None:
    said = [row for row in asked if row.answer in SAID_NO and not row.decides]
    return f"{_named(said)} said no: nothing about them is shared" if said else None


def _named(rows: list[Any]) -> str:
    return " and ".join(f"{row.known_as or row.given_name} {row.family_name}" for row in rows)
