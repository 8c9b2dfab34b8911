"""What somebody types to write up a meeting, and what became of it."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.domain.meetings import MeetingState
from portal.domain.plans import ActionState
from portal.domain.step_downs import OutstandingState
from portal.models.handover import OutstandingAction
from portal.models.teamwork import Meeting, MeetingVoice, PlanAction
from tests.support.handovers import Handover
from tests.support.people import Council, Team
from tests.support.web import date_parts

VIEWS = "We want one person to ring."
DECISIONS = "Lena leads. Everybody knows what they do next."


def path(meeting: Meeting) -> str:
    return f"/meetings/{meeting.ref}/write-up"


def said(team: Team, **others: Any) -> dict[str, Any]:
    """What every write-up says: who came, and what was said. Everybody came but the partner, who sent apologies."""
    found: dict[str, Any] = {
        f"attendance-{team.lead.id}": "attended",
        f"attendance-{team.partner.id}": "apologies",
        f"attendance-{team.parent.id}": "attended",
        "family_views": VIEWS,
        "decisions": DECISIONS,
    }
    found[f"scale_worker-{team.need.id}"] = "4"
    for child in team.home.children:
        found[f"voice-{child.id}"] = f"{child.given_name} likes the new school"
    return {**found, **others}


def when_next(on: date | None = None, at: str = "15:30") -> dict[str, str]:
    return {**date_parts("on", on or clock.today() + timedelta(days=21)), "at": at, "place": "Family hub"}


def settled(handover: Handover) -> dict[str, Any]:
    """Carried to the lead, who came; completed; carried to somebody without a sign-in; dropped."""
    first, second, third, fourth = (each.id for each in handover.outstanding)
    return {
        f"outcome-{first}": "carried",
        f"owner-{first}": str(handover.team.lead.id),
        f"due-{first}": "one_week",
        f"outcome-{second}": "completed",
        f"evidence-{second}": "The surgery has it",
        f"outcome-{third}": "carried",
        f"owner-{third}": str(handover.outside.id),
        f"due-{third}": "next_meeting",
        f"outcome-{fourth}": "dropped",
        f"drop_reason-{fourth}": "The grant was paid out",
    }


def whole(handover: Handover, **others: Any) -> dict[str, Any]:
    return {
        **said(handover.team),
        f"attendance-{handover.outside.id}": "absent",
        **settled(handover),
        **when_next(),
        **others,
    }


def state_of(council: Council, meeting: Meeting) -> MeetingState:
    with council.behind_the_scenes():
        return db.session.get_one(Meeting, meeting.id).state


def actions_of(council: Council, handover: Handover) -> list[PlanAction]:
    with council.behind_the_scenes():
        return list(
            db.session.scalars(
                select(PlanAction).where(PlanAction.family_id == handover.family.id).order_by(PlanAction.id)
            )
        )


def untouched(council: Council, handover: Handover, meeting: Meeting) -> bool:
    """Nothing at all was stored."""
    with council.behind_the_scenes():
        open_ = db.session.scalars(
            select(OutstandingAction.id).where(OutstandingAction.state == OutstandingState.OUTSTANDING)
        ).all()
        voices = db.session.scalars(select(MeetingVoice.id)).all()
        meetings = db.session.scalars(select(Meeting.id)).all()
    return (
        state_of(council, meeting) is MeetingState.ARRANGED
        and len(open_) == len(handover.outstanding)
        and not voices
        and len(meetings) == 1
        and not actions_of(council, handover)
    )


def done(council: Council, team: Team, what: str = "Call the landlord", on: date | None = None) -> PlanAction:
    """By the partner, who owned it."""
    today = clock.today()
    with council.behind_the_scenes():
        action = PlanAction(
            family_id=team.family.id,
            episode_id=team.episode.id,
            plan_need_id=team.need.id,
            what=what,
            state=ActionState.DONE,
            owner_id=team.partner.id,
            due_on=today,
            first_due_on=today,
            asked_by_name=council.lead.name,
            proposed_at=clock.now(),
            done_on=on or today,
            done_by_id=council.partner.id,
        )
        db.session.add(action)
        db.session.flush()
    return action
