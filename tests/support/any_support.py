"""What must hold of support and its checks at every moment, whoever moved what."""

from collections import Counter, defaultdict
from datetime import date

from portal.domain.plans import NeedState
from portal.domain.support import OPEN_REFERRALS, STANDING_CHECKS, CheckStage, CheckState, NeedNow, ReferralState
from portal.models.families import Family
from portal.models.following import FollowUpCheck, SupportReferral
from portal.models.record import Event, FamilySummary
from portal.models.teamwork import PlanNeed
from tests.support.any_moves import Picture

REALLY_BEGAN = (ReferralState.STARTED, ReferralState.ENDED)
OVER = (ReferralState.NOT_STARTED, ReferralState.ENDED)


def demand_followed(picture: Picture) -> None:
    """Every support that is not over is asked about by one check, which is due or put off until a day; besides it, at
    most somebody rings the family. What is over is not asked about any more."""
    standing: defaultdict[int | None, list[FollowUpCheck]] = defaultdict(list)
    for check in picture.rows[FollowUpCheck]:
        if check.state in STANDING_CHECKS:
            standing[check.referral_id].append(check)
            assert check.state is CheckState.DUE or check.waived_until is not None, check.ref
    for referral in picture.rows[SupportReferral]:
        asked = standing[referral.id]
        if referral.state not in OPEN_REFERRALS:
            assert not asked, f"{referral.ref} is {referral.state}, and {[check.ref for check in asked]} stand"
            continue
        assert asked, f"{referral.ref} is {referral.state}, and nobody is due to ask"
        kinds = Counter(check.stage is CheckStage.CALL_BACK for check in asked)
        assert max(kinds.values()) == 1, f"{referral.ref} is asked about twice: {[check.ref for check in asked]}"


def demand_honest(picture: Picture, summaries: list[FamilySummary], today: date) -> None:
    """What counts as begun has begun: on a day that is not ahead, as somebody said, in a line of its own. Nothing that
    was only suggested, sent or accepted is among it."""
    told = {event.subject for event in picture.rows[Event] if event.kind == "referral.started"}
    for referral in picture.rows[SupportReferral]:
        began = referral.state in REALLY_BEGAN
        assert began == (referral.ref in told), f"{referral.ref} is {referral.state}"
        assert began == (referral.started_on is not None), f"{referral.ref} is {referral.state}"
        assert not began or (referral.started_on <= today and referral.started_source is not None), referral.ref
    counted = {row.family_id: row for row in summaries}
    for family in picture.rows[Family]:
        support = picture.of(SupportReferral, family_id=family.id)
        row = counted[family.id]
        assert row.supports == len(support)
        assert row.supports_started == sum(referral.ref in told for referral in support)
        assert row.unfollowed == 0, family.ref
        assert row.open or not any(_is_owed(referral, support, picture) for referral in support), family.ref


def _is_owed(referral: SupportReferral, support: list[SupportReferral], picture: Picture) -> bool:
    """Whether another service is still to be suggested."""
    if referral.state is not ReferralState.NOT_STARTED or referral.need_now is not NeedNow.ANOTHER_SERVICE:
        return False
    need = next((need for need in picture.rows[PlanNeed] if need.id == referral.plan_need_id), None)
    named = any(later.instead_of_id == referral.id for later in support)
    return not named and (need is None or need.state is NeedState.OPEN)


def demand_nothing_over(before: Picture, after: Picture) -> None:
    """By an answer of the family alone no support comes to an end."""
    was = {referral.id: referral.state for referral in before.rows[SupportReferral]}
    over = {referral.id for referral in after.rows[SupportReferral] if referral.state in OVER}
    assert {id_ for id_ in over if was[id_] not in OVER} == set()
