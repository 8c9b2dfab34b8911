"""What a step-down is made of: its children, needs, outstanding actions, views and what the family agreed to."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import aliased

from portal.core.db import db
from portal.domain.dates import Calendar, age_words, full, london_date, near
from portal.domain.engagement import EngagementAnswer
from portal.domain.plans import HEADLINES, ActionState
from portal.domain.step_downs import NeedOutcome, OutstandingState
from portal.domain.wording import CHOICES, STATES
from portal.models.families import ParentalResponsibility, Person
from portal.models.handover import (
    EngagementRecord,
    OutstandingAction,
    StepDown,
    StepDownChild,
    StepDownNeed,
    StepDownParent,
    StepDownQuestion,
)
from portal.models.teamwork import PlanAction, TeamMember
from portal.queries.shapes import Due, Tag, due, tag

SAID = {
    EngagementAnswer.NOT_YET_ASKED: "Not asked yet",
    EngagementAnswer.AGREED: "Agreed",
    EngagementAnswer.PARTLY_AGREED: "Partly agreed",
    EngagementAnswer.SAID_NO: "Said no for now",
    EngagementAnswer.ASKED_TO_STOP: "Asked us to stop",
    EngagementAnswer.OVERRIDDEN: "Went ahead without agreement, for safety",
}


@dataclass(frozen=True)
class Child:
    name: str
    age: str
    origin: str | None
    decided: str | None
    why: str | None
    levels: str | None
    view: str | None
    view_known: str | None


@dataclass(frozen=True)
class Need:
    headline: str
    what: str
    whose: str | None
    left: bool
    brought_by: str | None


@dataclass(frozen=True)
class Outstanding:
    """An action that social work still had to do. `became` tells what it turned into; `open` while it is unsettled."""

    ref: str
    what: str
    safety: bool
    tag: Tag
    open: bool
    action_ref: str | None
    became: str | None
    words: str | None


@dataclass(frozen=True)
class Parent:
    name: str
    view: str | None
    not_asked: str | None


@dataclass(frozen=True)
class Agreement:
    """The latest answer of one person."""

    name: str
    answer: str
    when: str | None
    how: str | None
    exclusions: str | None
    worries: str | None


@dataclass(frozen=True)
class Question:
    """Something early help asked; `answer` is None while it waits."""

    question: str
    asked: str
    of: str
    due: Due | None
    answer: str | None
    answered: str | None


def questions(step_down_id: int, today: date, days: Calendar) -> list[Question]:
    """Every question and answer, the latest first."""
    rows = db.session.scalars(
        select(StepDownQuestion)
        .where(StepDownQuestion.step_down_id == step_down_id)
        .order_by(StepDownQuestion.id.desc())
    ).all()
    return [
        Question(
            row.question,
            f"{row.asked_by_name}, {near(london_date(row.asked_at), today)}",
            row.asked_of_name,
            None if row.answered_at else due(row.due_on, today, days),
            row.answer,
            f"{row.answered_by_name}, {near(london_date(row.answered_at), today)}" if row.answered_at else None,
        )
        for row in rows
    ]


def children(step_down_id: int, today: date) -> list[Child]:
    """Each child of a step-down with its own decision, the eldest first."""
    rows = db.session.execute(
        select(StepDownChild, Person)
        .join(Person, Person.id == StepDownChild.person_id)
        .where(StepDownChild.step_down_id == step_down_id)
        .order_by(Person.date_of_birth.is_(None), Person.date_of_birth, Person.id)
    ).all()
    return [_child(row.StepDownChild, row.Person, today) for row in rows]


def _child(decision: StepDownChild, person: Person, today: date) -> Child:
    return Child(
        name=person.name,
        age=age(person.date_of_birth, person.expected_on, today),
        origin=_origin(decision),
        decided=near(decision.decision_on, today) if decision.decision_on else None,
        why=decision.why,
        levels=f"Level {decision.level_before} before, level {decision.level_now} now"
        if decision.level_before and decision.level_now
        else None,
        view=decision.view,
        view_known=CHOICES[decision.view_known] if decision.view_known else None,
    )


def age(born: date | None, expected: date | None, today: date) -> str:
    """Years; for a baby not born yet when it is expected."""
    if born is not None:
        return age_words(born, today)
    return f"not born yet, expected {full(expected)}" if expected else "age not known"


def _origin(decision: StepDownChild) -> str | None:
    if decision.origin is None:
        return None
    parts = [CHOICES[decision.origin]]
    if decision.origin_from:
        parts.append(f"from {full(decision.origin_from)}")
    if decision.origin_to:
        parts.append(f"to {full(decision.origin_to)}")
    return " ".join(parts)


def _named(row: Any) -> str | None:
    return f"{row.known_as or row.given_name} {row.family_name}" if row.given_name else None


def needs(step_down_id: int) -> list[Need]:
    rows = db.session.execute(
        select(
            StepDownNeed.headline,
            StepDownNeed.what,
            StepDownNeed.outcome,
            Person.given_name,
            Person.known_as,
            Person.family_name,
            TeamMember.name.label("brought_by"),
        )
        .outerjoin(Person, Person.id == StepDownNeed.person_id)
        .outerjoin(TeamMember, TeamMember.id == StepDownNeed.brought_by_id)
        .where(StepDownNeed.step_down_id == step_down_id)
        .order_by(StepDownNeed.id)
    ).all()
    return [
        Need(HEADLINES[row.headline], row.what, _named(row), row.outcome is NeedOutcome.LEFT, row.brought_by)
        for row in rows
    ]


def outstanding(step_down_id: int) -> list[Outstanding]:
    rows = db.session.execute(
        select(
            OutstandingAction.id,
            OutstandingAction.what,
            OutstandingAction.state,
            OutstandingAction.concerns_safety,
            OutstandingAction.plan_action_id,
            OutstandingAction.evidence,
            OutstandingAction.drop_reason,
            PlanAction.state.label("action_state"),
            TeamMember.name.label("owner"),
        )
        .outerjoin(PlanAction, PlanAction.id == OutstandingAction.plan_action_id)
        .outerjoin(TeamMember, TeamMember.id == PlanAction.owner_id)
        .where(OutstandingAction.step_down_id == step_down_id)
        .order_by(OutstandingAction.id)
    ).all()
    return [
        Outstanding(
            ref=f"{OutstandingAction.ref_prefix}-{row.id}",
            what=row.what,
            safety=row.concerns_safety,
            tag=tag(row.state),
            open=row.state is OutstandingState.OUTSTANDING,
            action_ref=f"{PlanAction.ref_prefix}-{row.plan_action_id}" if row.plan_action_id else None,
            became=_became(row),
            words=row.evidence or row.drop_reason,
        )
        for row in rows
    ]


def _became(row: Any) -> str | None:
    if row.action_state is None:
        return None
    if row.action_state is ActionState.PROPOSED:
        return f"{row.owner} has not agreed to it yet"
    return f"{row.owner}, {STATES[row.action_state].words.lower()}"


def parents(step_down_id: int) -> list[Parent]:
    rows = db.session.execute(
        select(
            StepDownParent.view,
            StepDownParent.not_asked,
            Person.given_name,
            Person.known_as,
            Person.family_name,
        )
        .join(Person, Person.id == StepDownParent.person_id)
        .where(StepDownParent.step_down_id == step_down_id)
        .order_by(StepDownParent.id)
    ).all()
    return [Parent(_named(row) or "", row.view, row.not_asked) for row in rows]


def agreements(step_down: StepDown, today: date) -> list[Agreement]:
    """The latest answer of each person asked for this step-down, or responsible for a child of it."""
    later = aliased(EngagementRecord)
    responsible = (
        select(ParentalResponsibility.id)
        .join(StepDownChild, StepDownChild.person_id == ParentalResponsibility.child_id)
        .where(
            StepDownChild.step_down_id == step_down.id,
            ParentalResponsibility.adult_id == EngagementRecord.person_id,
        )
    )
    rows = db.session.execute(
        select(EngagementRecord, Person.given_name, Person.known_as, Person.family_name)
        .join(Person, Person.id == EngagementRecord.person_id)
        .where(
            EngagementRecord.family_id == step_down.family_id,
            or_(EngagementRecord.step_down_id == step_down.id, responsible.exists()),
            ~select(later.id)
            .where(later.person_id == EngagementRecord.person_id, later.id > EngagementRecord.id)
            .exists(),
        )
        .order_by(EngagementRecord.id)
    ).all()
    return [
        Agreement(
            name=_named(row) or "",
            answer=SAID[row.EngagementRecord.answer],
            when=near(row.EngagementRecord.asked_on, today) if row.EngagementRecord.asked_on else None,
            how=row.EngagementRecord.how_explained,
            exclusions=row.EngagementRecord.exclusions,
            worries=row.EngagementRecord.worries,
        )
        for row in rows
    ]
