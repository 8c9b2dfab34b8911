"""What waits while a family is handed over: the step-down, who holds and who leads, what still has to be there."""

from typing import Any

from sqlalchemy import Select, String, and_, case, func, literal, not_, or_, select
from sqlalchemy.orm import aliased

from portal.core import clock
from portal.core.db import UTCDateTime, when_run, written
from portal.domain.episodes import EpisodeState, Stage
from portal.domain.leads import LeadState
from portal.domain.meetings import STANDING, MeetingState
from portal.domain.plans import PlanState
from portal.domain.step_downs import OPEN, Destination, HolderAnswer, OutstandingState, StepDownState
from portal.domain.waiting import Wait
from portal.facts.open_things import goes_on
from portal.models.handover import Episode, LeadAssignment, OutstandingAction, StepDown, StepDownQuestion
from portal.models.people import Organisation, User
from portal.models.step_down_ends import HolderQuestion, StaysWithSocialCare
from portal.models.teamwork import ActionPlan, Meeting
from portal.queries.waiting_rows import (
    COORDINATORS,
    EARLY_HELP,
    MANAGERS,
    NO_ID,
    SOCIAL_CARE,
    SOCIAL_CARE_MANAGERS,
    Person,
    S,
    all_of,
    coordinating,
    day_of,
    is_led,
    leading,
    of_social_care,
    row,
    works_at,
)


def step_downs() -> list[Select[Any]]:
    worker = aliased(User)
    nobody = and_(S.nobody_holds_since.is_not(None), HolderQuestion.ended_on.is_(None))
    reopen = HolderQuestion.answer == HolderAnswer.REOPEN
    holder_due = func.coalesce(HolderQuestion.due_on, S.nobody_holds_since)
    question = StepDownQuestion
    staying = select(StaysWithSocialCare.id).where(
        StaysWithSocialCare.step_down_id == StepDown.id, StaysWithSocialCare.settled_on.is_(None)
    )
    return [
        row(
            case((reopen, Wait.REOPEN.value), else_=Wait.NAME_HOLDER.value),
            S.family_id,
            Person(
                case((reopen, SOCIAL_CARE_MANAGERS), else_=MANAGERS),
                NO_ID,
                case((reopen, SOCIAL_CARE), else_=EARLY_HELP),
            ),
            since=S.nobody_holds_since,
            due=holder_due,
        )
        .outerjoin(HolderQuestion, and_(HolderQuestion.family_id == S.family_id, HolderQuestion.ended_on.is_(None)))
        .where(nobody),
        row(
            Wait.ANSWER_STEP_DOWN,
            StepDown.id,
            all_of(COORDINATORS, EARLY_HELP),
            since=func.coalesce(day_of(StepDown.proposed_at), StepDown.decision_on),
            due=StepDown.decide_by,
        )
        .join(StepDown, StepDown.family_id == S.family_id)
        .where(StepDown.state == StepDownState.PROPOSED, ~staying.exists()),
        row(
            Wait.ANSWER_QUESTION,
            question.step_down_id,
            Person(question.asked_of_name, question.asked_of_id, literal(SOCIAL_CARE, String)),
            since=day_of(question.asked_at),
            due=question.due_on,
        )
        .join(question, question.family_id == S.family_id)
        .join(StepDown, StepDown.id == question.step_down_id)
        .where(question.answered_at.is_(None), StepDown.state == StepDownState.MORE_INFORMATION),
        row(
            Wait.SETTLE_DECLINE,
            StepDown.id,
            of_social_care(worker),
            since=day_of(StepDown.answered_at),
            due=StepDown.answer_decline_by,
        )
        .join(StepDown, StepDown.family_id == S.family_id)
        .join(worker, worker.id == StepDown.social_worker_id)
        .where(StepDown.state == StepDownState.DECLINED, StepDown.declined_then.is_(None)),
        row(
            Wait.CONFIRM_STAY,
            StaysWithSocialCare.step_down_id,
            all_of(SOCIAL_CARE_MANAGERS, SOCIAL_CARE),
            since=StaysWithSocialCare.asked_on,
            due=StaysWithSocialCare.asked_on,
        )
        .join(StaysWithSocialCare, StaysWithSocialCare.family_id == S.family_id)
        .where(StaysWithSocialCare.settled_on.is_(None)),
    ]


def leads() -> list[Select[Any]]:
    asked, coordinator = LeadAssignment, coordinating()
    nominee, works_for = aliased(User), aliased(Organisation)
    by = (
        select(func.min(StepDown.lead_by))
        .where(StepDown.family_id == S.family_id, StepDown.state.in_(OPEN))
        .scalar_subquery()
    )
    # Who did not answer in time still can, and the coordinator asks on.
    came_back, signs_in = asked.came_back_at.is_not(None), asked.user_id.is_not(None)
    answers = and_(signs_in, ~came_back)
    return [
        row(Wait.ASK_LEAD, S.family_id, coordinator, since=S.lead_missing_since, due=by).where(
            S.lead_wanted, S.lead_asked.is_(False), S.lead_name.is_(None), S.lead_missing_since.is_not(None)
        ),
        # Somebody without a sign-in answers whoever asks them.
        row(
            case((came_back, Wait.ASK_LEAD.value), (signs_in, Wait.ANSWER_LEAD.value), else_=Wait.RECORD_LEAD.value),
            asked.id,
            Person(
                case((answers, asked.name), else_=coordinator.name),
                case((answers, asked.user_id), else_=coordinator.id),
                case((answers, works_at(nominee, works_for)), else_=coordinator.organisation),
            ),
            since=day_of(func.coalesce(asked.came_back_at, asked.nominated_at)),
            due=asked.answer_by,
            text=asked.name,
        )
        .join(asked, asked.family_id == S.family_id)
        .outerjoin(nominee, nominee.id == asked.user_id)
        .outerjoin(works_for, works_for.id == nominee.organisation_id)
        .where(asked.state == written(LeadState.NOMINATED)),
    ]


def preparing() -> list[Select[Any]]:
    """What an accepted step-down still needs, of that which can be told without its gates; where all of it is there,
    its social worker looks at the gates and completes it."""
    worker, lead = aliased(User), leading()
    accepted = StepDown.state == StepDownState.ACCEPTED
    outstanding = and_(
        OutstandingAction.step_down_id == StepDown.id, OutstandingAction.state == OutstandingState.OUTSTANDING
    )
    standing = select(Meeting.id).where(
        Meeting.family_id == S.family_id, Meeting.is_step_down, Meeting.state.in_(STANDING)
    )
    held = select(Meeting.id).where(
        Meeting.family_id == S.family_id, Meeting.is_step_down, Meeting.state == MeetingState.HELD
    )
    meets_or_met = select(Meeting.id).where(
        Meeting.family_id == S.family_id, Meeting.state.in_(STANDING), goes_on(Meeting.episode_id)
    )
    left = select(OutstandingAction.id).where(outstanding)
    meets = StepDown.destination == Destination.TEAM
    # For children who go on, since the others were complete (facts/handovers.py).
    since = case(
        (StepDown.started_at > StepDown.answered_at, day_of(StepDown.started_at)), else_=day_of(StepDown.answered_at)
    )
    return [
        row(
            Wait.OUTSTANDING,
            OutstandingAction.id,
            lead,
            since=func.coalesce(since, StepDown.decision_on),
            due=StepDown.complete_by,
            text=OutstandingAction.what,
            other_id=StepDown.id,
        )
        .join(StepDown, StepDown.family_id == S.family_id)
        .join(OutstandingAction, outstanding)
        .where(accepted),
        row(
            Wait.ARRANGE_MEETING,
            StepDown.id,
            lead,
            since=func.coalesce(since, StepDown.decision_on),
            due=StepDown.meeting_by,
        )
        .join(StepDown, StepDown.family_id == S.family_id)
        .where(accepted, meets, is_led(), ~standing.exists()),
        row(
            Wait.COMPLETE,
            StepDown.id,
            of_social_care(worker),
            since=func.coalesce(since, StepDown.decision_on),
            due=StepDown.complete_by,
        )
        .join(StepDown, StepDown.family_id == S.family_id)
        .join(worker, worker.id == StepDown.social_worker_id)
        .where(accepted, ~left.exists(), S.lead_wanted.is_(False), or_(not_(meets), held.exists())),
        row(
            Wait.PUT_IN_FORCE,
            ActionPlan.id,
            lead,
            since=func.coalesce(Episode.active_on, Episode.opened_on),
        )
        .join(ActionPlan, ActionPlan.family_id == S.family_id)
        .join(Episode, Episode.id == ActionPlan.episode_id)
        .where(S.stage == Stage.ACTIVE, ActionPlan.number == 1, ActionPlan.state == written(PlanState.DRAFT)),
        row(
            Wait.WRITE_UP,
            Meeting.id,
            lead,
            since=day_of(Meeting.starts_at),
            due=day_of(Meeting.starts_at),
        )
        .join(Meeting, Meeting.family_id == S.family_id)
        .where(
            Meeting.state == MeetingState.ARRANGED, Meeting.starts_at < when_run("now_is", clock.now, UTCDateTime())
        ),
        # A family with a day by which it is reviewed, which has not met since that was set.
        row(Wait.ARRANGE_NEXT, Episode.id, lead, since=Episode.next_review_on, due=Episode.next_review_on)
        .join(Episode, Episode.family_id == S.family_id)
        .where(
            S.stage == Stage.ACTIVE,
            Episode.state == written(EpisodeState.ACTIVE),
            Episode.next_review_on.is_not(None),
            ~meets_or_met.where(
                or_(
                    Meeting.state == written(MeetingState.ARRANGED),
                    Episode.review_set_at.is_(None),
                    Meeting.starts_at > Episode.review_set_at,
                )
            )
            .correlate(S, Episode)
            .exists(),
        ),
    ]
