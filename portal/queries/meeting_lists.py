"""Meetings that somebody has to see to: gone by and not written up, or late."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select, true

from portal.core import clock
from portal.core.db import db
from portal.domain.dates import Calendar, london_date, near
from portal.domain.episodes import OPEN_EPISODES
from portal.domain.meetings import MeetingState
from portal.domain.roles import Role
from portal.domain.standards import Standard
from portal.domain.step_downs import GATES_OF, Gate
from portal.domain.viewer import Viewer
from portal.facts import leading, practice
from portal.models.families import CoordinatorAssignment, Family
from portal.models.handover import Episode, StepDown
from portal.models.record import FamilySummary
from portal.models.teamwork import Meeting
from portal.queries.shapes import Due, due
from portal.queries.team import what

MOST = 200
_TEAMS = [destination for destination, gates in GATES_OF.items() if Gate.FIRST_TEAM in gates]


@dataclass(frozen=True)
class ToWriteUp:
    """A meeting that has gone by with nothing recorded."""

    ref: str
    what: str
    family_ref: str
    family_name: str
    lead: str | None
    due: Due | None


@dataclass(frozen=True)
class Late:
    """A family whose team has not met by its limit. `arranged` says when it will, if it will."""

    family_ref: str
    family_name: str
    what: str
    due: Due | None
    arranged: str
    lead: str | None


@dataclass(frozen=True)
class Lists:
    """At most two hundred each, the longest ago first; `more` says that there are others."""

    to_write_up: list[ToWriteUp]
    late: list[Late]
    more: bool

    @property
    def count(self) -> int:
        return len(self.to_write_up) + len(self.late)


def of(viewer: Viewer) -> Lists:
    """A manager's are of every family in reach; anybody else's of those that they lead or coordinate."""
    today, days = clock.today(), practice.calendar()
    written, late = _to_write_up(viewer, today, days), _late(viewer, today, days)
    return Lists(written[:MOST], late[:MOST], more=len(written) > MOST or len(late) > MOST)


def _own(viewer: Viewer, family_id: Any) -> ColumnElement[bool]:
    if Role.EARLY_HELP_MANAGER in viewer.roles:
        return true()
    coordinates = select(CoordinatorAssignment.id).where(
        CoordinatorAssignment.family_id == family_id,
        CoordinatorAssignment.user_id == viewer.user_id,
        CoordinatorAssignment.to_on.is_(None),
    )
    return or_(family_id.in_(leading.led_by(viewer.user_id, clock.today())), coordinates.exists())


def _to_write_up(viewer: Viewer, today: date, days: Calendar) -> list[ToWriteUp]:
    rows = db.session.execute(
        select(Meeting, Family.name, FamilySummary.lead_name)
        .join(Family, Family.id == Meeting.family_id)
        .join(FamilySummary, FamilySummary.family_id == Family.id)
        .where(
            Meeting.state == MeetingState.ARRANGED,
            Meeting.starts_at < clock.now(),
            _own(viewer, Meeting.family_id),
        )
        .order_by(Meeting.starts_at, Meeting.id)
        .limit(MOST + 1)
    ).all()
    return [
        ToWriteUp(
            row.Meeting.ref,
            what(row.Meeting),
            f"{Family.ref_prefix}-{row.Meeting.family_id}",
            row.name,
            row.lead_name,
            due(london_date(row.Meeting.starts_at), today, days),
        )
        for row in rows
    ]


def _late(viewer: Viewer, today: date, days: Calendar) -> list[Late]:
    limits = _Limits(days)
    found = []
    for row in _episodes(viewer, today):
        by = limits.of(row)
        if by is None or today < by[2]:
            continue
        kind, day, _told = by
        when = f"Arranged for {near(london_date(row.arranged), today)}" if row.arranged else "Nothing arranged"
        late = Late(f"{Family.ref_prefix}-{row.family_id}", row.name, kind, due(day, today, days), when, row.lead_name)
        found.append((day, row.family_id, late))
    return [late for _day, _family, late in sorted(found, key=lambda each: each[:2])]


class _Limits:
    """When a team has to have met, and from when its not having met is told. Read once, for every row."""

    def __init__(self, days: Calendar) -> None:
        self._days = days
        self._amounts = {
            standard: practice.amount(standard)
            for standard in (
                Standard.FIRST_TEAM,
                Standard.FIRST_TEAM_AFTER,
                Standard.FIRST_TEAM_LATE,
                Standard.TEAM_REVIEW,
                Standard.TEAM_REVIEW_LATE,
            )
        }

    def of(self, row: Any) -> tuple[str, date, date] | None:
        """Which meeting, by when, and from when it is told. The first within so many days of the decision and of
        completion, whichever is sooner; then a review within so many weeks of the last that was held."""
        days, amounts = self._days, self._amounts
        if row.last_held is not None:
            by = days.due(days.weeks_after(row.last_held, amounts[Standard.TEAM_REVIEW]))
            return "Review", by, days.working_days_after(by, amounts[Standard.TEAM_REVIEW_LATE])
        if row.decision_on is None:
            return None
        limits = [row.decision_on + timedelta(days=amounts[Standard.FIRST_TEAM])]
        if row.completed_at is not None:
            limits.append(days.working_days_after(london_date(row.completed_at), amounts[Standard.FIRST_TEAM_AFTER]))
        by = days.due(min(limits))
        return "{First_team_meeting}", by, by + timedelta(days=amounts[Standard.FIRST_TEAM_LATE])


def _episodes(viewer: Viewer, today: date) -> Any:
    """Each open episode that works as a team, with the days its clocks run from. One that began without a step-down
    has its first clock from the first meeting that is held."""

    def of_step_downs(column: Any) -> Any:
        return (
            select(func.min(column))
            .where(StepDown.episode_id == Episode.id, StepDown.destination.in_(_TEAMS))
            .scalar_subquery()
        )

    team = or_(Meeting.is_first_team, Meeting.is_review)
    last_held = select(func.max(Meeting.held_on)).where(Meeting.episode_id == Episode.id, team).scalar_subquery()
    arranged = (
        select(func.min(Meeting.starts_at))
        .where(
            Meeting.episode_id == Episode.id,
            and_(team, Meeting.state == MeetingState.ARRANGED, Meeting.starts_at >= clock.now()),
        )
        .scalar_subquery()
    )
    decision, completed = of_step_downs(StepDown.decision_on), of_step_downs(StepDown.completed_at)
    return db.session.execute(
        select(
            Episode.family_id,
            Family.name,
            FamilySummary.lead_name,
            decision.label("decision_on"),
            completed.label("completed_at"),
            last_held.label("last_held"),
            arranged.label("arranged"),
        )
        .join(Family, Family.id == Episode.family_id)
        .join(FamilySummary, FamilySummary.family_id == Family.id)
        .where(
            Episode.state.in_(OPEN_EPISODES),
            or_(last_held < today, and_(last_held.is_(None), decision < today)),
            _own(viewer, Episode.family_id),
        )
        .order_by(Episode.family_id)
    ).all()
