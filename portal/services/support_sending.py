"""Support is sent to its service: with somebody's agreement to this very sharing, or named all the same."""

from datetime import date

from sqlalchemy import select

from portal.core.db import db
from portal.core.errors import FieldRefused
from portal.domain.engagement import ALL_THE_SAME, SAY_IT_DECIDES
from portal.domain.event_kinds import E
from portal.domain.viewer import Viewer
from portal.facts import agreement
from portal.models.families import Family, Person, PersonKind
from portal.models.following import FollowUpCheck, SharedReferral, SupportReferral
from portal.models.people import User
from portal.services import history, support_moves
from portal.services.moves import walk

AGAINST = "What is recorded of this {family} stands against telling this service"
OVERRIDE = f"Choose “{ALL_THE_SAME}” and enter why, or do not send it"

JUDGED = "A child who can decide this, in the judgement of whoever sent it"


def send(
    referral: SupportReferral,
    *,
    by: Viewer,
    reason: str,
    safe_contact: str,
    sent_on: date,
    agreed_by_id: int | None = None,
    agreed_by_text: str | None = None,
    child_can_decide: bool = False,
    despite: str | None = None,
    follows: bool = False,
) -> FollowUpCheck:
    """What the service needs to know has gone to it, with somebody's agreement to this very sharing; without it, or
    against what somebody has said since, only with `despite`: why all the same, named in the history. The check that
    asks whether the service has been in touch is returned. `agreed_by_text`: who agreed, in words. `child_can_decide`:
    without it, a child has not agreed. `follows`: whoever may suggest it sends it too, and reaches nothing of the
    family: who stands against it, and why, is not said."""
    against = agreement.against_sharing_with(
        referral.family_id, referral.receiving_organisation_id, referral.service_organisation
    )
    agreed = _agreed_by(referral, agreed_by_id, child_can_decide=child_can_decide)
    is_agreed = agreed is not None or bool((agreed_by_text or "").strip())
    if not (despite or "").strip():
        if against:
            # At the answer that was given: the question why is only put after another.
            why = f"{AGAINST}. {OVERRIDE} and ring the {{coordinator}}" if follows else f"{against[0]}. {OVERRIDE}"
            raise FieldRefused("share_agreed_by", why)
        if not is_agreed:
            raise FieldRefused("share_agreed_by", "Select who agreed that this is shared with the service")
    words = (despite or "").strip() if against or not is_agreed else None
    walk(
        referral,
        "send",
        by=by,
        follows=follows,
        text=reason,
        happened_on=sent_on,
        state_on=sent_on,
        sent_on=sent_on,
        sent_reason=reason,
        safe_contact=safe_contact,
        share_agreed_by_id=agreed.id if agreed else None,
        share_agreed_by_text=JUDGED if _is_child(agreed) else (agreed_by_text or "").strip() or None,
        shared_despite=words,
        data={"service": referral.service_name},
    )
    _share(referral, by=by)
    if words:
        history.record(E.REFERRAL_SHARED_DESPITE, referral, by=by, text=words, data={"service": referral.service_name})
    return support_moves.followed(referral, by=by)


def _share(referral: SupportReferral, *, by: Viewer) -> None:
    """The receiving service has people here: it sees what was shared, as it is now, and nothing else."""
    if referral.receiving_organisation_id is None:
        return
    db.session.add(
        SharedReferral(
            family_id=referral.family_id,
            referral_id=referral.id,
            organisation_id=referral.receiving_organisation_id,
            whom=_whom(referral),
            service_name=referral.service_name,
            reason=referral.sent_reason,
            safe_contact=referral.safe_contact,
            sent_on=referral.sent_on,
            sent_by_name=by.name,
            sent_by_phone=db.session.get_one(User, by.user_id).phone,
        )
    )


def _whom(referral: SupportReferral) -> str:
    if referral.person_id:
        return db.session.get_one(Person, referral.person_id).name
    family = db.session.get_one(Family, referral.family_id).name
    return f"{family}: {referral.person_text}" if referral.person_text else family


def _is_child(person: Person | None) -> bool:
    return person is not None and person.kind is PersonKind.CHILD


def _agreed_by(referral: SupportReferral, person_id: int | None, *, child_can_decide: bool) -> Person | None:
    if person_id is None:
        return None
    found = db.session.execute(
        select(Person).where(Person.id == person_id, Person.family_id == referral.family_id, Person.died_on.is_(None))
    ).scalar_one_or_none()
    if found is None or not agreement.may_agree(found.kind, found.date_of_birth):
        raise FieldRefused("share_agreed_by", "Select somebody of this family")
    if _is_child(found) and not child_can_decide:
        raise FieldRefused("child_can_decide", SAY_IT_DECIDES.format(name=found.name))
    return found
