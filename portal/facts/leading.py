"""Who leads a family, who was asked, who covers, and whom news for the lead reaches."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import BindParameter, Select, and_, or_, select

from portal.core.db import db, written
from portal.domain.leads import LeadState
from portal.models.handover import LeadAssignment, LeadCover
from portal.models.teamwork import TeamMember


@dataclass(frozen=True)
class Leading:
    """One assignment that stands; `accepted` is false while the question is open. Who has no sign-in is a member of
    the team instead. `leaving`: leads until somebody else has accepted."""

    assignment_id: int
    step_down_id: int | None
    user_id: int | None
    member_id: int | None
    name: str
    accepted: bool
    answer_by: date
    until_on: date | None
    leaving: bool

    @property
    def may_be_followed(self) -> bool:
        """Whether somebody else can be asked while this person leads."""
        return self.leaving or self.until_on is not None


@dataclass(frozen=True)
class Standing:
    """Who leads and who was asked: nobody, one of them, or a lead and the successor who has not answered yet."""

    lead: Leading | None
    asked: Leading | None

    @property
    def current(self) -> Leading | None:
        return self.lead or self.asked

    @property
    def may_ask(self) -> bool:
        return self.asked is None and (self.lead is None or self.lead.may_be_followed)


def standing(family_id: int) -> Standing:
    """One statement."""
    rows = db.session.execute(
        select(
            LeadAssignment.id,
            LeadAssignment.step_down_id,
            LeadAssignment.user_id,
            LeadAssignment.member_id,
            LeadAssignment.name,
            LeadAssignment.state,
            LeadAssignment.answer_by,
            LeadAssignment.until_on,
            LeadAssignment.end_code,
        )
        .where(
            LeadAssignment.family_id == family_id,
            LeadAssignment.state.in_([LeadState.NOMINATED, LeadState.ACCEPTED]),
        )
        .order_by(LeadAssignment.id)
    ).all()
    found = [
        Leading(
            assignment_id=row.id,
            step_down_id=row.step_down_id,
            user_id=row.user_id,
            member_id=row.member_id,
            name=row.name,
            accepted=row.state is LeadState.ACCEPTED,
            answer_by=row.answer_by,
            until_on=row.until_on,
            leaving=row.end_code is not None,
        )
        for row in rows
    ]
    return Standing(
        lead=next((each for each in found if each.accepted), None),
        asked=next((each for each in found if not each.accepted), None),
    )


def current(family_id: int) -> Leading | None:
    """Who leads; else who was asked; else nobody."""
    return standing(family_id).current


def organisation_of(assignment: LeadAssignment) -> str | None:
    """The organisation of a lead without a sign-in, as the team knows it."""
    return db.session.scalars(select(TeamMember.organisation).where(TeamMember.id == assignment.member_id)).first()


def covers_on(day: date | BindParameter[date]) -> Any:
    """The condition on LeadCover under which it holds on a day."""
    return and_(LeadCover.withdrawn_at.is_(None), LeadCover.from_on <= day, LeadCover.to_on >= day)


def led_by(user_id: int, day: date) -> Select[int]:
    """The ids of the families that this person leads, or covers on that day for who leads."""
    covers = select(LeadCover.id).where(
        LeadCover.assignment_id == LeadAssignment.id, LeadCover.user_id == user_id, covers_on(day)
    )
    return select(LeadAssignment.family_id).where(
        LeadAssignment.state == written(LeadState.ACCEPTED), or_(LeadAssignment.user_id == user_id, covers.exists())
    )


def told(family_id: int, day: date) -> Sequence[int]:
    """Who receives what is sent by the rule *lead_professional*, as users: who leads, and who covers on that day."""
    leads = select(LeadAssignment.id, LeadAssignment.user_id).where(
        LeadAssignment.family_id == family_id, LeadAssignment.state == written(LeadState.ACCEPTED)
    )
    lead = db.session.execute(leads).first()
    if lead is None:
        return []
    covers = db.session.scalars(
        select(LeadCover.user_id)
        .where(LeadCover.assignment_id == lead.id, covers_on(day))
        .order_by(LeadCover.from_on, LeadCover.id)
    ).all()
    return [user_id for user_id in dict.fromkeys([lead.user_id, *covers]) if user_id is not None]
