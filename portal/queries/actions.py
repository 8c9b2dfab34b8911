"""Actions as pages show them: one's own, and one with its history."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.domain.dates import Calendar, near
from portal.domain.plans import OPEN_ACTIONS, ActionState
from portal.domain.viewer import Viewer
from portal.facts.practice import calendar
from portal.models.families import Family
from portal.models.people import User
from portal.models.teamwork import PlanAction, PlanNeed, TeamMember
from portal.queries.shapes import Due, Tag, due, tag


@dataclass(frozen=True)
class ActionRow:
    """One action of a list."""

    ref: str
    what: str
    family_ref: str
    family_name: str
    owner: str
    owner_user_id: int | None
    asked_by: str
    state: ActionState
    tag: Tag
    due: Due | None
    due_on: date
    done: str | None
    done_by: str | None
    need: str | None

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_ACTIONS


@dataclass(frozen=True)
class MyActions:
    """One's own actions in three groups, each most urgent first."""

    overdue: list[ActionRow]
    coming: list[ActionRow]
    done: list[ActionRow]

    @property
    def count(self) -> int:
        return len(self.overdue) + len(self.coming) + len(self.done)


_COLUMNS = (
    PlanAction.id,
    PlanAction.what,
    PlanAction.state,
    PlanAction.due_on,
    PlanAction.done_on,
    PlanAction.asked_by_name,
    PlanAction.family_id,
    Family.name.label("family"),
    TeamMember.name.label("owner"),
    TeamMember.user_id,
    PlanNeed.what.label("need"),
    User.name.label("done_by"),
)


def mine(viewer: Viewer) -> MyActions:
    """Open actions of the viewer by due date, and those done since the first of this month, latest first."""
    today, days = clock.today(), calendar()
    rows = db.session.execute(
        select(*_COLUMNS)
        .join(Family, Family.id == PlanAction.family_id)
        .join(TeamMember, TeamMember.id == PlanAction.owner_id)
        .outerjoin(PlanNeed, PlanNeed.id == PlanAction.plan_need_id)
        .outerjoin(User, User.id == PlanAction.done_by_id)
        .where(
            TeamMember.user_id == viewer.user_id,
            PlanAction.state.in_(OPEN_ACTIONS) | (PlanAction.done_on >= today.replace(day=1)),
        )
        .order_by(PlanAction.due_on, PlanAction.id)
    ).all()
    still = [_row(row, today, days) for row in rows if row.state in OPEN_ACTIONS]
    ended = sorted((row for row in rows if row.state not in OPEN_ACTIONS), key=_done_on, reverse=True)
    return MyActions(
        overdue=[row for row in still if row.due and row.due.late],
        coming=[row for row in still if not (row.due and row.due.late)],
        done=[_row(row, today, days) for row in ended],
    )


def one(action: PlanAction) -> ActionRow:
    """One action as its page shows it."""
    row = db.session.execute(
        select(*_COLUMNS)
        .join(Family, Family.id == PlanAction.family_id)
        .join(TeamMember, TeamMember.id == PlanAction.owner_id)
        .outerjoin(PlanNeed, PlanNeed.id == PlanAction.plan_need_id)
        .outerjoin(User, User.id == PlanAction.done_by_id)
        .where(PlanAction.id == action.id)
    ).one()
    return _row(row, clock.today(), calendar())


def next_of(viewer: Viewer, but: PlanAction) -> str | None:
    """The reference of the viewer's next open action besides this one, or None."""
    found = db.session.execute(
        select(PlanAction.id)
        .join(TeamMember, TeamMember.id == PlanAction.owner_id)
        .where(TeamMember.user_id == viewer.user_id, PlanAction.state.in_(OPEN_ACTIONS), PlanAction.id != but.id)
        .order_by(PlanAction.due_on, PlanAction.id)
        .limit(1)
    ).scalar_one_or_none()
    return None if found is None else f"{PlanAction.ref_prefix}-{found}"


def _done_on(row: Any) -> tuple[date, int]:
    return row.done_on or date.min, row.id


def _row(row: Any, today: date, days: Calendar) -> ActionRow:
    state: ActionState = row.state
    return ActionRow(
        ref=f"{PlanAction.ref_prefix}-{row.id}",
        what=row.what,
        family_ref=f"{Family.ref_prefix}-{row.family_id}",
        family_name=row.family,
        owner=row.owner,
        owner_user_id=row.user_id,
        asked_by=row.asked_by_name,
        state=state,
        tag=tag(state),
        due=due(row.due_on, today, days) if state in OPEN_ACTIONS else None,
        due_on=row.due_on,
        done=near(row.done_on, today) if row.done_on else None,
        done_by=row.done_by,
        need=row.need,
    )
