"""Checks of how things are once a step-down has ended: the family said no, or manages with universal services."""

from datetime import date

from portal.core import clock
from portal.core.db import db
from portal.core.errors import FieldRefused
from portal.domain.dates import full
from portal.domain.event_kinds import E
from portal.domain.following import AFTERWARDS
from portal.domain.support import CheckOutcome, CheckStage, Method
from portal.domain.viewer import Viewer
from portal.domain.wording import CHOICES
from portal.facts import owners, practice
from portal.models.following import FollowUpCheck
from portal.models.handover import StepDown
from portal.services import checks, history


def make(step_down: StepDown, stage: CheckStage, *, by: Viewer, due_on: date | None = None) -> FollowUpCheck:
    """The check of this step-down; by the standard, or on the day named. Owned as other checks of the family are."""
    owner = owners.of_checks(step_down.family_id)
    return _add(
        FollowUpCheck(
            family_id=step_down.family_id,
            step_down_id=step_down.id,
            stage=stage,
            due_on=due_on or practice.due_after(clock.today(), AFTERWARDS[stage].after),
            owner_id=owner.user_id,
        ),
        owner.name,
        by=by,
    )


HAPPENED = {
    CheckStage.AFTER_NO: "they would like help now",
    CheckStage.AFTER_UNIVERSAL: "it goes well, and the family found what it needs",
}


def happened(check: FollowUpCheck, *, by: Viewer, note: str | None) -> None:
    """After a no they would like help after all, and the way back is open; with universal services it goes well."""
    checks.close(
        check,
        "happened",
        CheckOutcome.HAPPENED,
        AFTERWARDS[check.stage].about,
        by=by,
        note=note,
        data={"answer": HAPPENED[check.stage]},
    )


def manages(check: FollowUpCheck, *, by: Viewer, note: str | None) -> None:
    """They said no, still do not want help, and nobody asks again."""
    checks.close(check, "will_not", CheckOutcome.WILL_NOT, AFTERWARDS[check.stage].about, by=by, note=note)


def not_yet(check: FollowUpCheck, *, by: Viewer, waiting_on: str, next_on: date, note: str | None) -> FollowUpCheck:
    """Not decided: asked again on the day named."""
    checks.close(
        check,
        "not_yet",
        CheckOutcome.NOT_YET,
        AFTERWARDS[check.stage].about,
        by=by,
        note=note,
        waiting_on=waiting_on,
        next_on=next_on,
        data={"waiting_on": waiting_on},
    )
    return _again(check, next_on, by=by)


def no_answer(check: FollowUpCheck, *, by: Viewer, method: Method, next_on: date, note: str | None) -> FollowUpCheck:
    """Nobody was reached: tried again on the day named, and a manager told after too many tries in a row."""
    words = {"method": CHOICES[method].lower()}
    checks.close(
        check,
        "no_answer",
        CheckOutcome.NO_ANSWER,
        AFTERWARDS[check.stage].about,
        by=by,
        note=note,
        method=method,
        data=words,
    )
    following = _again(check, next_on, by=by)
    checks.count_try(following, check, AFTERWARDS[check.stage].about, by=by)
    return following


def _again(check: FollowUpCheck, on: date, *, by: Viewer) -> FollowUpCheck:
    if on <= clock.today():
        raise FieldRefused("next_on", "The date of the next check must be after today")
    owner = owners.of_checks(check.family_id)
    return _add(
        FollowUpCheck(
            family_id=check.family_id,
            step_down_id=check.step_down_id,
            stage=check.stage,
            due_on=practice.calendar().due(on),
            owner_id=owner.user_id,
            unanswered=0,
        ),
        owner.name,
        by=by,
    )


def _add(check: FollowUpCheck, owner: str, *, by: Viewer) -> FollowUpCheck:
    db.session.add(check)
    db.session.flush()
    data = {"whom": owner, "service": AFTERWARDS[check.stage].about, "due": full(check.due_on)}
    history.record(E.CHECK_MADE, check, by=by, data=data)
    return check
