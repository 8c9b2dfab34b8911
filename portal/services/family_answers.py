"""A family answers by its link: every answer is kept, and does what a worker would do who heard it."""

import enum
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.domain.asking import CALL_ME, SAID, Said
from portal.domain.event_kinds import E
from portal.domain.support import OPEN_REFERRALS, WAITING_REFERRALS, CheckStage, CheckState, ReferralState, Source
from portal.domain.viewer import THE_FAMILY
from portal.facts.family_links import Asked
from portal.models.asking import FamilyAnswer, FamilyQuestion
from portal.models.families import Person
from portal.models.following import FollowUpCheck, SupportReferral
from portal.policies.scope import unscoped
from portal.services import answers, checks, history, summary, support_moves

NOT_SAID = "Not said: the family answered by its link"
AT_ONCE = ("lead_professional", "coordinator", "check_owner")


class Then(enum.StrEnum):
    """What happens next, as the family is told."""

    CALL = "call"
    ASKED_LATER = "asked_later"
    FOUND_OUT = "found_out"


@dataclass(frozen=True)
class Next:
    """What happens next, and by when."""

    then: Then
    on: date


def record(
    asked: Asked,
    *,
    said: Said | None,
    started_on: date | None,
    words: str | None,
    call_me: bool,
    language: str,
    sent: str,
) -> Next | None:
    """Keep the answer, and move what it moves: it is a source, and closes what was going to be asked or becomes a call.
    It ends nothing. The same click twice is one answer. None where meanwhile somebody recorded what became of the
    support: then nothing is kept, and the family is told whom to call."""
    with unscoped("a family answers by its link"):
        summary.lock(asked.family_id)
        referral = db.session.execute(
            select(SupportReferral).where(SupportReferral.id == asked.referral_id).with_for_update()
        ).scalar_one()
        again = db.session.execute(select(FamilyAnswer.id).where(FamilyAnswer.sent == sent)).first()
        if referral.state not in OPEN_REFERRALS:
            return None
        if again is None:
            answer = FamilyAnswer(
                family_id=asked.family_id,
                question_id=asked.question_id,
                said=said,
                started_on=started_on if said is Said.YES else None,
                words=words or None,
                call_me=call_me,
                language=language,
                answered_at=clock.now(),
                sent=sent,
            )
            db.session.add(answer)
            _told(referral, answer)
            _moved(referral, answer)
        return _next(referral)


def _told(referral: SupportReferral, answer: FamilyAnswer) -> None:
    """The line in the history; the lead and the coordinator hear at once of what cannot wait."""
    whom = db.session.execute(
        select(Person)
        .join(FamilyQuestion, FamilyQuestion.person_id == Person.id)
        .where(FamilyQuestion.id == answer.question_id)
    ).scalar_one()
    parts = [SAID[answer.said] if answer.said else None, CALL_ME if answer.call_me else None]
    history.record(
        E.LINK_ANSWERED,
        referral,
        by=THE_FAMILY,
        source=Source.FAMILY,
        text=answer.words,
        data={
            "whom": whom.name,
            "service": referral.service_name,
            "answer": " ".join(f"“{part}”" for part in parts if part),
            "said": answer.said,
            "call_me": answer.call_me,
        },
        notify=AT_ONCE if _cannot_wait(referral, answer) else (),
    )


def _cannot_wait(referral: SupportReferral, answer: FamilyAnswer) -> bool:
    if answer.said is Said.STOPPED and referral.state is ReferralState.STARTED:
        return False  # the move that it makes tells them
    return answer.call_me or answer.said in (Said.STOPPED, Said.NOT_WANTED)


def _moved(referral: SupportReferral, answer: FamilyAnswer) -> None:
    waiting = referral.state in WAITING_REFERRALS
    match answer.said:
        case Said.YES if waiting and answer.started_on:
            _start(referral, answer, answer.started_on)
        case Said.YES if not waiting:
            _goes_on(referral, answer)
        case Said.NOT_YET if waiting:
            _not_yet(referral, answer)
        case Said.STOPPED if not waiting:
            support_moves.report_stop(
                referral, by=THE_FAMILY, on=clock.today(), source=Source.FAMILY, note=answer.words, follows=True
            )
        case _:
            answered = f"“{SAID[answer.said]}”" if answer.said else f"“{CALL_ME}”"
            checks.call_back(referral, f"the family said {answered}", by=THE_FAMILY, instead=answer.said is not None)
    if answer.call_me or not _due(referral):
        checks.call_back(referral, "", by=THE_FAMILY, instead=False)


def _due(referral: SupportReferral) -> list[FollowUpCheck]:
    return [check for check in checks.standing(referral) if check.state is CheckState.DUE]


def _start(referral: SupportReferral, answer: FamilyAnswer, started_on: date) -> None:
    support_moves.start(
        referral,
        by=THE_FAMILY,
        started_on=started_on,
        source=Source.FAMILY,
        what=answer.words or NOT_SAID,
        already_receiving=True,  # where the day lies before it was suggested: the page has asked
        date_is_right=True,  # a family does not know when it was sent
        follows=True,
    )


def _goes_on(referral: SupportReferral, answer: FamilyAnswer) -> None:
    """It had started already: the family says so too. One who is only asked because somebody thought it safe is no
    second source."""
    check = _asked_next(referral)
    if check is not None:
        answers.goes_on(check, by=THE_FAMILY, note=answer.words, follows=True)
    limited = db.session.execute(
        select(FamilyQuestion.safe_because).where(FamilyQuestion.id == answer.question_id)
    ).scalar_one()
    if referral.confirmed_on is None and referral.started_source is not Source.FAMILY and not limited:
        support_moves.confirm(
            referral, by=THE_FAMILY, on=clock.today(), source=Source.FAMILY, note=answer.words, follows=True
        )


def _not_yet(referral: SupportReferral, answer: FamilyAnswer) -> None:
    check = _asked_next(referral)
    if check is not None:
        answers.not_yet(
            check,
            by=THE_FAMILY,
            waiting_on=referral.service_name,
            next_on=checks.again_on(check.stage),
            note=answer.words,
            follows=True,
        )


def _asked_next(referral: SupportReferral) -> FollowUpCheck | None:
    """The due check that the answer closes; a call that was promised stays."""
    return next((check for check in _due(referral) if check.stage is not CheckStage.CALL_BACK), None)


def _next(referral: SupportReferral) -> Next:
    due = _due(referral)
    rings = [check.due_on for check in due if check.stage is CheckStage.CALL_BACK]
    on = max(clock.today(), min(rings or [check.due_on for check in due], default=clock.today()))
    if rings or not due:
        return Next(Then.CALL, on)
    return Next(Then.ASKED_LATER if referral.state is ReferralState.STARTED else Then.FOUND_OUT, on)
