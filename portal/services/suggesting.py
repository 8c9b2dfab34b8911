"""Support suggested to a family that somebody found by a recorded look-up and need not reach."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from portal.core.db import db
from portal.domain.permissions import P
from portal.domain.viewer import Viewer
from portal.models.families import Family
from portal.models.following import FollowUpCheck, SupportReferral
from portal.policies import rules
from portal.policies.scope import unscoped
from portal.services import look_ups, referrals, summary, support_sending


def signpost_found(
    look_up_id: int, *, by: Viewer, sent: Mapping[str, Any] | None = None, **what: Any
) -> tuple[SupportReferral, FollowUpCheck]:
    """The same as referrals.signpost, of the family that this person has just looked up; and as support_sending.send,
    where it is `sent` as well. Raises Refused where the look-up was too long ago, or was not theirs."""
    rules.demand(by, P.REFERRAL_SUGGEST)
    family_id = look_ups.usable(look_up_id, by)
    summary.lock(family_id)
    with unscoped("a family found by a recorded look-up"):
        family = db.session.execute(select(Family).where(Family.id == family_id).with_for_update()).scalar_one()
        referral, check = referrals.signpost(family, by=by, **what)
        if sent is not None:
            check = support_sending.send(referral, by=by, follows=True, **sent)
        return referral, check
