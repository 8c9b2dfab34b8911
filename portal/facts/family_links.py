"""What a family's link leads to: one question about one support, and nothing else of the family."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import exists, func, select

from portal.core import clock
from portal.core.db import db
from portal.domain.support import OPEN_REFERRALS
from portal.models.asking import FamilyLink, FamilyQuestion
from portal.models.families import KeepApart, Person, SafeContact
from portal.models.following import SupportReferral
from portal.policies.scope import unscoped


@dataclass(frozen=True)
class Asked:
    """All that the page behind a link may know. `label`: what the person wanted the support to be called."""

    question_id: int
    family_id: int
    referral_id: int
    given_on: date
    label: str | None
    expires_at: datetime

    @property
    def ref(self) -> str:
        return f"{FamilyQuestion.ref_prefix}-{self.question_id}"


def hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def behind(token: str) -> Asked | None:
    """The question that this link asks. None where it is unknown, altered, expired or was stopped; where nothing is
    asked about this support any more; and where its person must not be asked by a link, as things are now."""
    apart = exists().where(KeepApart.family_id == FamilyQuestion.family_id, KeepApart.ended_on.is_(None))
    with unscoped("a family's link"):
        row = db.session.execute(
            select(
                FamilyQuestion.id,
                FamilyQuestion.family_id,
                FamilyQuestion.expires_at,
                SupportReferral.id.label("referral_id"),
                SupportReferral.given_on,
                SupportReferral.label,
            )
            .join(FamilyLink, FamilyLink.question_id == FamilyQuestion.id)
            .join(SupportReferral, SupportReferral.id == FamilyQuestion.referral_id)
            .join(Person, Person.id == FamilyQuestion.person_id)
            .outerjoin(SafeContact, SafeContact.person_id == Person.id)
            .where(
                FamilyLink.token_hash == hashed(token),
                FamilyQuestion.ended_at.is_(None),
                FamilyQuestion.expires_at > clock.now(),
                SupportReferral.state.in_(OPEN_REFERRALS),
                Person.died_on.is_(None),
                func.coalesce(SafeContact.never_contact, False).is_(False),
                FamilyQuestion.safe_because.is_not(None) | ~apart,
            )
        ).first()
    if row is None or row.expires_at is None:
        return None
    return Asked(row.id, row.family_id, row.referral_id, row.given_on, row.label, row.expires_at)
