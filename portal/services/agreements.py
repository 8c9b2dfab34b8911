"""Sharing agreements: one that ends soon, or has ended, is made to last some days longer."""

from datetime import date, timedelta

from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.core.errors import Refused
from portal.domain.dates import full
from portal.domain.standards import Standard
from portal.domain.viewer import Viewer
from portal.facts import practice
from portal.models.people import AgreementExtension, SharingAgreement


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
