"""What came of a follow-up check: it started, not yet, no answer, or it will not happen."""

from datetime import date
from typing import Any

from portal.core import clock
from portal.core.db import db
from portal.core.errors import FieldRefused
from portal.domain.dates import full
from portal.domain.events import E
from portal.domain.permissions import P
from portal.domain.plans import NeedState
from portal.domain.standards import Standard
from portal.domain.support import CheckOutcome, CheckStage, Method, NeedNow, NotStarted, Source
from portal.domain.viewer import Viewer
from portal.domain.wording import CHOICES
from portal.facts import practice
from portal.models.following import FollowUpCheck, SupportReferral
from portal.models.teamwork import PlanNeed
from portal.policies import rules
from portal.services import checks, history, needs
from portal.services.moves import walk


def not_yet(
    check: FollowUpCheck, *, by: Viewer, waiting_on: str, next_on: date, note: str | None = None
) -> FollowUpCheck:
    """Nothing has begun: whom it waits on, and the day of the next check, which is returned. Nobody checks on a day
    that is not a working day: it is due on the next one."""
    day = _later(next_on)
    referral = _referral_of(check)
    _close(
        check,
        "not_yet",
        CheckOutcome.NOT_YET,
        referral,
        by=by,
        note=note,
        waiting_on=waiting_on,
        next_on=day,
        data={"waiting_on": waiting_on},
    )
    return checks.make(referral, check.stage, by=by, due_on=day, after=check)


def no_answer(
    check: FollowUpCheck, *, by: Viewer, method: Method, next_on: date | None = None, note: str | None = None
) -> FollowUpCheck:
    """Nobody could be reached. The next check is returned, in a few working days unless a day is named, and on a
    working day; after too many tries in a row it is escalated."""
    day = _later(next_on or practice.due_after(clock.today(), Standard.RETRY))
    referral = _referral_of(check)
    _close(
        check,
        "no_answer",
        CheckOutcome.NO_ANSWER,
        referral,
        by=by,
        note=note,
        method=method,
        data={"method": CHOICES[method].lower()},
    )
    following = checks.make(referral, check.stage, by=by, due_on=day, after=check)
    checks.count_try(following, check, referral.service_name, by=by)
    return following


def started(
    check: FollowUpCheck,
    *,
    by: Viewer,
    started_on: date,
    source: Source,
    what: str,
    told_by: str | None = None,
    note: str | None = None,
) -> FollowUpCheck:
    """Support has really begun. The check that asks whether it goes on is returned."""
    referral = _referral_of(check)
    _close(check, "happened", CheckOutcome.HAPPENED, referral, by=by, note=note, data={"answer": "it has started"})
    walk(
        referral,
        "start",
        by=by,
        follows=True,
        happened_on=started_on,
        source=source,
        told_by=told_by,
        text=what,
        started_on=started_on,
        started_source=source,
        started_what=what,
        data={"service": referral.service_name, "when": full(started_on)},
    )
    checks.void_due(referral, by=by)
    return checks.make(referral, CheckStage.STARTED, by=by)


def goes_on(check: FollowUpCheck, *, by: Viewer, note: str | None = None) -> FollowUpCheck:
    """Support that had begun is still going. It is asked about again, counted from today."""
    referral = _referral_of(check)
    _close(check, "happened", CheckOutcome.HAPPENED, referral, by=by, note=note, data={"answer": "it is still going"})
    due_on = practice.due_after(clock.today(), Standard.STARTED)
    return checks.make(referral, CheckStage.STARTED, by=by, due_on=due_on, after=check)


def will_not(
    check: FollowUpCheck,
    *,
    by: Viewer,
    code: NotStarted,
    reason: str,
    need_now: NeedNow,
    not_met_reason: str | None = None,
    note: str | None = None,
) -> None:
    """It will not happen, why, and what becomes of the need: it stays open unless it cannot be met, which only early
    help may say. Nothing more is checked."""
    referral = _referral_of(check)
    if not reason.strip():
        raise FieldRefused("not_started_reason", "Enter why it will not happen")
    _close(check, "will_not", CheckOutcome.WILL_NOT, referral, by=by, note=note)
    walk(
        referral,
        "not_start",
        by=by,
        follows=True,
        text=reason,
        not_started_code=code,
        not_started_reason=reason,
        need_now=need_now,
        ended_at=clock.now(),
        data={"service": referral.service_name, "reason": CHOICES[code].lower()},
    )
    checks.void_due(referral, by=by)
    if need_now is NeedNow.NOT_MET:
        _need_not_met(referral, not_met_reason, by=by)


def _need_not_met(referral: SupportReferral, reason: str | None, *, by: Viewer) -> None:
    rules.demand(by, P.NEED_NOT_MET, referral)
    if not (reason or "").strip():
        raise FieldRefused("not_met_reason", "Enter what could not be provided, and who knows")
    need = db.session.get(PlanNeed, referral.plan_need_id) if referral.plan_need_id else None
    if need is None:
        history.record(E.NEED_NOT_MET, referral, by=by, text=reason, data={"what": referral.need_text})
    elif need.state is NeedState.OPEN:
        needs.could_not_meet(need, reason or "", by=by)


def _close(
    check: FollowUpCheck,
    move: str,
    outcome: CheckOutcome,
    referral: SupportReferral,
    *,
    by: Viewer,
    note: str | None,
    data: dict[str, str] | None = None,
    **values: Any,
) -> None:
    walk(
        check,
        move,
        by=by,
        text=note,
        outcome=outcome,
        note=note,
        done_on=clock.today(),
        done_by_name=by.name,
        data={"service": referral.service_name, **(data or {})},
        **values,
    )


def _later(day: date) -> date:
    """The working day on which a check dated `day` is due. Raises FieldRefused unless that lies after today."""
    if day <= clock.today():
        raise FieldRefused("next_on", "The date of the next check must be after today")
    return practice.calendar().due(day)


def _referral_of(check: FollowUpCheck) -> SupportReferral:
    return db.session.get_one(SupportReferral, check.referral_id)
