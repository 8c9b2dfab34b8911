"""A follow-up check as its page shows it, with all that was tried before."""

from dataclasses import dataclass
from datetime import date
from itertools import takewhile
from typing import Any

from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.domain.dates import counted, london_date, near
from portal.domain.following import AFTERWARDS, POLICY, asks
from portal.domain.standards import DEFAULTS, Standard
from portal.domain.support import CheckOutcome, CheckStage, CheckState
from portal.domain.wording import CHOICES
from portal.facts import follow_up, practice
from portal.models.families import Family
from portal.models.following import FollowUpCheck, SupportReferral
from portal.models.handover import StepDown
from portal.models.people import User
from portal.models.step_down_ends import FamilySaidNo
from portal.models.teamwork import PlanNeed
from portal.queries.families import SafeWay, safety
from portal.queries.shapes import Due, Tag, due, tag
from portal.queries.support import done_words, outcome_words


def tries(unanswered: int) -> str | None:
    return f"No answer {counted(unanswered, 'time', 'times')} in a row" if unanswered else None


@dataclass(frozen=True)
class Attempt:
    """An earlier check of the same support: what came of it, when, by whom."""

    title: str
    byline: str | None
    words: str | None


@dataclass(frozen=True)
class CheckPage:
    """One check, with all that somebody needs before they ring."""

    ref: str
    stage: CheckStage
    question: str
    family_ref: str
    family_name: str
    referral_ref: str | None
    step_down_ref: str | None
    service: str
    organisation: str | None
    phone: str | None
    need: str | None
    given: str
    started: str | None
    owner: str
    tag: Tag
    due: Due | None
    waived: str | None
    tries: str | None
    tried: str | None
    escalated_to: str | None
    outcome: str | None
    byline: str | None
    note: str | None
    attempts: list[Attempt]
    safe_contact: list[SafeWay]
    apart: list[str]


def one(check: FollowUpCheck) -> CheckPage:
    """Four statements."""
    if check.referral_id is None:
        return _afterwards(check)
    today, days = clock.today(), practice.calendar()
    row = db.session.execute(
        select(
            SupportReferral,
            Family.name.label("family"),
            PlanNeed.what.label("need"),
            User.name.label("owner"),
            follow_up.said_no_column().label("said_no"),
            follow_up.answered_by_column().label("answered_by"),
        )
        .join(Family, Family.id == SupportReferral.family_id)
        .join(FollowUpCheck, FollowUpCheck.referral_id == SupportReferral.id)
        .join(User, User.id == FollowUpCheck.owner_id)
        .outerjoin(PlanNeed, PlanNeed.id == SupportReferral.plan_need_id)
        .where(FollowUpCheck.id == check.id)
    ).one()
    referral: SupportReferral = row.SupportReferral
    before = _before(check)
    ways, apart = safety(check.family_id)
    still = check.state is CheckState.DUE
    return CheckPage(
        ref=check.ref,
        stage=check.stage,
        question=asks(check.stage, said_no=row.said_no),
        family_ref=f"{Family.ref_prefix}-{check.family_id}",
        family_name=row.family,
        referral_ref=referral.ref,
        step_down_ref=None,
        service=referral.service_name,
        organisation=referral.service_organisation,
        phone=referral.service_phone,
        need=row.need or referral.need_text or "",
        given=f"{near(referral.given_on, today)}, by {referral.recorded_by_name}. {CHOICES[referral.how_given]}",
        started=near(referral.started_on, today) if referral.started_on else None,
        owner=row.owner,
        tag=tag(check.state),
        due=due(check.due_on, today, days) if still else None,
        waived=_waived(check, today),
        tries=tries(check.unanswered),
        tried=_tried(before) if check.unanswered else None,
        escalated_to=CHOICES[check.escalated_to] if check.escalated_to else None,
        outcome=outcome_words(check, row.answered_by) if check.outcome else None,
        byline=done_words(check, today),
        note=check.note,
        attempts=[Attempt(outcome_words(each), done_words(each, today), each.note) for each in before],
        safe_contact=ways,
        apart=apart,
    )


def _afterwards(check: FollowUpCheck) -> CheckPage:
    """The check of a step-down that has ended: the family said no or was not reached, or it went to universal
    services."""
    today, days = clock.today(), practice.calendar()
    row = db.session.execute(
        select(FamilySaidNo, StepDown, Family.name.label("family"), User.name.label("owner"))
        .select_from(FollowUpCheck)
        .join(StepDown, StepDown.id == FollowUpCheck.step_down_id)
        .outerjoin(FamilySaidNo, FamilySaidNo.step_down_id == StepDown.id)
        .join(Family, Family.id == FollowUpCheck.family_id)
        .join(User, User.id == FollowUpCheck.owner_id)
        .where(FollowUpCheck.id == check.id)
    ).one()
    need, given = _how_it_ended(row.StepDown, row.FamilySaidNo, today)
    ways, apart = safety(check.family_id)
    before = _before(check)
    return CheckPage(
        ref=check.ref,
        stage=check.stage,
        question=asks(check.stage),
        family_ref=f"{Family.ref_prefix}-{check.family_id}",
        family_name=row.family,
        referral_ref=None,
        step_down_ref=f"S-{check.step_down_id}",
        service=AFTERWARDS[check.stage].title,
        organisation=None,
        phone=None,
        need=need,
        given=given,
        started=None,
        owner=row.owner,
        tag=tag(check.state),
        due=due(check.due_on, today, days) if check.state is CheckState.DUE else None,
        waived=_waived(check, today),
        tries=tries(check.unanswered),
        tried=_tried(before) if check.unanswered else None,
        escalated_to=None,
        outcome=outcome_words(check) if check.outcome else None,
        byline=done_words(check, today),
        note=check.note,
        attempts=[Attempt(outcome_words(each), done_words(each, today), each.note) for each in before],
        safe_contact=ways,
        apart=apart,
    )


def _how_it_ended(step_down: StepDown, said: FamilySaidNo | None, today: date) -> tuple[str | None, str]:
    """What the family said, where it said no, and how the step-down ended."""
    if said is not None:
        ended = f"{CHOICES[said.kind]}, {near(said.said_on or london_date(said.recorded_at), today)}"
        return said.words, f"{ended}. {said.watcher_name} keeps an eye out"
    on = near(london_date(step_down.completed_at), today) if step_down.completed_at else ""
    return None, f"{CHOICES[step_down.destination] if step_down.destination else ''}: complete {on}"


def _waived(check: FollowUpCheck, today: date) -> str | None:
    if check.state is not CheckState.WAIVED or check.waived_until is None:
        return None
    return f"Until {near(check.waived_until, today)}, by {check.waived_by_name}. {check.waived_reason}"


def _before(check: FollowUpCheck) -> list[Any]:
    """What was recorded earlier about the same support, latest first."""
    return list(
        db.session.execute(
            select(
                FollowUpCheck.stage,
                FollowUpCheck.outcome,
                FollowUpCheck.method,
                FollowUpCheck.waiting_on,
                FollowUpCheck.note,
                FollowUpCheck.done_on,
                FollowUpCheck.done_by_name,
                follow_up.answered_by_column().label("answered_by"),
            )
            .where(
                FollowUpCheck.referral_id == check.referral_id
                if check.referral_id
                else FollowUpCheck.step_down_id == check.step_down_id,
                FollowUpCheck.state == CheckState.DONE,
                FollowUpCheck.id < check.id,
            )
            .order_by(FollowUpCheck.id.desc())
        )
    )


def _tried(before: list[Any]) -> str | None:
    """The ways of the last tries, which had no answer: each once, the first one first."""
    streak = list(takewhile(lambda each: each.outcome is CheckOutcome.NO_ANSWER, before))
    ways = [CHOICES[each.method].lower() for each in reversed(streak)]
    return ", ".join(dict.fromkeys(ways)) or None


@dataclass(frozen=True)
class Proposed:
    """The days that are offered for the next check: where nothing has begun yet, and where nobody answered."""

    next_on: date | None
    try_on: date | None


def proposed(check: FollowUpCheck) -> Proposed:
    """None where this one is already recorded."""
    if check.state is not CheckState.DUE:
        return Proposed(None, None)
    rule = POLICY.get(check.stage)
    # What goes on is asked about after weeks; what has not begun, or may have stopped, sooner.
    again = rule.again if rule and check.stage is not CheckStage.STARTED else Standard.RETRY
    amounts, days, today = practice.amounts((again, Standard.RETRY)), practice.calendar(), clock.today()
    return Proposed(
        *(practice.counted_from(today, amounts[each], DEFAULTS[each].unit, days) for each in (again, Standard.RETRY))
    )


def waits_on(check: FollowUpCheck) -> str | None:
    """Whom a family on a waiting list waits for: offered, and often right. One statement, or none."""
    if check.stage is not CheckStage.WAITING or check.referral_id is None:
        return None
    return db.session.execute(
        select(SupportReferral.service_name).where(SupportReferral.id == check.referral_id)
    ).scalar_one()
