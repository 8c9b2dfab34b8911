"""What came of a follow-up check: it started, not yet, no answer, or it will not happen."""

from datetime import date

from portal.core import clock
from portal.core.db import db
from portal.core.errors import FieldRefused
from portal.domain.following import FOLLOWED_AS
from portal.domain.standards import Standard
from portal.domain.support import CheckOutcome, CheckStage, Method, NeedNow, NotStarted, Source
from portal.domain.viewer import Viewer
from portal.domain.wording import CHOICES
from portal.facts import practice
from portal.models.following import FollowUpCheck, SupportReferral
from portal.services import checks, support_moves


def not_yet(
    check: FollowUpCheck, *, by: Viewer, waiting_on: str, next_on: date, note: str | None = None, follows: bool = False
) -> FollowUpCheck:
    """Nothing has begun: whom it waits on, and the day of the next check, which is returned. Nobody checks on a day
    that is not a working day: it is due on the next one. `follows`: the family said so itself, by its link."""
    day = _later(next_on)
    referral = _referral_of(check)
    checks.close(
        check,
        "not_yet",
        CheckOutcome.NOT_YET,
        referral.service_name,
        by=by,
        note=note,
        follows=follows,
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
    checks.close(
        check,
        "no_answer",
        CheckOutcome.NO_ANSWER,
        referral.service_name,
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
    already_receiving: bool = False,
    date_is_right: bool = False,
    note: str | None = None,
) -> FollowUpCheck:
    """Support has really begun. The check that asks whether it goes on is returned."""
    referral = _referral_of(check)
    checks.close(
        check,
        "happened",
        CheckOutcome.HAPPENED,
        referral.service_name,
        by=by,
        note=note,
        data={"answer": "it has started"},
    )
    return support_moves.start(
        referral,
        by=by,
        started_on=started_on,
        source=source,
        what=what,
        told_by=told_by,
        already_receiving=already_receiving,
        date_is_right=date_is_right,
        follows=True,
    )


def goes_on(check: FollowUpCheck, *, by: Viewer, note: str | None = None, follows: bool = False) -> FollowUpCheck:
    """Support that had begun is still going. It is asked about again, counted from today."""
    referral, answer = _referral_of(check), {"answer": "it is still going"}
    checks.close(
        check, "happened", CheckOutcome.HAPPENED, referral.service_name, by=by, note=note, data=answer, follows=follows
    )
    return checks.make(referral, CheckStage.STARTED, by=by, due_on=checks.again_on(CheckStage.STARTED), after=check)


def called_back(check: FollowUpCheck, *, by: Viewer, note: str | None = None) -> FollowUpCheck | None:
    """Somebody rang the family, as it had asked. Where nothing else is due about this support, the next check is made
    and returned."""
    referral, answer = _referral_of(check), {"answer": "somebody spoke with the family"}
    checks.close(check, "happened", CheckOutcome.HAPPENED, referral.service_name, by=by, note=note, data=answer)
    stage = FOLLOWED_AS.get(referral.state)
    if stage is None or checks.standing(referral):
        return None
    return checks.make(referral, stage, by=by, due_on=checks.again_on(stage), after=check)


def will_not(
    check: FollowUpCheck,
    *,
    by: Viewer,
    code: NotStarted,
    reason: str,
    need_now: NeedNow,
    source: Source | None = None,
    told_by: str | None = None,
    not_met_reason: str | None = None,
    route: str | None = None,
    note: str | None = None,
) -> None:
    """It will not happen, why, and what becomes of the need. Nothing more is checked."""
    referral = _referral_of(check)
    checks.close(check, "will_not", CheckOutcome.WILL_NOT, referral.service_name, by=by, note=note)
    support_moves.not_start(
        referral,
        by=by,
        code=code,
        reason=reason,
        need_now=need_now,
        source=source,
        told_by=told_by,
        not_met_reason=not_met_reason,
        route=route,
        follows=True,
    )


def _later(day: date) -> date:
    """The working day on which a check dated `day` is due. Raises FieldRefused unless that lies after today."""
    if day <= clock.today():
        raise FieldRefused("next_on", "The date of the next check must be after today")
    return practice.calendar().due(day)


def _referral_of(check: FollowUpCheck) -> SupportReferral:
    return db.session.get_one(SupportReferral, check.referral_id)
