"""When support started, who said so, and whether that is a source."""

from datetime import date

from sqlalchemy import select

from portal.core.db import db
from portal.domain.asking import Said
from portal.domain.dates import full
from portal.domain.event_kinds import E
from portal.domain.support import ReferralState, Source
from portal.models.asking import FamilyAnswer, FamilyQuestion
from portal.models.following import SupportReferral
from portal.models.record import Event

NO_SOURCE = (
    "So far only somebody of the {family} has said so, by a link. Where somebody is to be kept apart, such an answer "
    "is never one of the two sources."
)


def doubt(referral: SupportReferral, started_on: date) -> str | None:
    """Which other date speaks against this first day; None where none does."""
    if referral.sent_on and started_on < referral.sent_on:
        return f"They first received it before it was sent to the service, on {full(referral.sent_on)}"
    if referral.booked_for and started_on < referral.booked_for:
        return f"They first received it before the first day that was booked, {full(referral.booked_for)}"
    return None


def recorded_by(referral: SupportReferral) -> int | None:
    """Who recorded what is known of the start; None where the family said so by its link. One statement."""
    recorded = select(Event.actor_id).where(
        Event.family_id == referral.family_id,
        Event.subject == referral.ref,
        Event.kind.in_((E.REFERRAL_STARTED, E.REFERRAL_START_REPORTED)),
    )
    return db.session.scalars(recorded.order_by(Event.id.desc())).first()


def known_by_link_alone(referral: SupportReferral) -> bool:
    """Whether it is shown as started only because of an answer by link that counts as no source: of somebody who was
    asked although somebody is to be kept apart. Two statements at most."""
    reported = referral.state is ReferralState.STARTED and referral.confirmed_on is None
    if not reported or referral.started_source is not Source.FAMILY or recorded_by(referral) is not None:
        return False
    # The first answer with a day is the one that started it.
    answered = (
        select(FamilyQuestion.safe_because)
        .join(FamilyAnswer, FamilyAnswer.question_id == FamilyQuestion.id)
        .where(
            FamilyQuestion.referral_id == referral.id,
            FamilyAnswer.said == Said.YES,
            FamilyAnswer.started_on.is_not(None),
        )
        .order_by(FamilyAnswer.id)
        .limit(1)
    )
    return db.session.scalars(answered).first() is not None
