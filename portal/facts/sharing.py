"""Whether an organisation's people may see families today, and until when."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import BindParameter, and_, exists, or_, select
from sqlalchemy.sql.elements import ColumnElement

from portal.core import clock
from portal.core.db import db
from portal.domain.leads import LeadState
from portal.domain.sharing import Standing, Warn, standing
from portal.domain.standards import Standard
from portal.facts import practice
from portal.models.handover import LeadAssignment
from portal.models.people import Organisation, OrganisationKind, SharingAgreement, User


def is_live(today: date | BindParameter[date]) -> ColumnElement[bool]:
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


def is_live_by_name(organisation: str | None) -> bool:
    """Whether the organisation of that name may be told of families today. One that the portal does not know sees
    nothing here, and is not judged."""
    known = db.session.execute(select(Organisation.id).where(Organisation.name == organisation)).first()
    if organisation is None or known is None:
        return True
    shares = select(Organisation.id).where(Organisation.name == organisation, is_live(clock.today()))
    return db.session.execute(shares).first() is not None


def is_live_for_user(user_id: int) -> bool:
    """Whether an active user's organisation may see families today."""
    found = db.session.execute(
        select(User.id)
        .join(Organisation, Organisation.id == User.organisation_id)
        .where(User.id == user_id, User.active, is_live(clock.today()))
    ).first()
    return found is not None


def standings(organisation_ids: Collection[int] | None = None) -> dict[int, Standing]:
    """How each of these organisations stands today, else every one; in one statement."""
    today = clock.today()
    statement = (
        select(
            Organisation.id,
            Organisation.name,
            Organisation.kind,
            SharingAgreement.starts_on,
            SharingAgreement.ends_on,
            practice.own_amount(Standard.SHARING_WARNED).label("first"),
            practice.own_amount(Standard.SHARING_WARNED_AGAIN).label("again"),
        )
        .outerjoin(SharingAgreement, SharingAgreement.organisation_id == Organisation.id)
        .order_by(Organisation.name, Organisation.id)
    )
    if organisation_ids is not None:
        statement = statement.where(Organisation.id.in_(organisation_ids))
    by_organisation: dict[int, list[Any]] = {}
    for row in db.session.execute(statement):
        by_organisation.setdefault(row.id, []).append(row)
    return {id_: _standing(rows, today) for id_, rows in by_organisation.items()}


def _standing(rows: list[Any], today: date) -> Standing:
    first = rows[0]
    if first.kind is OrganisationKind.COUNCIL:
        return Standing(first.name, Warn.NOT_YET, None)
    spans = [(row.starts_on, row.ends_on) for row in rows if row.starts_on]
    return standing(first.name, spans, today, first=first.first, again=first.again)


CANNOT_SEE = "Lead can’t see this family"


@dataclass(frozen=True)
class LeadSees:
    """Whether who leads can see the family, and until when. `words` is empty while there is nothing to say."""

    sees: bool
    words: str


def of_lead(family_id: int) -> LeadSees | None:
    """Of the accepted lead; None where there is none. Two statements, one where there is none."""
    row = db.session.execute(
        select(User.active, User.organisation_id)
        .join(LeadAssignment, LeadAssignment.user_id == User.id)
        .where(LeadAssignment.family_id == family_id, LeadAssignment.state == LeadState.ACCEPTED)
    ).first()
    if row is None:
        return None
    return lead_sees(standings([row.organisation_id])[row.organisation_id], active=row.active)


def lead_sees(of: Standing, *, active: bool) -> LeadSees:
    """The same, from what was already read of the lead's organisation and account."""
    if not active:
        return LeadSees(False, f"{CANNOT_SEE}: their account is closed")
    if of.warn is Warn.ENDED:
        return LeadSees(False, f"{CANNOT_SEE}: {_lower(of)}")
    return LeadSees(True, of.words)


def _lower(of: Standing) -> str:
    return of.words if of.ends_on is None else of.words[:1].lower() + of.words[1:]


def led_by_nobody_who_sees(family_id: Any, today: date) -> ColumnElement[bool]:
    """The condition on a family: somebody leads it, whose account is closed or whose organisation has no agreement
    today."""
    return (
        select(LeadAssignment.id)
        .join(User, User.id == LeadAssignment.user_id)
        .join(Organisation, Organisation.id == User.organisation_id)
        .where(
            LeadAssignment.family_id == family_id,
            LeadAssignment.state == LeadState.ACCEPTED,
            ~and_(User.active, is_live(today)),
        )
        .exists()
    )
