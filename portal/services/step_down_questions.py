"""A step-down sent back with a question, and the answer. The clock of the step-down runs on meanwhile."""

from datetime import date

from sqlalchemy import func, select

from portal.core import clock
from portal.core.db import db
from portal.core.errors import FieldRefused, Refused
from portal.domain.dates import full
from portal.domain.event_kinds import E
from portal.domain.standards import Standard
from portal.domain.viewer import Viewer
from portal.domain.wording import MOVES
from portal.facts import handovers, practice
from portal.models.handover import StepDown, StepDownQuestion
from portal.services import history
from portal.services.moves import walk


def ask(step_down: StepDown, question: str, *, of: int, due_on: date, by: Viewer) -> StepDownQuestion:
    """Send it back with a question to somebody of its social care team. Too many questions about one step-down are
    told to both managers. Raises FieldRefused for somebody of no such team, or a date that has passed."""
    if due_on < clock.today():
        raise FieldRefused("due_on", "The date to answer by must be today or later")
    asked_of = next((each for each in handovers.answerers(step_down) if each.user_id == of), None)
    if asked_of is None:
        raise FieldRefused("asked_of", "Choose somebody of the team that sent this {step_down}")
    walk(
        step_down,
        "ask",
        by=by,
        text=question,
        question=question,
        data={"whom": asked_of.name, "due": full(due_on)},
    )
    row = StepDownQuestion(
        family_id=step_down.family_id,
        step_down_id=step_down.id,
        question=question,
        asked_of_id=asked_of.user_id,
        asked_of_name=asked_of.name,
        asked_by_name=by.name,
        asked_at=clock.now(),
        due_on=due_on,
    )
    db.session.add(row)
    db.session.flush()
    times = db.session.execute(
        select(func.count(StepDownQuestion.id)).where(StepDownQuestion.step_down_id == step_down.id)
    ).scalar_one()
    if times >= practice.amount(Standard.QUESTIONS):
        history.record(
            E.STEP_DOWN_QUESTIONS_TOLD,
            step_down,
            by=by,
            data={"times": times},
            notify=("social_care_manager", "early_help_managers"),
        )
    return row


def reply(step_down: StepDown, answer: str, *, by: Viewer) -> None:
    """Answer the open question; it waits to be accepted again. Early help writes down what it was told."""
    row = db.session.scalars(
        select(StepDownQuestion).where(
            StepDownQuestion.step_down_id == step_down.id, StepDownQuestion.answered_at.is_(None)
        )
    ).first()
    if row is None:
        raise Refused(MOVES["step_down", "reply"].refusal)
    told = None if by.is_social_worker else row.asked_of_name
    walk(step_down, "reply", by=by, text=answer, answer=answer, told_by=told)
    row.answer, row.answered_by_name, row.answered_at = answer, by.name, clock.now()
