"""What a draft step-down still lacks before it can be agreed and sent."""

from dataclasses import dataclass

from sqlalchemy import select

from portal.core.db import db
from portal.domain.step_downs import Origin
from portal.models.families import ParentalResponsibility, Person, PersonKind, SafeContact
from portal.models.handover import (
    EngagementAnswer,
    EngagementRecord,
    StepDown,
    StepDownChild,
    StepDownNeed,
    StepDownParent,
)
from portal.policies.scope import unscoped

PARTS = {
    "children": "Children and decision",
    "needs": "Needs and what is outstanding",
    "safety": "Safety and safe contact",
    "views": "Views, agreement and preferred {lead_professional}",
    "visit": "Meeting and last visit",
}
ANSWERED = (EngagementAnswer.AGREED, EngagementAnswer.PARTLY_AGREED, EngagementAnswer.OVERRIDDEN)


@dataclass(frozen=True)
class Missing:
    """One thing that is lacking: the part it belongs to, and what to do, as words."""

    part: str
    words: str


def missing(step_down: StepDown) -> list[Missing]:
    """In the order of the parts; empty when the draft is whole. A child protection origin counts as lacking:
    straight to early help is refused without an override."""
    with unscoped("what a draft lacks"):
        return [
            *_children(step_down),
            *_needs(step_down),
            *_safety(step_down),
            *_views(step_down),
            *([] if step_down.last_visit_on else [Missing("visit", "the date of the planned last visit")]),
        ]


def _children(step_down: StepDown) -> list[Missing]:
    rows = db.session.scalars(
        select(StepDownChild).where(StepDownChild.step_down_id == step_down.id).order_by(StepDownChild.id)
    ).all()
    found = [] if rows else [Missing("children", "at least one child")]
    for row in rows:
        if not (row.origin and row.decision_on and row.why and row.level_before and row.level_now):
            found.append(Missing("children", "the decision for each child, with its reason and levels of need"))
            break
    if any(row.origin is Origin.CHILD_PROTECTION for row in rows):
        found.append(
            Missing(
                "children",
                "another origin: a child on a child protection plan does not go straight to {early_help}",
            )
        )
    if step_down.destination is None:
        found.append(Missing("children", "where the family goes"))
    return found


def _needs(step_down: StepDown) -> list[Missing]:
    outcomes = db.session.scalars(select(StepDownNeed.outcome).where(StepDownNeed.step_down_id == step_down.id)).all()
    if not outcomes:
        return [Missing("needs", "what became of each need")]
    return []


def _safety(step_down: StepDown) -> list[Missing]:
    lacking = [
        words
        for words, given in (
            ("the risks", step_down.risks),
            ("what to do if things get worse", step_down.contingency),
            ("when to come back to social care", step_down.step_up_triggers),
        )
        if not given
    ]
    safe = db.session.execute(
        select(SafeContact.id)
        .join(Person, Person.id == SafeContact.person_id)
        .where(SafeContact.family_id == step_down.family_id, Person.kind == PersonKind.ADULT)
        .limit(1)
    ).first()
    if safe is None:
        lacking.append("how at least one adult can safely be reached")
    return [Missing("safety", words) for words in lacking]


def _views(step_down: StepDown) -> list[Missing]:
    found = []
    unheard = db.session.execute(
        select(StepDownChild.id)
        .where(StepDownChild.step_down_id == step_down.id, StepDownChild.view.is_(None))
        .limit(1)
    ).first()
    if unheard:
        found.append(Missing("views", "each child’s view and how it is known"))
    parents = (
        select(ParentalResponsibility.adult_id)
        .join(StepDownChild, StepDownChild.person_id == ParentalResponsibility.child_id)
        .where(StepDownChild.step_down_id == step_down.id)
    )
    heard = select(StepDownParent.person_id).where(StepDownParent.step_down_id == step_down.id)
    silent = db.session.execute(
        select(Person.id).where(Person.id.in_(parents), Person.id.not_in(heard)).limit(1)
    ).first()
    if silent:
        found.append(Missing("views", "each parent’s view, or why it was not safe to ask"))
    asked = db.session.execute(
        select(EngagementRecord.id).where(EngagementRecord.step_down_id == step_down.id).limit(1)
    ).first()
    if asked is None:
        found.append(Missing("views", "what the family said when asked whether they want {early_help}"))
    return found
