"""What waits while a family is helped: actions, support until it begins, checks that are due."""

from typing import Any

from sqlalchemy import Select, String, and_, case, cast, func, select
from sqlalchemy.orm import aliased

from portal.core.db import written
from portal.domain.event_kinds import E
from portal.domain.plans import UNSETTLED_ACTIONS, ActionState
from portal.domain.support import WAITING_REFERRALS, CheckStage, CheckState, ReferralState
from portal.domain.waiting import Wait
from portal.facts import seeking
from portal.facts.in_the_way import wanted_by
from portal.models.following import FollowUpCheck, SupportReferral
from portal.models.handover import StopRequest
from portal.models.people import Organisation, User
from portal.models.teamwork import PlanAction, TeamMember
from portal.queries.waiting_rows import (
    AS_WRITTEN,
    NO_DATE,
    NO_ID,
    NOT_KNOWN,
    Person,
    S,
    came_on,
    day_of,
    following,
    leading,
    row,
    social_worker,
    works_at,
)


def plans() -> list[Select[Any]]:
    owner, lead = aliased(TeamMember), leading()
    owns, works_for = aliased(User), aliased(Organisation)
    blocked = PlanAction.state == ActionState.BLOCKED
    back = PlanAction.state == ActionState.HANDED_BACK
    member = func.coalesce(owner.organisation, NOT_KNOWN)
    of_owner = case((owner.user_id.is_not(None), works_at(owns, works_for)), else_=member)
    return [
        row(
            case((blocked, Wait.BLOCKED.value), (back, Wait.HANDED_BACK.value), else_=Wait.ACTION.value),
            PlanAction.id,
            Person(
                case((back, lead.name), (blocked, PlanAction.waiting_on), else_=owner.name),
                case((back, lead.id), else_=owner.user_id),
                case((back, lead.organisation), (blocked, AS_WRITTEN), else_=of_owner),
            ),
            since=case(
                (blocked, func.coalesce(came_on(E.ACTION_BLOCKED, "A-", PlanAction.id), PlanAction.due_on)),
                else_=PlanAction.due_on,
            ),
            due=wanted_by(),
            # What is in its way is somebody else's; who looks at it again stands beside it.
            text=case((blocked, PlanAction.what + " (" + owner.name + ")"), else_=PlanAction.what),
        )
        .join(PlanAction, PlanAction.family_id == S.family_id)
        .join(owner, owner.id == PlanAction.owner_id)
        .outerjoin(owns, owns.id == owner.user_id)
        .outerjoin(works_for, works_for.id == owns.organisation_id)
        .where(PlanAction.revision_id.is_(None), PlanAction.state.in_(UNSETTLED_ACTIONS)),
        row(
            Wait.STOP_ASKED,
            StopRequest.id,
            lead,
            since=StopRequest.asked_on,
            due=StopRequest.asked_on,
            text=StopRequest.name,
        )
        .join(StopRequest, StopRequest.family_id == S.family_id)
        .where(StopRequest.settled_on.is_(None)),
    ]


def support() -> list[Select[Any]]:
    referral, check = SupportReferral, FollowUpCheck
    asks, asks_from, lead = aliased(User), aliased(Organisation), leading()
    state = referral.state
    said_no, given = referral.declined_on.is_not(None), state == ReferralState.INFORMATION_GIVEN
    service = func.coalesce(referral.service_organisation, referral.service_name)
    return [
        row(
            case((said_no, Wait.SAID_NO.value), else_=cast(state, String)),
            referral.id,
            Person(
                case((said_no, lead.name), (given, func.coalesce(asks.name, lead.name)), else_=service),
                case((said_no, lead.id), (given, func.coalesce(asks.id, lead.id)), else_=NO_ID),
                case((said_no, lead.organisation), (given, works_at(asks, asks_from)), else_=service),
            ),
            since=case(
                (said_no, referral.declined_on),
                # Until the day to which asking about it is put off, nothing waits.
                (given, func.coalesce(_put_off_until(), referral.given_on)),
                # The place on the list, and the first day, may have been put off since.
                (
                    state == ReferralState.WAITING_LIST,
                    func.coalesce(came_on(E.REFERRAL_WAITING_LIST, "R-", referral.id), referral.state_on),
                ),
                (
                    state == ReferralState.BOOKED,
                    func.coalesce(came_on(E.REFERRAL_BOOKED, "R-", referral.id), referral.state_on),
                ),
                else_=func.coalesce(referral.state_on, referral.sent_on, referral.given_on),
            ),
            due=case((said_no, referral.declined_on), else_=NO_DATE),
            text=referral.service_name,
        )
        .join(referral, referral.family_id == S.family_id)
        .outerjoin(
            check,
            and_(
                check.referral_id == referral.id,
                check.state == written(CheckState.DUE),
                check.stage == CheckStage.SIGNPOSTED,
                given,
            ),
        )
        .outerjoin(asks, asks.id == check.owner_id)
        .outerjoin(asks_from, asks_from.id == asks.organisation_id)
        .where(state.in_(WAITING_REFERRALS)),
        _instead(),
        *_checks(),
    ]


def _put_off_until() -> Any:
    """NULL where the support is asked about as it always is."""
    check = aliased(FollowUpCheck)
    return (
        select(func.max(check.waived_until))
        .where(
            check.family_id == SupportReferral.family_id,
            check.referral_id == SupportReferral.id,
            check.state == written(CheckState.WAIVED),
        )
        .correlate(SupportReferral)
        .scalar_subquery()
    )


def _instead() -> Select[Any]:
    """Another service to suggest, which waits on whoever follows the family."""
    worker = aliased(User)
    return (
        row(
            Wait.INSTEAD,
            SupportReferral.id,
            following(worker),
            since=day_of(SupportReferral.ended_at),
            due=SupportReferral.instead_by,
            text=SupportReferral.service_name,
        )
        .join(SupportReferral, SupportReferral.family_id == S.family_id)
        .outerjoin(worker, worker.id == social_worker())
        .where(seeking.is_sought())
    )


def _checks() -> list[Select[Any]]:
    owner, works_for = aliased(User), aliased(Organisation)
    kinds = [
        (FollowUpCheck.stage == CheckStage.CALL_BACK, Wait.CALL_BACK.value),
        (FollowUpCheck.stage == CheckStage.AFTER_NO, Wait.CHECK_AFTER_NO.value),
        (FollowUpCheck.stage == CheckStage.AFTER_UNIVERSAL, Wait.CHECK_AFTER_UNIVERSAL.value),
    ]
    return [
        row(
            case(*kinds, else_=Wait.CHECK.value),
            FollowUpCheck.id,
            Person(owner.name, owner.id, works_at(owner, works_for)),
            since=FollowUpCheck.due_on,
            due=FollowUpCheck.due_on,
            text=SupportReferral.service_name,
        )
        .join(FollowUpCheck, FollowUpCheck.family_id == S.family_id)
        .join(owner, owner.id == FollowUpCheck.owner_id)
        .join(works_for, works_for.id == owner.organisation_id)
        .outerjoin(SupportReferral, SupportReferral.id == FollowUpCheck.referral_id)
        .where(FollowUpCheck.state == written(CheckState.DUE))
    ]
