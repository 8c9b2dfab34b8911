"""What a team still needs, computed for one family or asked of many with the same conditions."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from sqlalchemy import Date, Integer, and_, bindparam, case, func, or_, select
from sqlalchemy.orm import aliased
from sqlalchemy.sql.elements import ColumnElement

from portal.core import clock
from portal.core.db import UTCDateTime, db, when_run, written
from portal.core.kept import kept
from portal.domain.dates import Calendar
from portal.domain.episodes import EpisodeState
from portal.domain.leads import LeadState
from portal.domain.meetings import Attendance, MeetingState
from portal.domain.standards import Standard
from portal.domain.step_downs import Destination
from portal.domain.team import TeamLacks
from portal.facts import practice
from portal.facts.meetings import start_of_today
from portal.facts.plans import is_live
from portal.models.handover import Episode, LeadAssignment, StepDown
from portal.models.teamwork import Meeting, MeetingInvitee, PlanAction, TeamMember

ENOUGH_ORGANISATIONS = 2


@dataclass(frozen=True)
class Cutoffs:
    """The latest days from which each limit has passed: of the decision, of completion, of the last meeting. Each is a
    date, or in a statement that is kept a parameter."""

    decided: Any
    completed: Any
    met: Any


LIMITS = (Standard.FIRST_TEAM, Standard.FIRST_TEAM_AFTER, Standard.TEAM_REVIEW_MAX)


def cutoffs(days: Calendar) -> Cutoffs:
    today, amounts = clock.today(), practice.amounts(LIMITS)
    return Cutoffs(*(practice.latest_passed(number, each, today, days) for each, number in amounts.items()))


def has_a_team() -> ColumnElement[bool]:
    """The condition on Episode: early help is under way, and somebody is to lead it."""
    return and_(Episode.state == written(EpisodeState.ACTIVE), Episode.lead_needed)


def conditions(passed: Cutoffs) -> Mapping[TeamLacks, ColumnElement[bool]]:
    """Of each thing a team needs the condition on Episode under which it lacks it."""
    return {
        TeamLacks.LEAD: ~_led(),
        TeamLacks.ORGANISATIONS: and_(_organisations() < ENOUGH_ORGANISATIONS, ~_single_agency()),
        TeamLacks.MEETING: _meeting_late(passed),
        TeamLacks.FAMILY_HEARD: _unheard(),
        TeamLacks.NEXT_REVIEW: ~_next_set(),
    }


def of_family(family_id: int, days: Calendar) -> list[TeamLacks] | None:
    """In the order it is said; None where there is no team yet. One statement."""
    row = db.session.execute(_of_family(), {"family": family_id, **asdict(cutoffs(days))}).first()
    return None if row is None else [lacks for lacks, is_so in zip(TeamLacks, row, strict=True) if is_so]


@kept
def _of_family() -> Any:
    found = conditions(Cutoffs(*(bindparam(each.name, type_=Date()) for each in fields(Cutoffs))))
    return (
        select(*(found[lacks].label(lacks.value) for lacks in TeamLacks))
        .select_from(Episode)
        .where(Episode.family_id == bindparam("family", type_=Integer()), has_a_team())
        .order_by(Episode.id.desc())
        .limit(1)
    )


def _led() -> ColumnElement[bool]:
    return (
        select(LeadAssignment.id)
        .where(LeadAssignment.family_id == Episode.family_id, LeadAssignment.state == written(LeadState.ACCEPTED))
        .exists()
    )


def _organisations() -> ColumnElement[int]:
    """How many have an action that is agreed to and not done."""
    return (
        select(func.count(TeamMember.organisation.distinct()))
        .join(PlanAction, PlanAction.owner_id == TeamMember.id)
        .where(PlanAction.family_id == Episode.family_id, is_live(PlanAction))
        .correlate(Episode)
        .scalar_subquery()
    )


def _single_agency() -> ColumnElement[bool]:
    """One agency alone is what was decided."""
    return (
        select(StepDown.id)
        .where(StepDown.episode_id == Episode.id, StepDown.destination == Destination.SINGLE_AGENCY)
        .exists()
    )


def _meeting_late(passed: Cutoffs) -> ColumnElement[bool]:
    last = (
        select(func.max(Meeting.held_on))
        .where(Meeting.family_id == Episode.family_id, Meeting.state == MeetingState.HELD)
        .correlate(Episode)
        .scalar_subquery()
    )
    decided = (
        select(StepDown.id).where(StepDown.episode_id == Episode.id, StepDown.decision_on <= passed.decided).exists()
    )
    first_late = or_(decided, func.coalesce(Episode.active_on, Episode.opened_on) <= passed.completed)
    return case((last.is_(None), first_late), else_=last <= passed.met)


def _unheard() -> ColumnElement[bool]:
    """At the last meeting held nobody of the family was there, and nothing says what they think."""
    last, later = aliased(Meeting), aliased(Meeting)
    came = (
        select(MeetingInvitee.id)
        .join(TeamMember, TeamMember.id == MeetingInvitee.member_id)
        .where(
            MeetingInvitee.meeting_id == last.id,
            MeetingInvitee.attendance == Attendance.ATTENDED,
            TeamMember.person_id.is_not(None),
        )
        .exists()
    )
    newer: Any = or_(later.held_on > last.held_on, and_(later.held_on == last.held_on, later.id > last.id))
    return (
        select(last.id)
        .where(
            last.family_id == Episode.family_id,
            last.state == MeetingState.HELD,
            ~select(later.id)
            .where(later.family_id == last.family_id, later.state == MeetingState.HELD, newer)
            .exists(),
            func.coalesce(last.family_views, "") == "",
            ~came,
        )
        .exists()
    )


def _next_set() -> ColumnElement[bool]:
    return (
        select(Meeting.id)
        .where(
            Meeting.family_id == Episode.family_id,
            Meeting.state == MeetingState.ARRANGED,
            Meeting.starts_at >= when_run("start_of_today", start_of_today, UTCDateTime()),
        )
        .exists()
    )
