"""Social work closing on a family, whatever stands open; who holds it then; social work opened again."""

from datetime import date

from sqlalchemy import Select, and_, or_, select

from portal.core import clock
from portal.core.db import db
from portal.core.errors import FieldRefused, Refused
from portal.domain.dates import full
from portal.domain.episodes import EpisodeState
from portal.domain.event_kinds import E
from portal.domain.standards import Standard
from portal.domain.step_downs import OPEN, DeclinedThen, HolderAnswer, StepDownState
from portal.domain.viewer import Viewer
from portal.facts import practice
from portal.models.families import Family
from portal.models.handover import Episode, StepDown
from portal.models.people import User
from portal.models.step_down_ends import HolderQuestion
from portal.services import checks, history, team


def closed(family: Family, on: date, *, by: Viewer) -> None:
    """Record the day social work closed. Open step-downs keep their moves and their gates; where early help is not
    active yet, nobody holds the family from that day, and the early help manager is asked who does."""
    if on > clock.today():
        raise FieldRefused("on", "The date social work closed must be today or in the past")
    if family.social_work_closed_on is not None:
        raise Refused(f"It was already recorded that social work closed on {full(family.social_work_closed_on)}.")
    family.social_work_closed_on = on
    open_ones = _open_step_downs(family)
    for step_down in open_ones:
        step_down.social_work_closed_on = on
    history.record(E.SOCIAL_WORK_CLOSED, family, by=by, happened_on=on, data={"when": full(on)}, notify=("managers",))
    active = select(Episode.id).where(Episode.family_id == family.id, Episode.state == EpisodeState.ACTIVE)
    if open_ones and db.session.execute(active).first() is None:
        due_on = practice.due_after(clock.today(), Standard.NAME_HOLDER)
        db.session.add(HolderQuestion(family_id=family.id, since=on, due_on=due_on))
        db.session.flush()
    checks.reown(family.id, by=by)


def name_holder(family: Family, user_id: int | None, words: str, *, by: Viewer) -> None:
    """Somebody holds the family until the step-down is complete; its gates still apply. Raises FieldRefused where
    they must not see it."""
    question = _question(family)
    user = db.session.get(User, user_id) if user_id else None
    if user is None:
        raise FieldRefused("holder", "Choose who holds the family for now")
    team.may_see(family, user, field="holder")
    team.join_user(family, user.id, by=by, field="holder")
    _answer(question, HolderAnswer.NAMED, words, by=by)
    question.holder_id, question.holder_name = user.id, user.name
    history.record(E.HOLDER_NAMED, family, by=by, text=words, data={"whom": user.name}, notify=("holder",))


def ask_to_reopen(family: Family, words: str, *, by: Viewer) -> None:
    """Early help cannot hold the family yet: the social care manager is asked to open social work again."""
    _answer(_question(family), HolderAnswer.REOPEN, words, by=by)
    history.record(E.HOLDER_REOPENING_ASKED, family, by=by, text=words, notify=("social_care_manager",))


def reopen(family: Family, words: str, *, by: Viewer) -> None:
    """Social work is open again, with the worker it had; the step-downs go on as before."""
    if family.social_work_closed_on is None:
        raise Refused("Social work is open for this family.")
    worker = db.session.get(User, family.social_worker_id or by.user_id)
    open_again(family)
    whom = worker.name if worker else by.name
    history.record(
        E.SOCIAL_WORK_REOPENED, family, by=by, text=words, data={"whom": whom}, notify=("social_worker", "managers")
    )
    checks.reown(family.id, by=by)


def open_again(family: Family) -> None:
    """For each of its children: the step-downs that are open go on as before it closed, and nobody is asked any more
    who holds them."""
    family.social_work_closed_on = None
    for step_down in _open_step_downs(family):
        step_down.social_work_closed_on = None
    end_question(family)


def after_decline(step_down: StepDown, words: str, *, by: Viewer) -> None:
    """Social work has said what happens now. Where it stays open it is open again; where nothing else of it is open,
    nobody has to say any more who holds the family."""
    family = db.session.get_one(Family, step_down.family_id)
    if step_down.declined_then is DeclinedThen.STAYS_OPEN and family.social_work_closed_on is not None:
        step_down.social_work_closed_on = None
        reopen(family, words, by=by)
    elif not _open_step_downs(family):
        end_question(family)


def end_question(family: Family) -> None:
    """Nobody has to say any more who holds the family."""
    for question in db.session.scalars(_open_question(family)):
        question.ended_on = clock.today()
    db.session.flush()


def _question(family: Family) -> HolderQuestion:
    question = db.session.scalars(_open_question(family)).first()
    if question is None:
        raise Refused("Somebody holds this family: there is nothing to say.")
    if question.answer is HolderAnswer.NAMED:
        raise Refused(f"{question.holder_name} holds this family for now: that was already said.")
    return question


def _open_question(family: Family) -> Select[HolderQuestion]:
    return select(HolderQuestion).where(HolderQuestion.family_id == family.id, HolderQuestion.ended_on.is_(None))


def _answer(question: HolderQuestion, answer: HolderAnswer, words: str, *, by: Viewer) -> None:
    question.answer, question.words = answer, words
    question.answered_by_name, question.answered_on = by.name, clock.today()


def _open_step_downs(family: Family) -> list[StepDown]:
    """Those not accepted too, until social work has said what happens now: nobody else holds the family."""
    unsettled = and_(StepDown.state == StepDownState.DECLINED, StepDown.declined_then.is_(None))
    return list(
        db.session.scalars(
            select(StepDown)
            .where(StepDown.family_id == family.id, or_(StepDown.state.in_(OPEN), unsettled))
            .order_by(StepDown.id)
        )
    )
