"""What a step-down is made of: its children, needs, outstanding actions, views and what the family agreed to."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import aliased

from portal.domain.dates import Calendar, age_words, full, moment, near
from portal.domain.engagement import EngagementAnswer
from portal.domain.plans import HEADLINES, ActionState
from portal.domain.step_downs import NeedOutcome, OutstandingState
from portal.domain.wording import CHOICES, STATES
from portal.facts import at_once
from portal.models.families import ParentalResponsibility, Person
from portal.models.handover import (
    EngagementRecord,
    OutstandingAction,
    StepDown,
    StepDownChild,
    StepDownNeed,
    StepDownParent,
)
from portal.models.teamwork import PlanAction, TeamMember
from portal.queries import deciding
from portal.queries import handover_beside as beside
from portal.queries.deciding import Decision
from portal.queries.handover_beside import Linked, Question
from portal.queries.shapes import Tag, tag

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
    person_id: int
    name: str
    age: str
    origin: str | None
    decided: str | None
    why: str | None
    levels: str | None
    view: str | None
    view_known: str | None
    outcome: str | None


@dataclass(frozen=True)
class Need:
    headline: str
    what: str
    whose: str | None
    left: bool
    brought_by: str | None


@dataclass(frozen=True)
class Outstanding:
    """An action that social work still had to do. `became` tells what it turned into, `settled` by whom and when;
    `open` while it is unsettled; `family_untold`: it was dropped, and the family does not know yet."""

    ref: str
    what: str
    safety: bool
    tag: Tag
    open: bool
    action_ref: str | None
    became: str | None
    words: str | None
    settled: str | None
    family_untold: bool


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
class Parts:
    """All of them."""

    children: list[Child]
    needs: list[Need]
    outstanding: list[Outstanding]
    parents: list[Parent]
    agreements: list[Agreement]
    linked: list[Linked]
    decisions: list[Decision]
    questions: list[Question]


def of(step_down: StepDown, today: date, days: Calendar) -> Parts:
    """Everything a step-down is made of, in one statement."""
    rows = at_once.read(
        {
            "children": _children(step_down.id),
            "needs": _needs(step_down.id),
            "outstanding": _outstanding(step_down.id),
            "parents": _parents(step_down.id),
            "agreements": _agreements(step_down),
            "linked": beside.linked(step_down),
            "decisions": deciding.statement(step_down.id),
            "questions": beside.questions(step_down.id),
        }
    )
    return Parts(
        children=_eldest_first(rows["children"], today),
        needs=[_need(row) for row in _in_order(rows["needs"])],
        outstanding=[_one_outstanding(row) for row in _in_order(rows["outstanding"])],
        parents=[_parent(row) for row in _in_order(rows["parents"])],
        agreements=[_agreement(row, today) for row in _in_order(rows["agreements"])],
        linked=beside.by_step_down(rows["linked"]),
        decisions=[deciding.decision(row) for row in reversed(_in_order(rows["decisions"]))],
        questions=[beside.question(row, today, days) for row in reversed(_in_order(rows["questions"]))],
    )


def children_and_outstanding(step_down_id: int, today: date) -> tuple[list[Child], list[Outstanding]]:
    """What completing it asks about, in one statement."""
    rows = at_once.read({"children": _children(step_down_id), "outstanding": _outstanding(step_down_id)})
    return _eldest_first(rows["children"], today), [_one_outstanding(row) for row in _in_order(rows["outstanding"])]


def _in_order(rows: list[Any]) -> list[Any]:
    return sorted(rows, key=lambda row: row.id)


def _children(step_down_id: int) -> Any:
    return (
        select(
            StepDownChild.person_id,
            StepDownChild.origin,
            StepDownChild.origin_from,
            StepDownChild.origin_to,
            StepDownChild.decision_on,
            StepDownChild.why,
            StepDownChild.level_before,
            StepDownChild.level_now,
            StepDownChild.view,
            StepDownChild.view_known,
            StepDownChild.outcome,
            Person.given_name,
            Person.known_as,
            Person.family_name,
            Person.date_of_birth,
            Person.expected_on,
        )
        .join(Person, Person.id == StepDownChild.person_id)
        .where(StepDownChild.step_down_id == step_down_id)
    )


def _eldest_first(rows: list[Any], today: date) -> list[Child]:
    ordered = sorted(rows, key=lambda row: (row.date_of_birth or date.max, row.person_id))
    return [_child(row, today) for row in ordered]


def _child(decision: Any, today: date) -> Child:
    return Child(
        person_id=decision.person_id,
        name=_named(decision) or "",
        age=age(decision.date_of_birth, decision.expected_on, today),
        origin=_origin(decision),
        decided=near(decision.decision_on, today) if decision.decision_on else None,
        why=decision.why,
        levels=f"Level {decision.level_before} before, level {decision.level_now} now"
        if decision.level_before and decision.level_now
        else None,
        view=decision.view,
        view_known=CHOICES[decision.view_known] if decision.view_known else None,
        outcome=CHOICES[decision.outcome] if decision.outcome else None,
    )


def age(born: date | None, expected: date | None, today: date) -> str:
    """Years; for a baby not born yet when it is expected."""
    if born is not None:
        return age_words(born, today)
    return f"not born yet, expected {full(expected)}" if expected else "age not known"


def _origin(decision: Any) -> str | None:
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


def _needs(step_down_id: int) -> Any:
    return (
        select(
            StepDownNeed.id,
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
    )


def _need(row: Any) -> Need:
    return Need(HEADLINES[row.headline], row.what, _named(row), row.outcome is NeedOutcome.LEFT, row.brought_by)


def _outstanding(step_down_id: int) -> Any:
    return (
        select(
            OutstandingAction.id,
            OutstandingAction.what,
            OutstandingAction.state,
            OutstandingAction.concerns_safety,
            OutstandingAction.plan_action_id,
            OutstandingAction.evidence,
            OutstandingAction.drop_reason,
            OutstandingAction.family_told_on,
            OutstandingAction.settled_at,
            OutstandingAction.settled_by_name,
            PlanAction.state.label("action_state"),
            TeamMember.name.label("owner"),
        )
        .outerjoin(PlanAction, PlanAction.id == OutstandingAction.plan_action_id)
        .outerjoin(TeamMember, TeamMember.id == PlanAction.owner_id)
        .where(OutstandingAction.step_down_id == step_down_id)
    )


def _one_outstanding(row: Any) -> Outstanding:
    return Outstanding(
        ref=f"{OutstandingAction.ref_prefix}-{row.id}",
        what=row.what,
        safety=row.concerns_safety,
        tag=tag(row.state),
        open=row.state is OutstandingState.OUTSTANDING,
        action_ref=f"{PlanAction.ref_prefix}-{row.plan_action_id}" if row.plan_action_id else None,
        became=_became(row),
        words=row.evidence or row.drop_reason,
        settled=_settled(row),
        family_untold=row.state is OutstandingState.DROPPED and row.family_told_on is None,
    )


def _settled(row: Any) -> str | None:
    if row.settled_at is None:
        return None
    by = f"{row.settled_by_name}, " if row.settled_by_name else ""
    told = f". The family was told on {full(row.family_told_on)}" if row.family_told_on else ""
    return f"{by}{moment(row.settled_at)}{told}"


def _became(row: Any) -> str | None:
    if row.action_state is None:
        return None
    if row.action_state is ActionState.PROPOSED:
        return f"{row.owner} has not agreed to it yet"
    return f"{row.owner}, {STATES[row.action_state].words.lower()}"


def _parents(step_down_id: int) -> Any:
    return (
        select(
            StepDownParent.id,
            StepDownParent.view,
            StepDownParent.not_asked,
            Person.given_name,
            Person.known_as,
            Person.family_name,
        )
        .join(Person, Person.id == StepDownParent.person_id)
        .where(StepDownParent.step_down_id == step_down_id)
    )


def _parent(row: Any) -> Parent:
    return Parent(_named(row) or "", row.view, row.not_asked)


def _agreements(step_down: StepDown) -> Any:
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
    return (
        select(
            EngagementRecord.id,
            EngagementRecord.answer,
            EngagementRecord.asked_on,
            EngagementRecord.how_explained,
            EngagementRecord.exclusions,
            EngagementRecord.worries,
            Person.given_name,
            Person.known_as,
            Person.family_name,
        )
        .join(Person, Person.id == EngagementRecord.person_id)
        .where(
            EngagementRecord.family_id == step_down.family_id,
            or_(EngagementRecord.step_down_id == step_down.id, responsible.exists()),
            ~select(later.id)
            .where(later.person_id == EngagementRecord.person_id, later.id > EngagementRecord.id)
            .exists(),
        )
    )


def _agreement(row: Any, today: date) -> Agreement:
    return Agreement(
        name=_named(row) or "",
        answer=SAID[row.answer],
        when=near(row.asked_on, today) if row.asked_on else None,
        how=row.how_explained,
        exclusions=row.exclusions,
        worries=row.worries,
    )
