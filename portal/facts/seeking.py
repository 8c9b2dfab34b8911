"""Support that did not start, for whose need another service is still to be suggested."""

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import aliased
from sqlalchemy.sql.elements import ColumnElement

from portal.core.db import db, written
from portal.domain.plans import NeedState
from portal.domain.support import NeedNow, ReferralState
from portal.models.following import SupportReferral
from portal.models.teamwork import PlanNeed

_later = aliased(SupportReferral)


def is_sought() -> ColumnElement[bool]:
    """The condition on a referral: until another one names it, it is said what happens instead, or its need of the
    plan has ended."""
    replaced = select(_later.id).where(
        _later.family_id == SupportReferral.family_id, _later.instead_of_id == SupportReferral.id
    )
    still_open = select(PlanNeed.id).where(
        PlanNeed.id == SupportReferral.plan_need_id, PlanNeed.state == written(NeedState.OPEN)
    )
    return and_(
        SupportReferral.state == written(ReferralState.NOT_STARTED),
        SupportReferral.need_now == written(NeedNow.ANOTHER_SERVICE),
        ~replaced.correlate(SupportReferral).exists(),
        or_(SupportReferral.plan_need_id.is_(None), still_open.correlate(SupportReferral).exists()),
    )


def is_sought_for(referral: SupportReferral) -> bool:
    """Of one referral."""
    found = select(SupportReferral.id).where(SupportReferral.id == referral.id, is_sought())
    return db.session.execute(found).first() is not None
