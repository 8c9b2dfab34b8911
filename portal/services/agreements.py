"""Sharing agreements: added, changed, ended at once, and made to last some days longer."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.core.errors import FieldRefused, Refused
from portal.domain.administering import Act, differing
from portal.domain.dates import full
from portal.domain.standards import Standard
from portal.domain.viewer import Viewer
from portal.facts import practice
from portal.models.people import AgreementExtension, Organisation, OrganisationKind, SharingAgreement
from portal.services import administration


def extend(agreement_id: int, *, seen: date | None, why: str, by: Viewer) -> AgreementExtension:
    """So many days from its last day, or from today where that has passed; who, when and why are kept. `seen` is the
    last day that was on the page: Refused tells who extended it meanwhile."""
    agreement = db.session.scalars(
        select(SharingAgreement).where(SharingAgreement.id == agreement_id).with_for_update()
    ).one()
    if agreement.ends_on != seen:
        raise Refused(f"It was extended to {full(agreement.ends_on)} already. What you typed is still here.")
    before = agreement.ends_on
    agreement.ends_on = max(before, clock.today()) + timedelta(days=practice.amount(Standard.SHARING_EXTENSION))
    made = AgreementExtension(
        agreement_id=agreement.id,
        before=before,
        after=agreement.ends_on,
        why=why,
        by_id=by.user_id,
        by_name=by.name,
        at=clock.now(),
    )
    db.session.add(made)
    return made


@dataclass(frozen=True)
class Terms:
    """What an agreement says: from which day to which, by when it is looked at again, whom to ask, where it lies."""

    starts_on: date
    ends_on: date
    review_on: date | None = None
    contact: str | None = None
    document: str | None = None


def add(organisation: Organisation, terms: Terms, *, by: Viewer) -> SharingAgreement:
    """Beside those there are: until the last of them ends its people see the families they work with. Raises
    FieldRefused."""
    if organisation.kind is OrganisationKind.COUNCIL:
        raise Refused("The council’s own people need no sharing agreement.")
    _demand_order(terms)
    made = SharingAgreement(organisation_id=organisation.id, **vars(terms))
    db.session.add(made)
    db.session.flush()
    administration.record(Act.AGREEMENT_ADDED, made.ref, organisation.name, by=by, after=_told(made))
    return made


def change(agreement: SharingAgreement, terms: Terms, *, by: Viewer) -> bool:
    """False where nothing is different. Raises FieldRefused."""
    _demand_order(terms)
    before = _told(agreement)
    for name, value in vars(terms).items():
        setattr(agreement, name, value)
    was, now = differing(before, _told(agreement))
    if now:
        about = _organisation(agreement)
        administration.record(Act.AGREEMENT_CHANGED, agreement.ref, about, by=by, before=was, after=now)
    return bool(now)


def end(agreement: SharingAgreement, *, why: str, by: Viewer) -> None:
    """At once: its people see nothing more from their next click on, unless another agreement covers today. Raises
    Refused where it has ended, or where today is its first day."""
    yesterday = clock.today() - timedelta(days=1)
    if agreement.ends_on <= yesterday:
        raise Refused(f"This agreement ended on {full(agreement.ends_on)}.")
    if agreement.starts_on > yesterday:
        raise Refused("This agreement has no day before today. Change its first day instead: then it does not begin.")
    before = _told(agreement)
    agreement.ends_on = yesterday
    if agreement.review_on is not None and agreement.review_on > yesterday:
        agreement.review_on = None
    was, now = differing(before, _told(agreement))
    about = _organisation(agreement)
    administration.record(Act.AGREEMENT_ENDED, agreement.ref, about, by=by, before=was, after=now, why=why)


def _demand_order(terms: Terms) -> None:
    if terms.ends_on < terms.starts_on:
        raise FieldRefused("ends_on", "The last day must be on or after the first day")
    if terms.review_on is not None and terms.review_on > terms.ends_on:
        raise FieldRefused("review_on", "The day by which it is reviewed must be on or before the last day")


def _organisation(agreement: SharingAgreement) -> str:
    return db.session.execute(
        select(Organisation.name).where(Organisation.id == agreement.organisation_id)
    ).scalar_one()


def _told(agreement: SharingAgreement) -> dict[str, str | None]:
    return {
        "starts_on": full(agreement.starts_on),
        "ends_on": full(agreement.ends_on),
        "review_on": full(agreement.review_on) if agreement.review_on else None,
        "contact": agreement.contact,
        "document": agreement.document,
    }
