"""What a step-down says, read for the pages it is written on, for its check page and for what it still lacks."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from portal.core.db import db
from portal.core.sealed import opened
from portal.domain.drafts import Asked, ChildDecision, ChildView, NeedLeft, ParentView, SafeWay, StillToDo
from portal.models.families import ParentalResponsibility, Person, PersonKind, SafeContact
from portal.models.handover import (
    EngagementRecord,
    OutstandingAction,
    StepDown,
    StepDownChild,
    StepDownNeed,
    StepDownParent,
)


@dataclass(frozen=True)
class Someone:
    """Somebody of the family. `reachable`: a safe way is known, by whatever means."""

    id: int
    name: str
    is_child: bool
    born_on: date | None
    expected_on: date | None
    safe: SafeWay | None
    reachable: bool

    @property
    def is_unborn(self) -> bool:
        return self.born_on is None and self.expected_on is not None


@dataclass(frozen=True)
class Content:
    """Everything a step-down says, by person or in order. `responsible` are the adults with parental
    responsibility for a child of it."""

    people: dict[int, Someone]
    decisions: dict[int, ChildDecision]
    voices: dict[int, ChildView]
    responsible: list[Someone]
    needs: list[NeedLeft]
    outstanding: list[StillToDo]
    parents: dict[int, ParentView]
    asked: dict[int, Asked]


def content(step_down: StepDown) -> Content:
    """Seven statements, whatever it holds."""
    everybody = people(step_down.family_id)
    decisions, voices = children(step_down)
    return Content(
        people=everybody,
        decisions={person_id: decisions[person_id] for person_id in everybody if person_id in decisions},
        voices=voices,
        responsible=responsible(step_down, everybody),
        needs=needs(step_down),
        outstanding=outstanding(step_down),
        parents=parents(step_down),
        asked=asked(step_down),
    )


def people(family_id: int) -> dict[int, Someone]:
    """The living people of the family: adults, then children, the youngest and the unborn last."""
    rows = db.session.execute(
        select(
            Person.id,
            Person.kind,
            Person.given_name,
            Person.known_as,
            Person.family_name,
            Person.date_of_birth,
            Person.expected_on,
            SafeContact.id.label("safe"),
            SafeContact.phone_sealed,
            SafeContact.by_phone,
            SafeContact.by_text,
            SafeContact.by_email,
            SafeContact.by_post,
            SafeContact.never_contact,
            SafeContact.note_sealed,
        )
        .outerjoin(SafeContact, SafeContact.person_id == Person.id)
        .where(Person.family_id == family_id, Person.died_on.is_(None), Person.pregnancy_ended_on.is_(None))
        .order_by(Person.kind, Person.date_of_birth.is_(None), Person.date_of_birth, Person.id)
    )
    return {
        row.id: Someone(
            id=row.id,
            name=f"{row.known_as or row.given_name} {row.family_name}",
            is_child=row.kind is PersonKind.CHILD,
            born_on=row.date_of_birth,
            expected_on=row.expected_on,
            safe=_safe_way(row) if row.safe else None,
            reachable=not row.never_contact and bool(row.by_phone or row.by_text or row.by_email or row.by_post),
        )
        for row in rows
    }


def _safe_way(row: Any) -> SafeWay:
    phone, note = opened(row.phone_sealed, row.safe), opened(row.note_sealed, row.safe)
    return SafeWay(row.id, phone, row.by_phone, row.by_text, row.never_contact, note)


def children(step_down: StepDown) -> tuple[dict[int, ChildDecision], dict[int, ChildView]]:
    """By child: the decision about each, and what each said."""
    rows = db.session.execute(
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
        )
        .where(StepDownChild.step_down_id == step_down.id)
        .order_by(StepDownChild.id)
    ).all()
    return (
        {row.person_id: ChildDecision(*row[:8]) for row in rows},
        {row.person_id: ChildView(row.person_id, row.view, row.view_known) for row in rows},
    )


def responsible(step_down: StepDown, everybody: dict[int, Someone]) -> list[Someone]:
    """The adults with parental responsibility for a living child of the step-down."""
    adults = set(
        db.session.scalars(
            select(ParentalResponsibility.adult_id)
            .join(StepDownChild, StepDownChild.person_id == ParentalResponsibility.child_id)
            .where(StepDownChild.step_down_id == step_down.id, StepDownChild.person_id.in_(everybody))
        )
    )
    return [person for person in everybody.values() if person.id in adults]


def needs(step_down: StepDown) -> list[NeedLeft]:
    rows = db.session.execute(
        select(StepDownNeed.headline, StepDownNeed.what, StepDownNeed.outcome, StepDownNeed.person_id)
        .where(StepDownNeed.step_down_id == step_down.id)
        .order_by(StepDownNeed.id)
    )
    return [NeedLeft(*row) for row in rows]


def outstanding(step_down: StepDown) -> list[StillToDo]:
    rows = db.session.execute(
        select(OutstandingAction.what, OutstandingAction.concerns_safety)
        .where(OutstandingAction.step_down_id == step_down.id)
        .order_by(OutstandingAction.id)
    )
    return [StillToDo(*row) for row in rows]


def parents(step_down: StepDown) -> dict[int, ParentView]:
    rows = db.session.execute(
        select(StepDownParent.person_id, StepDownParent.view, StepDownParent.not_asked).where(
            StepDownParent.step_down_id == step_down.id
        )
    )
    return {row.person_id: ParentView(*row) for row in rows}


def asked(step_down: StepDown) -> dict[int, Asked]:
    """The latest answer of each person who was asked for this step-down."""
    rows = db.session.execute(
        select(
            EngagementRecord.person_id,
            EngagementRecord.answer,
            EngagementRecord.asked_on,
            EngagementRecord.how_explained,
            EngagementRecord.exclusions,
            EngagementRecord.worries,
            EngagementRecord.child_can_decide,
        )
        .where(EngagementRecord.step_down_id == step_down.id)
        .order_by(EngagementRecord.id)
    )
    return {row.person_id: Asked(*row) for row in rows}
