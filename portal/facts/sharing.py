"""Whether an organisation's people may see families today."""

from datetime import date

from sqlalchemy import and_, exists, or_, select
from sqlalchemy.sql.elements import ColumnElement

from portal.core import clock
from portal.core.db import db
from portal.models.people import Organisation, OrganisationKind, SharingAgreement, User


def is_live(today: date) -> ColumnElement[bool]:
    """The condition on Organisation: the council's own, or under an agreement that covers the day."""
    return or_(
        Organisation.kind == OrganisationKind.COUNCIL,
        exists().where(
            and_(
                SharingAgreement.organisation_id == Organisation.id,
                SharingAgreement.starts_on <= today,
                SharingAgreement.ends_on >= today,
            )
        ),
    )


def is_live_for_user(user_id: int) -> bool:
    """Whether an active user's organisation may see families today."""
    found = db.session.execute(
        select(User.id)
        .join(Organisation, Organisation.id == User.organisation_id)
        .where(User.id == user_id, User.active, is_live(clock.today()))
    ).first()
    return found is not None
