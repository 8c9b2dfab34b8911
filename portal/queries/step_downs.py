"""The list of step-downs: being written, waiting to be accepted, accepted with what is missing, ended."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import and_, case, func, or_, select
from sqlalchemy.sql.elements import ColumnElement

from portal.core import clock
from portal.core.db import db
from portal.domain.dates import Calendar, counted, full, london_date, near
from portal.domain.gate_words import LACKING
from portal.domain.roles import Role
from portal.domain.standards import DEFAULTS, Standard
from portal.domain.step_downs import OPEN, StepDownState, is_unsettled
from portal.domain.viewer import Viewer
from portal.domain.wording import CHOICES, STATES
from portal.facts import gates, practice, waivers
from portal.facts.gate_states import GateState
from portal.facts.practice import calendar
from portal.models.families import Family
from portal.models.handover import StepDown, StepDownChild, StepDownQuestion
from portal.models.people import SocialCareTeam, User
from portal.models.record import FamilySummary
from portal.models.step_down_ends import StaysWithSocialCare
from portal.queries.drafts import agreed
from portal.queries.shapes import Due, due

MOST = 200
# Not accepted, and social work has not said yet what happens now.
UNSETTLED = and_(StepDown.state == StepDownState.DECLINED, StepDown.declined_then.is_(None))
NOBODY = -1


@dataclass(frozen=True)
class Missing:
    """What waits on one person, in words that may hold concepts, since the earliest of it."""

    who: str
    what: list[str]
    since: str | None


@dataclass(frozen=True)
class Row:
    """One step-down of the list. `href` leads to where it goes on; `stuck`: it is past its standard."""

    ref: str
    href: str
    family_ref: str
    family_name: str
    children: str
    social_worker: str
    team: str
    destination: str
    due: Due | None
    when: str | None
    by_whom: str | None
    note: str | None
    waits_on: str
    then: str | None
    stay_asked: str | None
    nobody_since: str | None
    late: bool
    ended_as: str
    agreed: bool
    as_told: str | None
    in_place: str | None
    stuck: bool
    missing: list[Missing]


@dataclass(frozen=True)
class StepDowns:
    """The groups of the page, each most urgent first, those that ended latest first. `writes`: the viewer hands
    families over; `cut`: there are more than are shown."""

    writes: bool
    answers: bool
    drafts: list[Row]
    asked: list[Row]
    waiting: list[Row]
    accepted: list[Row]
    unsettled: list[Row]
    declined: list[Row]
    complete: list[Row]
    late_drafts: list[Row]
    staying: list[Row]
    as_told: list[Row]
    late: str | None
    ended: list[Row]
    cut: bool

    @property
    def count(self) -> int:
        groups = (
            self.drafts,
            self.asked,
            self.waiting,
            self.accepted,
            self.unsettled,
            self.declined,
            self.complete,
            self.ended,
        )
        return sum(map(len, groups))


def of_viewer(viewer: Viewer) -> StepDowns:
    """Early help sees what was sent to it; social work its own and its team's, drafts included. As many statements
    for thirty as for three."""
    answers = bool(viewer.roles & {Role.COORDINATOR, Role.EARLY_HELP_MANAGER})
    mine = _mine(viewer, answers=answers)
    still = _read(and_(mine, or_(StepDown.state.in_(OPEN), UNSETTLED)), _urgency())
    since = clock.now() - timedelta(days=viewer.looks_back)
    ended = _read(
        and_(
            mine,
            or_(
                StepDown.completed_at > since,
                StepDown.ended_at > since,
                and_(_is(StepDownState.DECLINED), ~UNSETTLED, StepDown.answered_at > since),
            ),
        ),
        (func.coalesce(StepDown.completed_at, StepDown.ended_at, StepDown.answered_at).desc(), StepDown.id.desc()),
    )
    states = gates.of_each(row.StepDown for row in still if row.StepDown.state is StepDownState.ACCEPTED)
    today, days = clock.today(), calendar()
    to_send = practice.amount(Standard.PROPOSE)
    rows = [
        (row.StepDown.state, _row(row, states.get(row.StepDown.id, []), today, days, to_send))
        for row in [*still, *ended]
    ]

    def group(state: StepDownState) -> list[Row]:
        return [row for found, row in rows if found is state]

    return StepDowns(
        writes=viewer.is_social_worker,
        answers=answers,
        drafts=group(StepDownState.DRAFT),
        asked=group(StepDownState.MORE_INFORMATION),
        waiting=group(StepDownState.PROPOSED),
        accepted=group(StepDownState.ACCEPTED),
        unsettled=[row for row in group(StepDownState.DECLINED) if not row.then],
        declined=[row for row in group(StepDownState.DECLINED) if row.then],
        complete=group(StepDownState.COMPLETED),
        late=_late(group(StepDownState.COMPLETED)),
        late_drafts=[row for row in group(StepDownState.DRAFT) if row.due and row.due.late],
        staying=[row for _, row in rows if row.stay_asked],
        as_told=[row for _, row in rows if row.as_told],
        ended=[*group(StepDownState.FAMILY_SAID_NO), *group(StepDownState.STAYS)],
        cut=MOST in (len(still), len(ended)),
    )


def _late(rows: list[Row]) -> str | None:
    """Counted apart: those the early help manager completed, after social work had closed."""
    late = sum(row.late for row in rows)
    return counted(late, "{step_down}", "{step_down:many}") if late else None


def _missing(states: list[GateState], today: date) -> list[Missing]:
    """The open gates, by whom they wait on."""
    waiting: dict[str, list[GateState]] = {}
    for each in states:
        if not each.holds:
            waiting.setdefault(each.waits_on or "", []).append(each)
    found = []
    for who, gates_of in waiting.items():
        since = min((each.since for each in gates_of if each.since), default=None)
        found.append(Missing(who, [LACKING[each.gate] for each in gates_of], near(since, today) if since else None))
    return found


def _is(state: StepDownState) -> ColumnElement[bool]:
    return StepDown.state == state


def _mine(viewer: Viewer, *, answers: bool) -> ColumnElement[bool]:
    theirs = or_(
        StepDown.social_worker_id == (viewer.user_id if viewer.is_social_worker else NOBODY),
        StepDown.social_care_team_id == ((viewer.social_care_team_id if viewer.is_social_worker else None) or NOBODY),
    )
    return or_(theirs, StepDown.state != StepDownState.DRAFT) if answers else theirs


def _urgency() -> tuple[Any, ...]:
    limit = case(
        (_is(StepDownState.PROPOSED), StepDown.decide_by),
        (_is(StepDownState.MORE_INFORMATION), StepDownQuestion.due_on),
        (_is(StepDownState.DECLINED), StepDown.answer_decline_by),
        else_=StepDown.complete_by,
    )
    # Databases differ on which end an empty date sorts to.
    return limit.is_(None), limit, StepDown.id


def _read(which: ColumnElement[bool], order: tuple[Any, ...]) -> list[Any]:
    children = (
        select(func.count(StepDownChild.id))
        .where(StepDownChild.step_down_id == StepDown.id)
        .correlate(StepDown)
        .scalar_subquery()
    )
    return list(
        db.session.execute(
            select(
                StepDown,
                Family.name.label("family"),
                User.name.label("worker"),
                SocialCareTeam.name.label("team"),
                children.label("children"),
                StepDownQuestion.asked_of_name,
                StepDownQuestion.due_on,
                StaysWithSocialCare.asked_on,
                FamilySummary.nobody_holds_since,
            )
            .join(Family, Family.id == StepDown.family_id)
            .join(User, User.id == StepDown.social_worker_id)
            .join(SocialCareTeam, SocialCareTeam.id == StepDown.social_care_team_id)
            .outerjoin(
                StepDownQuestion,
                and_(StepDownQuestion.step_down_id == StepDown.id, StepDownQuestion.answered_at.is_(None)),
            )
            .outerjoin(FamilySummary, FamilySummary.family_id == StepDown.family_id)
            .outerjoin(
                StaysWithSocialCare,
                and_(StaysWithSocialCare.step_down_id == StepDown.id, StaysWithSocialCare.settled_on.is_(None)),
            )
            .where(which)
            .order_by(*order)
            .limit(MOST)
        )
    )


def _row(row: Any, states: list[GateState], today: date, days: Calendar, to_send: int) -> Row:
    step_down: StepDown = row.StepDown
    address = f"/step-downs/{step_down.ref}"
    writing = step_down.state is StepDownState.DRAFT
    unsettled = is_unsettled(step_down.state, step_down.declined_then)
    begun = step_down.decision_on or london_date(step_down.started_at)
    limit = {
        StepDownState.DRAFT: practice.counted_from(begun, to_send, DEFAULTS[Standard.PROPOSE].unit, days),
        StepDownState.PROPOSED: step_down.decide_by,
        StepDownState.MORE_INFORMATION: row.due_on,
        StepDownState.ACCEPTED: step_down.complete_by,
        StepDownState.DECLINED: None if step_down.declined_then else step_down.answer_decline_by,
    }
    ended = step_down.completed_at or step_down.ended_at or step_down.answered_at or step_down.started_at
    return Row(
        ref=step_down.ref,
        href=f"{address}/edit" if writing else address,
        family_ref=f"{Family.ref_prefix}-{step_down.family_id}",
        family_name=row.family,
        children=counted(row.children, "child", "children") if row.children else "No children chosen yet",
        social_worker=row.worker,
        team=row.team,
        destination=CHOICES[step_down.destination] if step_down.destination else "Not decided yet",
        due=due(limit.get(step_down.state), today, days),
        when=near(london_date(ended), today),
        by_whom=step_down.completed_by_name,
        note=CHOICES[step_down.decline_code] if step_down.decline_code else None,
        waits_on=row.asked_of_name or row.worker,
        then=CHOICES[step_down.declined_then] if step_down.declined_then else None,
        stay_asked=near(row.asked_on, today) if row.asked_on else None,
        nobody_since=full(row.nobody_holds_since) if row.nobody_holds_since and unsettled else None,
        late=step_down.completed_at is not None and step_down.social_work_closed_on is not None,
        ended_as=STATES[step_down.state].words,
        agreed=step_down.agreed_at is not None,
        as_told=agreed(step_down) if step_down.agreed_on else None,
        in_place=f"{sum(each.holds for each in states)} of {len(states)} in place" if states else None,
        stuck=waivers.is_stuck(step_down, days),
        missing=_missing(states, today),
    )
