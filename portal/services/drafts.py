"""A step-down while it is written: started, its five parts saved, agreed by the manager, sent."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import delete, select

from portal.core import clock
from portal.core.db import db
from portal.core.errors import FieldRefused, Refused
from portal.domain.events import E
from portal.domain.plans import Headline
from portal.domain.standards import Standard
from portal.domain.step_downs import Destination, NeedOutcome, Origin, StepDownState, ViewKnown
from portal.domain.viewer import Viewer
from portal.facts import practice
from portal.facts.completeness import PARTS
from portal.models.families import Family, Person, SafeContact
from portal.models.handover import (
    EngagementAnswer,
    EngagementRecord,
    OutstandingAction,
    StepDown,
    StepDownChild,
    StepDownNeed,
    StepDownParent,
)
from portal.services import history
from portal.services.moves import walk


@dataclass(frozen=True)
class ChildDecision:
    """Why one child is handed over."""

    person_id: int
    origin: Origin
    origin_from: date | None
    origin_to: date | None
    decision_on: date
    why: str
    level_before: int
    level_now: int


@dataclass(frozen=True)
class NeedLeft:
    headline: Headline
    what: str
    outcome: NeedOutcome
    person_id: int | None = None


@dataclass(frozen=True)
class StillToDo:
    what: str
    concerns_safety: bool = False


@dataclass(frozen=True)
class SafeWay:
    """How one adult can be reached, and how never."""

    person_id: int
    phone: str | None
    by_phone: bool
    by_text: bool
    never_contact: bool
    note: str | None
    email: str | None = None
    by_email: bool = False
    by_post: bool = False


@dataclass(frozen=True)
class ChildView:
    person_id: int
    view: str
    known: ViewKnown


@dataclass(frozen=True)
class ParentView:
    person_id: int
    view: str | None
    not_asked: str | None


@dataclass(frozen=True)
class Asked:
    """What one person said when asked whether they want early help."""

    person_id: int
    answer: EngagementAnswer
    asked_on: date | None
    how_explained: str | None
    exclusions: str | None = None
    worries: str | None = None
    child_can_decide: bool = False


def start(family: Family, *, by: Viewer) -> StepDown:
    """A new draft, or the one this team has already begun for the family. Social work is open from here on: this
    worker holds the family where no other does."""
    if by.social_care_team_id is None:
        raise Refused("Only somebody in a social care team can start {step_down:a}.")
    begun = (
        db.session.execute(
            select(StepDown).where(
                StepDown.family_id == family.id,
                StepDown.state == StepDownState.DRAFT,
                StepDown.social_care_team_id == by.social_care_team_id,
            )
        )
        .scalars()
        .first()
    )
    if begun is not None:
        return begun
    if family.social_worker_id is None or family.social_work_closed_on is not None:
        family.social_worker_id = by.user_id
        family.social_care_team_id = by.social_care_team_id
        family.social_work_closed_on = None
    step_down = StepDown(
        family_id=family.id,
        social_worker_id=by.user_id,
        social_care_team_id=by.social_care_team_id,
        started_at=clock.now(),
    )
    db.session.add(step_down)
    db.session.flush()
    history.record(E.STEP_DOWN_STARTED, step_down, by=by)
    return step_down


def save_children(
    step_down: StepDown, decisions: Iterable[ChildDecision], destination: Destination, *, by: Viewer
) -> None:
    """Part 1. A child already in another open step-down is refused by name."""
    wanted = {decision.person_id: decision for decision in decisions}
    if not wanted:
        raise FieldRefused("children", "Select at least one child")
    _refuse_taken(step_down, list(wanted))
    kept = {row.person_id: row for row in _children(step_down)}
    for person_id, row in kept.items():
        if person_id not in wanted:
            db.session.delete(row)
    for person_id, decision in wanted.items():
        row = kept.get(person_id) or StepDownChild(
            family_id=step_down.family_id, step_down_id=step_down.id, person_id=person_id
        )
        row.origin, row.origin_from, row.origin_to = decision.origin, decision.origin_from, decision.origin_to
        row.decision_on, row.why = decision.decision_on, decision.why
        row.level_before, row.level_now = decision.level_before, decision.level_now
        db.session.add(row)
    _changed(
        step_down,
        "children",
        by=by,
        destination=destination,
        decision_on=min(decision.decision_on for decision in wanted.values()),
    )


def save_needs(step_down: StepDown, needs: Iterable[NeedLeft], outstanding: Iterable[StillToDo], *, by: Viewer) -> None:
    """Part 2: every need with what became of it, every outstanding action one by one; the lists replace what was."""
    for model in (StepDownNeed, OutstandingAction):
        db.session.execute(delete(model).where(model.step_down_id == step_down.id))
    for need in needs:
        db.session.add(
            StepDownNeed(
                family_id=step_down.family_id,
                step_down_id=step_down.id,
                person_id=need.person_id,
                headline=need.headline,
                what=need.what,
                outcome=need.outcome,
            )
        )
    for action in outstanding:
        db.session.add(
            OutstandingAction(
                family_id=step_down.family_id,
                step_down_id=step_down.id,
                what=action.what,
                concerns_safety=action.concerns_safety,
            )
        )
    _changed(step_down, "needs", by=by)


def save_safety(
    step_down: StepDown,
    *,
    risks: str,
    contingency: str,
    step_up_triggers: str,
    ways: Iterable[SafeWay],
    by: Viewer,
) -> None:
    """Part 3: risks in plain words, and how each adult can safely be reached."""
    for way in ways:
        row = db.session.execute(
            select(SafeContact).where(SafeContact.person_id == way.person_id)
        ).scalar_one_or_none() or SafeContact(family_id=step_down.family_id, person_id=way.person_id)
        row.phone, row.email, row.note = way.phone, way.email, way.note
        row.by_phone, row.by_text, row.by_email = way.by_phone, way.by_text, way.by_email
        row.by_post, row.never_contact = way.by_post, way.never_contact
        db.session.add(row)
    _changed(step_down, "safety", by=by, risks=risks, contingency=contingency, step_up_triggers=step_up_triggers)


def save_views(
    step_down: StepDown,
    *,
    children: Iterable[ChildView],
    parents: Iterable[ParentView],
    asked: Iterable[Asked],
    preferred_lead: str | None,
    by: Viewer,
) -> None:
    """Part 4. Answers about early help are never edited: one that differs from the latest is a new record."""
    rows = {row.person_id: row for row in _children(step_down)}
    for view in children:
        row = rows[view.person_id]
        row.view, row.view_known = view.view, view.known
    db.session.execute(delete(StepDownParent).where(StepDownParent.step_down_id == step_down.id))
    for parent in parents:
        db.session.add(
            StepDownParent(
                family_id=step_down.family_id,
                step_down_id=step_down.id,
                person_id=parent.person_id,
                view=parent.view,
                not_asked=None if parent.view else parent.not_asked,
            )
        )
    for said in asked:
        _record_answer(step_down, said, by=by)
    _changed(step_down, "views", by=by, preferred_lead=preferred_lead)


def save_visit(step_down: StepDown, *, last_visit_on: date, meeting_wishes: str | None, by: Viewer) -> None:
    """Part 5: the planned last visit, and what matters for the meeting."""
    _changed(step_down, "visit", by=by, last_visit_on=last_visit_on, meeting_wishes=meeting_wishes)


def agree(step_down: StepDown, rationale: str, *, by: Viewer) -> None:
    """The social care manager agrees to the content as it stands. A later change of content clears the mark."""
    walk(
        step_down,
        "agree",
        by=by,
        text=rationale,
        rationale=rationale,
        agreed_by_id=by.user_id,
        agreed_by_name=by.name,
        agreed_at=clock.now(),
    )


def propose(step_down: StepDown, *, by: Viewer) -> None:
    """Send it to early help. Every clock runs from the earliest decision date."""
    decided = step_down.decision_on or clock.today()
    days = practice.calendar()
    walk(
        step_down,
        "propose",
        by=by,
        proposed_at=clock.now(),
        decide_by=practice.due_after(decided, Standard.DECIDE, days),
        lead_by=practice.due_after(decided, Standard.LEAD_ACCEPTED, days),
        meeting_by=practice.due_after(decided, Standard.MEETING, days),
        complete_by=practice.due_after(decided, Standard.COMPLETE, days),
    )


def _changed(step_down: StepDown, part: str, *, by: Viewer, **values: Any) -> None:
    walk(
        step_down,
        "edit",
        by=by,
        data={"part": PARTS[part]},
        edits=step_down.edits + 1,
        agreed_by_id=None,
        agreed_by_name=None,
        agreed_at=None,
        rationale=None,
        **values,
    )


def _children(step_down: StepDown) -> list[StepDownChild]:
    return list(
        db.session.scalars(
            select(StepDownChild).where(StepDownChild.step_down_id == step_down.id).order_by(StepDownChild.id)
        )
    )


def _refuse_taken(step_down: StepDown, person_ids: list[int]) -> None:
    taken = db.session.execute(
        select(Person.given_name, StepDownChild.step_down_id)
        .join(StepDownChild, StepDownChild.person_id == Person.id)
        .where(
            StepDownChild.person_id.in_(person_ids),
            StepDownChild.is_open,
            StepDownChild.step_down_id != step_down.id,
        )
        .order_by(Person.id)
    ).first()
    if taken is not None:
        raise FieldRefused(
            "children",
            f"{taken.given_name} is already in another open {{step_down}}, {StepDown.ref_prefix}-{taken.step_down_id}",
        )


def _record_answer(step_down: StepDown, said: Asked, *, by: Viewer) -> None:
    latest = db.session.scalars(
        select(EngagementRecord)
        .where(EngagementRecord.person_id == said.person_id, EngagementRecord.step_down_id == step_down.id)
        .order_by(EngagementRecord.id.desc())
        .limit(1)
    ).first()
    new = (said.answer, said.asked_on, said.how_explained, said.exclusions, said.worries, said.child_can_decide)
    if latest is not None and new == (
        latest.answer,
        latest.asked_on,
        latest.how_explained,
        latest.exclusions,
        latest.worries,
        latest.child_can_decide,
    ):
        return
    person = db.session.get_one(Person, said.person_id)
    record = EngagementRecord(
        family_id=step_down.family_id,
        person_id=said.person_id,
        step_down_id=step_down.id,
        purpose="{Early_help}",
        answer=said.answer,
        exclusions=said.exclusions,
        asked_by_name=by.name,
        asked_on=said.asked_on,
        how_explained=said.how_explained,
        worries=said.worries,
        child_can_decide=said.child_can_decide,
        recorded_at=clock.now(),
    )
    db.session.add(record)
    history.record(
        E.ENGAGEMENT_RECORDED,
        record,
        by=by,
        happened_on=said.asked_on,
        data={"whom": person.name, "answer": ANSWERS[said.answer]},
    )


ANSWERS = {
    EngagementAnswer.NOT_YET_ASKED: "not asked yet",
    EngagementAnswer.AGREED: "agreed",
    EngagementAnswer.PARTLY_AGREED: "partly agreed",
    EngagementAnswer.SAID_NO: "said no for now",
    EngagementAnswer.ASKED_TO_STOP: "asked us to stop",
    EngagementAnswer.OVERRIDDEN: "went ahead without agreement, for safety",
}
