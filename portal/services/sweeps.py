"""Dates that a practice standard gave, moved all at once when the council changes it."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, func, select, update
from sqlalchemy.orm import aliased

from portal.core import clock
from portal.core.db import db
from portal.domain.dates import full, london_date
from portal.domain.leads import LeadState
from portal.domain.standards import DEFAULTS, Standard
from portal.domain.step_downs import OPEN, StepDownState
from portal.domain.support import CheckOutcome, CheckStage, CheckState
from portal.facts import practice
from portal.models.following import FollowUpCheck, SupportReferral
from portal.models.handover import LeadAssignment, StepDown
from portal.policies.scope import unscoped
from portal.services import summary

BATCH = 500


@dataclass(frozen=True)
class Clock:
    """A stored date: of which rows, counted from what, and while what it still runs."""

    model: type[Any]
    column: str
    counted_from: Any
    runs: Any


@dataclass(frozen=True)
class Moved:
    """One date of one thing that stands elsewhere now."""

    family_id: int
    ref: str
    due_on: date


def _of_step_down(column: str) -> Callable[[], Clock]:
    return lambda: Clock(
        StepDown,
        column,
        StepDown.decision_on,
        and_(StepDown.state.in_(OPEN), StepDown.state != StepDownState.DRAFT, StepDown.decision_on.is_not(None)),
    )


def _of_check(stage: CheckStage, counted_from: Any) -> Clock:
    since = select(counted_from).where(SupportReferral.id == FollowUpCheck.referral_id).scalar_subquery()
    return Clock(
        FollowUpCheck, "due_on", since, and_(FollowUpCheck.state == CheckState.DUE, FollowUpCheck.stage == stage)
    )


def _of_another_try() -> Clock:
    tried = aliased(FollowUpCheck)
    last = (
        select(func.max(tried.done_on))
        .where(tried.referral_id == FollowUpCheck.referral_id, tried.outcome == CheckOutcome.NO_ANSWER)
        .scalar_subquery()
    )
    return Clock(
        FollowUpCheck, "due_on", last, and_(FollowUpCheck.state == CheckState.DUE, FollowUpCheck.unanswered > 0)
    )


# Standards whose dates are stored; the others are counted whenever they are read, and need no moving.
CLOCKS: dict[Standard, Callable[[], Clock]] = {
    Standard.DECIDE: _of_step_down("decide_by"),
    Standard.LEAD_ACCEPTED: _of_step_down("lead_by"),
    Standard.MEETING: _of_step_down("meeting_by"),
    Standard.COMPLETE: _of_step_down("complete_by"),
    Standard.ANSWER_DECLINE: lambda: Clock(
        StepDown,
        "answer_decline_by",
        StepDown.answered_at,
        and_(StepDown.state == StepDownState.DECLINED, StepDown.declined_then.is_(None)),
    ),
    Standard.LEAD_ANSWER: lambda: Clock(
        LeadAssignment, "answer_by", LeadAssignment.nominated_at, LeadAssignment.state == LeadState.NOMINATED
    ),
    Standard.SIGNPOSTED: lambda: _of_check(CheckStage.SIGNPOSTED, SupportReferral.given_on),
    Standard.SENT: lambda: _of_check(CheckStage.SENT, SupportReferral.state_on),
    Standard.ACCEPTED: lambda: _of_check(CheckStage.ACCEPTED, SupportReferral.state_on),
    Standard.WAITING: lambda: _of_check(CheckStage.WAITING, SupportReferral.state_on),
    Standard.BOOKED: lambda: _of_check(CheckStage.BOOKED, SupportReferral.booked_for),
    Standard.STARTED: lambda: _of_check(CheckStage.STARTED, SupportReferral.started_on),
    Standard.RETRY: _of_another_try,
}


def move_dates(standard: Standard, before: int, after: int) -> list[Moved]:
    """Move what the standard dated and has not passed yet; returned by family, then by thing. A date that somebody
    chose by hand stays, and nothing becomes late by the change: a date that would lie in the past is the next working
    day from today. Every family is covered, whoever asks; the families' locks are taken in order."""
    make = CLOCKS.get(standard)
    if make is None:
        return []
    with unscoped("a standard moves dates"):
        return list(_move(make(), standard, before, after))


def _move(of: Clock, standard: Standard, before: int, after: int) -> Iterator[Moved]:
    today, days, unit = clock.today(), practice.calendar(), DEFAULTS[standard].unit
    column = getattr(of.model, of.column)
    rows = db.session.execute(
        select(of.model.id, of.model.family_id, of.counted_from.label("since"), column.label("due_on"))
        .where(of.runs, column >= today)
        .order_by(of.model.family_id, of.model.id)
    ).all()
    for family_id in dict.fromkeys(row.family_id for row in rows):
        summary.lock(family_id)
    to: defaultdict[date, list[int]] = defaultdict(list)
    for row in rows:
        since = london_date(row.since) if isinstance(row.since, datetime) else row.since
        if since is None or practice.counted_from(since, before, unit, days) != row.due_on:
            continue
        due_on = max(practice.counted_from(since, after, unit, days), days.due(today))
        if due_on != row.due_on:
            to[due_on].append(row.id)
            yield Moved(row.family_id, f"{of.model.ref_prefix}-{row.id}", due_on)
    for due_on, ids in sorted(to.items()):
        for start in range(0, len(ids), BATCH):
            some = ids[start : start + BATCH]
            db.session.execute(
                update(of.model)
                .where(of.model.id.in_(some))
                .values({column: due_on})
                .execution_options(synchronize_session=False)
            )


def words(moved: list[Moved]) -> str:
    """What moved of one family: A-1 is due 2 September 2024 now; …"""
    return "; ".join(f"{each.ref} is due {full(each.due_on)} now" for each in moved)
