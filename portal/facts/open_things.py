"""Everything still open for one family, in one statement: what lists, the next step and the summary rest on."""

from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    CompoundSelect,
    Date,
    Integer,
    Select,
    String,
    and_,
    bindparam,
    case,
    cast,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import aliased
from sqlalchemy.sql.elements import ColumnElement

from portal.core.db import UTCDateTime, db, written, written_all
from portal.core.kept import kept
from portal.domain.episodes import OPEN_EPISODES, EpisodeState
from portal.domain.following import BEFORE_IT_STARTS
from portal.domain.leads import LeadState
from portal.domain.meetings import STANDING
from portal.domain.plans import UNSETTLED_ACTIONS
from portal.domain.step_downs import OPEN, Gate, StepDownState
from portal.domain.support import STANDING_CHECKS, CheckState
from portal.facts import seeking, unsettled
from portal.facts.in_the_way import wanted_by
from portal.models.deciding import JointDecision
from portal.models.families import ConfidentialAddress, CoordinatorAssignment, Family
from portal.models.following import FollowUpCheck, SupportReferral
from portal.models.handover import (
    Episode,
    LeadAssignment,
    LeadDecision,
    OutstandingAction,
    StepDown,
    StepDownNeed,
    StepDownQuestion,
    StopRequest,
)
from portal.models.people import User
from portal.models.record import Event
from portal.models.step_down_ends import HolderQuestion, StaysWithSocialCare
from portal.models.teamwork import ActionPlan, Meeting, PlanAction, TeamMember
from portal.policies.scope import unscoped


class OpenThing(NamedTuple):
    """One row: what it is, its state, a date, whom it waits on."""

    kind: str
    id: int
    state: str
    on: date | None
    who: str | None
    who_id: int | None
    text: str | None
    other_on: date | None
    at: datetime | None


# Instead of the stage of a check.
SAID_NO = "service said no"
_NO_DATE = cast(null(), Date)
_NO_TEXT = cast(null(), String)
_NO_ID = cast(null(), Integer)
_NO_TIME = cast(null(), UTCDateTime())


def of_family(family_id: int) -> list[OpenThing]:
    """Rows in no particular order. Read past the seat-belt: a narrow viewer must not write a wrong count."""
    with unscoped("recount"):
        return [OpenThing._make(row) for row in db.session.execute(_statement(), {"family": family_id})]


@kept
def _statement() -> CompoundSelect[Any]:
    family_id = bindparam("family", type_=Integer)
    owner = aliased(TeamMember)
    parts = [
        _row("event", func.coalesce(func.max(Event.id), 0), at=func.max(Event.recorded_at)).where(
            Event.family_id == family_id
        ),
        _row("family", Family.id, who=User.name, who_id=User.id, on=Family.social_work_closed_on)
        .outerjoin(User, User.id == Family.social_worker_id)
        .where(Family.id == family_id),
        # Whose address is confidential, never the address: a page must know what to keep back.
        _row("confidential", ConfidentialAddress.id, who_id=ConfidentialAddress.person_id).where(
            ConfidentialAddress.family_id == family_id
        ),
        _row("coordinator", CoordinatorAssignment.id, who=User.name, who_id=User.id)
        .join(User, User.id == CoordinatorAssignment.user_id)
        .where(CoordinatorAssignment.family_id == family_id, CoordinatorAssignment.to_on.is_(None)),
        # `on`: since when, where that is known; `other_on`: by when the next review is, `at`: when that was set;
        # `who_id` 1: the family was brought in.
        _row(
            "episode",
            Episode.id,
            Episode.state,
            on=case((Episode.start_known, Episode.opened_on), else_=_NO_DATE),
            who_id=case((Episode.brought_in, 1), else_=0),
            text=cast(Episode.lead_needed, String),
            other_on=Episode.next_review_on,
            at=Episode.review_set_at,
        ).where(Episode.family_id == family_id, Episode.state.in_(written_all(OPEN_EPISODES))),
        _row("plan", ActionPlan.id, ActionPlan.state)
        .join(Episode, Episode.id == ActionPlan.episode_id)
        .where(
            ActionPlan.family_id == family_id, ActionPlan.number == 1, Episode.state.in_(written_all(OPEN_EPISODES))
        ),
        # Since when there could have been a lead.
        _row("lead_needed", Episode.id, on=Episode.opened_on).where(
            Episode.family_id == family_id, Episode.state.in_(written_all(OPEN_EPISODES))
        ),
        _row(
            "step_down",
            StepDown.id,
            StepDown.state,
            on=func.coalesce(StepDown.complete_by, StepDown.decision_on),
            who=User.name,
            who_id=User.id,
            text=cast(StepDown.destination, String),
            other_on=StepDown.social_work_closed_on,
        )
        .join(User, User.id == StepDown.social_worker_id)
        .where(StepDown.family_id == family_id, StepDown.state.in_(OPEN)),
        _row(
            "step_down_decide", StepDown.id, StepDown.state, on=StepDown.decide_by, other_on=StepDown.meeting_by
        ).where(StepDown.family_id == family_id, StepDown.state.in_(OPEN)),
        _row("step_down_lead", StepDown.id, StepDown.state, on=StepDown.lead_by).where(
            StepDown.family_id == family_id, StepDown.state.in_(OPEN)
        ),
        # What is still to be settled before an accepted step-down can be complete, by gate.
        _row("outstanding", StepDown.id)
        .join(OutstandingAction, OutstandingAction.step_down_id == StepDown.id)
        .outerjoin(PlanAction, PlanAction.id == OutstandingAction.plan_action_id)
        .where(StepDown.family_id == family_id, _accepted(), unsettled.outstanding()),
        _row("need_left", StepDown.id)
        .join(StepDownNeed, StepDownNeed.step_down_id == StepDown.id)
        .where(StepDown.family_id == family_id, _accepted(), unsettled.need(), ~_waived(Gate.NEEDS)),
        _row(
            "holder",
            HolderQuestion.id,
            HolderQuestion.answer,
            on=HolderQuestion.due_on,
            who=HolderQuestion.holder_name,
            who_id=HolderQuestion.holder_id,
        ).where(HolderQuestion.family_id == family_id, HolderQuestion.ended_on.is_(None)),
        _row("stay", StaysWithSocialCare.step_down_id, on=StaysWithSocialCare.asked_on).where(
            StaysWithSocialCare.family_id == family_id, StaysWithSocialCare.settled_on.is_(None)
        ),
        _row(
            "question",
            StepDownQuestion.step_down_id,
            on=StepDownQuestion.due_on,
            who=StepDownQuestion.asked_of_name,
            who_id=StepDownQuestion.asked_of_id,
        )
        .join(StepDown, StepDown.id == StepDownQuestion.step_down_id)
        .where(
            StepDownQuestion.family_id == family_id,
            StepDownQuestion.answered_at.is_(None),
            StepDown.state == StepDownState.MORE_INFORMATION,
        ),
        _row(
            "declined",
            StepDown.id,
            StepDown.state,
            on=StepDown.answer_decline_by,
            who=User.name,
            who_id=User.id,
            other_on=StepDown.social_work_closed_on,
        )
        .join(User, User.id == StepDown.social_worker_id)
        .where(
            StepDown.family_id == family_id,
            StepDown.state == StepDownState.DECLINED,
            StepDown.declined_then.is_(None),
        ),
        # Those who led or said no too: how long there was nobody, and how many were asked in vain.
        _row(
            "lead",
            LeadAssignment.id,
            LeadAssignment.state,
            on=LeadAssignment.answer_by,
            who=LeadAssignment.name,
            who_id=LeadAssignment.user_id,
            text=cast(LeadAssignment.end_code, String),
            other_on=LeadAssignment.ended_on,
            at=LeadAssignment.came_back_at,
        ).where(LeadAssignment.family_id == family_id, LeadAssignment.state != written(LeadState.WITHDRAWN)),
        _row(
            "lead_decision", LeadDecision.id, on=LeadDecision.decided_on, text=cast(LeadDecision.decision, String)
        ).where(LeadDecision.family_id == family_id),
        _row("meeting", Meeting.id, Meeting.state, at=Meeting.starts_at, text=_kinds(), on=Meeting.held_on).where(
            Meeting.family_id == family_id, Meeting.state.in_(STANDING), goes_on(Meeting.episode_id)
        ),
        _row(
            "action",
            PlanAction.id,
            PlanAction.state,
            on=wanted_by(),
            who=owner.name,
            who_id=owner.user_id,
            text=PlanAction.what,
        )
        .join(owner, owner.id == PlanAction.owner_id)
        .where(
            PlanAction.family_id == family_id,
            PlanAction.revision_id.is_(None),
            PlanAction.state.in_(UNSETTLED_ACTIONS),
            goes_on(PlanAction.episode_id),
        ),
        _row("stop", StopRequest.id, on=StopRequest.asked_on, text=StopRequest.name).where(
            StopRequest.family_id == family_id, StopRequest.settled_on.is_(None)
        ),
        # `who_id`: the check that asks about it, due or put off; none where nobody is going to ask.
        _row(
            "referral", SupportReferral.id, SupportReferral.state, on=SupportReferral.started_on, who_id=_asked_by()
        ).where(SupportReferral.family_id == family_id),
        # Another service is to be suggested for its need.
        _row("instead", SupportReferral.id, on=SupportReferral.instead_by, text=SupportReferral.service_name).where(
            SupportReferral.family_id == family_id, seeking.is_sought()
        ),
        # `other_on`: until when it is put off.
        _row(
            "check",
            FollowUpCheck.id,
            case((_said_no(), SAID_NO), else_=cast(FollowUpCheck.stage, String)),
            on=case((_put_off(), FollowUpCheck.waived_until), else_=FollowUpCheck.due_on),
            other_on=case((_put_off(), FollowUpCheck.waived_until), else_=_NO_DATE),
            who=User.name,
            who_id=User.id,
            text=SupportReferral.service_name,
        )
        .join(User, User.id == FollowUpCheck.owner_id)
        .outerjoin(SupportReferral, SupportReferral.id == FollowUpCheck.referral_id)
        .where(FollowUpCheck.family_id == family_id, FollowUpCheck.state.in_(written_all(STANDING_CHECKS))),
    ]
    return union_all(*parts)


def _said_no() -> ColumnElement[bool]:
    """Whether the service said no, and the check asks what happens now."""
    return and_(SupportReferral.declined_on.is_not(None), FollowUpCheck.stage.in_(written_all(BEFORE_IT_STARTS)))


def _put_off() -> ColumnElement[bool]:
    return FollowUpCheck.state == written(CheckState.WAIVED)


def _accepted() -> ColumnElement[bool]:
    return StepDown.state == written(StepDownState.ACCEPTED)


def _waived(gate: Gate) -> ColumnElement[bool]:
    """Both managers agreed to go on without it, for whatever time."""
    agreed = select(JointDecision.id).where(
        JointDecision.step_down_id == StepDown.id,
        JointDecision.gate == literal(int(gate), Integer, literal_execute=True),
        JointDecision.agreed_at.is_not(None),
        JointDecision.ended_at.is_(None),
    )
    return agreed.correlate(StepDown).exists()


def goes_on(episode_id: Any) -> ColumnElement[bool]:
    """What belongs to early help that never began waits for nobody."""
    ended = select(Episode.id).where(Episode.state == written(EpisodeState.ENDED_BEFORE_START))
    return or_(episode_id.is_(None), episode_id.not_in(ended))


def _asked_by() -> ColumnElement[int | None]:
    return (
        select(func.min(FollowUpCheck.id))
        .where(FollowUpCheck.referral_id == SupportReferral.id, FollowUpCheck.state.in_(STANDING_CHECKS))
        .scalar_subquery()
    )


def _kinds() -> ColumnElement[str]:
    """Three digits: step-down, first team, review."""
    flags = [
        cast(cast(flag, Integer), String) for flag in (Meeting.is_step_down, Meeting.is_first_team, Meeting.is_review)
    ]
    return flags[0] + flags[1] + flags[2]


def _row(
    kind: str,
    id_: Any,
    state: Any = _NO_TEXT,
    *,
    on: Any = _NO_DATE,
    who: Any = _NO_TEXT,
    who_id: Any = _NO_ID,
    text: Any = _NO_TEXT,
    other_on: Any = _NO_DATE,
    at: Any = _NO_TIME,
) -> Select[Any]:
    return select(
        literal(kind, String).label("kind"),
        id_.label("id"),
        cast(state, String).label("state"),
        on.label("on_date"),
        who.label("who"),
        who_id.label("who_id"),
        text.label("text"),
        other_on.label("other_on"),
        at.label("at_time"),
    )
