"""What each person said for a purpose and an organisation; what is shared with whom, and why; asking us to stop."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.core.errors import FieldRefused, Refused
from portal.domain.engagement import EARLY_HELP, SAY_IT_DECIDES, UNASKED, EngagementAnswer, too_young
from portal.domain.event_kinds import E
from portal.domain.standards import Standard
from portal.domain.viewer import Viewer
from portal.domain.wording import CHOICES
from portal.facts import agreement, practice
from portal.models.families import Family, Person, PersonKind, SafeContact
from portal.models.handover import EngagementRecord, SharingBasis, SharingDecision, StopRequest
from portal.models.people import Organisation
from portal.services import history
from portal.services.engagement import ANSWERS

A = EngagementAnswer


@dataclass(frozen=True)
class Said:
    """One answer of one person. `organisation_id`: about that one alone; `purpose` is early help or in words."""

    person_id: int
    answer: EngagementAnswer
    purpose: str = EARLY_HELP
    organisation_id: int | None = None
    asked_on: date | None = None
    asked_by: str | None = None
    how_explained: str | None = None
    exclusions: str | None = None
    worries: str | None = None
    language_support: str | None = None
    offer_again_on: date | None = None
    child_can_decide: bool = False
    # Somebody has said that a very young child decides this.
    young: bool = False


def record(family: Family, said: Said, *, by: Viewer) -> EngagementRecord:
    """Keep the answer beside the earlier ones. Asking us to stop raises a task, and lead and coordinator are told.
    Raises FieldRefused at the answer that cannot stand."""
    person = _person(family, said.person_id)
    _demand_possible(person, said)
    kept = EngagementRecord(
        family_id=family.id,
        person_id=person.id,
        organisation_id=said.organisation_id,
        purpose=said.purpose,
        answer=said.answer,
        exclusions=said.exclusions,
        asked_by_name=said.asked_by or by.name,
        asked_on=said.asked_on,
        how_explained=said.how_explained,
        worries=said.worries,
        language_support=said.language_support,
        offer_again_on=said.offer_again_on,
        child_can_decide=said.child_can_decide,
        recorded_at=clock.now(),
    )
    db.session.add(kept)
    db.session.flush()
    stops = said.answer is A.ASKED_TO_STOP
    if stops:
        db.session.add(
            StopRequest(
                family_id=family.id,
                engagement_id=kept.id,
                name=person.name,
                asked_on=said.asked_on or clock.today(),
            )
        )
    history.record(
        E.ENGAGEMENT_FOR,
        kept,
        by=by,
        happened_on=said.asked_on,
        data={"whom": person.name, "purpose": _about(said), "answer": ANSWERS[said.answer]},
        notify=("lead_professional", "coordinator") if stops else (),
    )
    return kept


def decide_sharing(
    family: Family,
    *,
    organisation_id: int,
    person_id: int | None,
    share: bool,
    basis: SharingBasis,
    privacy_notice_on: date | None,
    why: str,
    by: Viewer,
) -> SharingDecision:
    """Whether something is shared with an organisation, and why. Consent is no basis where somebody said no, or asked
    us to stop."""
    organisation = db.session.get(Organisation, organisation_id)
    if organisation is None:
        raise FieldRefused("organisation", "Choose an organisation")
    if person_id is not None:
        _person(family, person_id)
    if privacy_notice_on and privacy_notice_on > clock.today():
        raise FieldRefused("privacy_notice_on", "Date of the privacy notice must be today or in the past")
    if share and basis is SharingBasis.CONSENT:
        _demand_agreed(family, organisation, person_id)
    decision = SharingDecision(
        family_id=family.id,
        organisation_id=organisation.id,
        person_id=person_id,
        share=share,
        basis=basis,
        privacy_notice_on=privacy_notice_on,
        why=why,
        decided_by_name=by.name,
        decided_at=clock.now(),
    )
    db.session.add(decision)
    history.record(
        E.SHARING_DECIDED,
        family,
        by=by,
        text=why,
        data={
            "what": "to share" if share else "not to share",
            "organisation": organisation.name,
            "basis": CHOICES[basis].lower(),
        },
    )
    return decision


def settle_stop(family: Family, what_now: str, *, by: Viewer) -> None:
    """Say what is ended and what happens now, for everybody of the family who asked us to stop."""
    requests = db.session.scalars(
        select(StopRequest)
        .where(StopRequest.family_id == family.id, StopRequest.settled_on.is_(None))
        .order_by(StopRequest.id)
    ).all()
    if not requests:
        raise Refused("Nobody’s wish that we stop waits for an answer. Somebody may have settled it already.")
    for each in requests:
        each.settled_on, each.settled_by_name, each.what_now = clock.today(), by.name, what_now
    names = ", ".join(dict.fromkeys(each.name for each in requests))
    history.record(E.ENGAGEMENT_STOP_SETTLED, family, by=by, text=what_now, data={"whom": names})


def _about(said: Said) -> str:
    if said.organisation_id is None:
        return said.purpose
    organisation = db.session.get_one(Organisation, said.organisation_id)
    return organisation.name if said.purpose == EARLY_HELP else f"{said.purpose} ({organisation.name})"


def _person(family: Family, person_id: int) -> Person:
    person = db.session.scalars(select(Person).where(Person.id == person_id, Person.family_id == family.id)).first()
    if person is None or person.died_on is not None or person.pregnancy_ended_on is not None:
        raise FieldRefused("person", "Choose somebody of this {family}")
    return person


def _demand_possible(person: Person, said: Said) -> None:
    today = clock.today()
    never = db.session.scalars(
        select(SafeContact.id).where(SafeContact.person_id == person.id, SafeContact.never_contact)
    ).first()
    asked = said.answer not in UNASKED
    if asked and never is not None:
        raise FieldRefused("person", f"{person.name} must never be contacted, so they are not asked")
    if asked and person.kind is PersonKind.CHILD:
        _demand_decides(person, said)
    if said.asked_on and said.asked_on > today:
        raise FieldRefused("asked_on", "The date they were asked must be today or in the past")
    if said.answer is not A.NOT_YET_ASKED and said.asked_on is None:
        raise FieldRefused("asked_on", "Enter when they were asked, or when it was decided")
    if said.answer is A.PARTLY_AGREED and not said.exclusions:
        raise FieldRefused("exclusions", "Enter what they have not agreed to")
    if said.answer is A.OVERRIDDEN and not said.how_explained:
        raise FieldRefused("how_explained", "Enter why it goes ahead without their agreement")
    if said.offer_again_on and said.offer_again_on < today:
        raise FieldRefused("offer_again_on", "The date to offer again must be today or later")


def _demand_decides(child: Person, said: Said) -> None:
    """A child is only asked where the worker judges that they can decide; below an age that is asked about."""
    if child.date_of_birth is None and child.expected_on is not None:
        raise FieldRefused("person", f"{child.name} is not born yet, so they are not asked")
    if not said.child_can_decide:
        raise FieldRefused("child_can_decide", SAY_IT_DECIDES.format(name=child.name))
    young = too_young(child.name, child.date_of_birth, clock.today(), practice.amount(Standard.CHILD_DECIDES))
    if young and not said.young:
        raise FieldRefused("young", young)


def _demand_agreed(family: Family, organisation: Organisation, person_id: int | None) -> None:
    for limit in agreement.limits(family.id):
        about_this = limit.organisation_id in (None, organisation.id)
        of_this = person_id is None or limit.person_id == person_id
        if about_this and of_this and limit.answer in (A.SAID_NO, A.ASKED_TO_STOP):
            raise FieldRefused(
                "basis", f"{limit.words}, so consent is no basis for this. Choose another basis, or do not share"
            )
