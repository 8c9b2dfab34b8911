"""What stands beside a step-down: others it is linked with, and what early help asked about it."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import and_, or_, select

from portal.domain.dates import Calendar, london_date, near
from portal.domain.step_downs import ChildOutcome, StepDownState
from portal.models.families import Person
from portal.models.handover import StepDown, StepDownChild, StepDownQuestion
from portal.queries.shapes import Due, Tag, due, tag


@dataclass(frozen=True)
class Linked:
    """Another step-down of the family, for other children of it."""

    ref: str
    tag: Tag
    children: list[str]
    goes_on: bool


@dataclass(frozen=True)
class Question:
    """Something early help asked; `answer` is None while it waits."""

    question: str
    asked: str
    of: str
    due: Due | None
    answer: str | None
    answered: str | None


def questions(step_down_id: int) -> Any:
    return select(
        StepDownQuestion.id,
        StepDownQuestion.question,
        StepDownQuestion.asked_by_name,
        StepDownQuestion.asked_at,
        StepDownQuestion.asked_of_name,
        StepDownQuestion.due_on,
        StepDownQuestion.answer,
        StepDownQuestion.answered_at,
        StepDownQuestion.answered_by_name,
    ).where(StepDownQuestion.step_down_id == step_down_id)


def question(row: Any, today: date, days: Calendar) -> Question:
    return Question(
        row.question,
        f"{row.asked_by_name}, {near(london_date(row.asked_at), today)}",
        row.asked_of_name,
        None if row.answered_at else due(row.due_on, today, days),
        row.answer,
        f"{row.answered_by_name}, {near(london_date(row.answered_at), today)}" if row.answered_at else None,
    )


def linked(step_down: StepDown) -> Any:
    """Each child of the step-downs this one is linked with, either way."""
    tied = [StepDown.linked_to_id == step_down.id]
    if step_down.linked_to_id is not None:
        tied += [StepDown.id == step_down.linked_to_id, StepDown.linked_to_id == step_down.linked_to_id]
    return (
        select(
            StepDown.id,
            StepDown.state,
            StepDown.goes_on,
            Person.id.label("person_id"),
            Person.given_name,
            Person.known_as,
            Person.family_name,
        )
        .outerjoin(
            StepDownChild,
            and_(
                StepDownChild.step_down_id == StepDown.id,
                StepDownChild.outcome.is_distinct_from(ChildOutcome.GOES_ON),
            ),
        )
        .outerjoin(Person, Person.id == StepDownChild.person_id)
        .where(
            StepDown.family_id == step_down.family_id,
            StepDown.id != step_down.id,
            StepDown.state != StepDownState.DRAFT,
            or_(*tied),
        )
    )


def by_step_down(rows: list[Any]) -> list[Linked]:
    found: dict[int, Linked] = {}
    for row in sorted(rows, key=lambda row: (row.id, row.person_id or 0)):
        one = found.setdefault(row.id, Linked(f"S-{row.id}", tag(row.state), [], bool(row.goes_on)))
        if row.given_name:
            one.children.append(f"{row.known_as or row.given_name} {row.family_name}")
    return list(found.values())
