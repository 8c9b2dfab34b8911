"""Actions as pages show them: one's own, one with all that is known of it, and who could do it instead."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import and_, or_, select

from portal.core import clock
from portal.core.db import db
from portal.domain.dates import Calendar, near
from portal.domain.episodes import EpisodeState
from portal.domain.plans import (
    DID_IT,
    DONE_ACTIONS,
    NEVER_BEGAN,
    OPEN_ACTIONS,
    RECORDED_IT,
    UNSETTLED_ACTIONS,
    ActionState,
    Offered,
)
from portal.domain.roles import Role
from portal.domain.viewer import Viewer
from portal.domain.wording import CHOICES
from portal.facts import leading, sharing
from portal.facts.in_the_way import is_looked_at_sooner
from portal.facts.open_things import goes_on
from portal.facts.practice import calendar
from portal.models.families import Family
from portal.models.handover import Episode
from portal.models.people import Organisation, User, UserRole
from portal.models.teamwork import PlanAction, PlanNeed, TeamMember
from portal.policies.ties import ties
from portal.queries import action_dates, checking, plan_forms
from portal.queries.plan_forms import Offer
from portal.queries.shapes import Due, Tag

# Who can be given an action: the roles whose people work with families.
OWNERS = (Role.PARTNER, Role.COORDINATOR, Role.EARLY_HELP_MANAGER, Role.SOCIAL_WORKER, Role.SOCIAL_CARE_MANAGER)


@dataclass(frozen=True)
class Blocked:
    """What is in the way of an action, whom it waits on, and when it is looked at again; `sooner`: before the day it is
    to be done."""

    words: str
    waiting_on: str
    review: str
    sooner: bool


@dataclass(frozen=True)
class ActionRow:
    """One action. `waits_too_long`: it is overdue, or was to be looked at again before
    today. `must_be_checked`: early help does not end before somebody else has looked; `moved` and `passed_on`
    say how often, and from which first date; `never_began` why nothing more becomes of it."""

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
    waits_too_long: bool
    due_on: date
    done: str | None
    done_by: str | None
    done_by_id: int | None
    need: str | None
    family_words: str | None
    blocked: Blocked | None
    handed_back: str | None
    checked: str | None
    what_changed: str | None
    dropped: str | None
    must_be_checked: bool
    never_began: str | None
    moved: str | None
    passed_on: str | None

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_ACTIONS and not self.never_began

    @property
    def is_done(self) -> bool:
        return self.state in DONE_ACTIONS

    def why_not_checked_by(self, user_id: int) -> str | None:
        """Why this person is not the one to check it; None where they may be."""
        if self.owner_user_id == user_id:
            return DID_IT
        return RECORDED_IT if self.done_by_id == user_id else None


@dataclass(frozen=True)
class MyActions:
    """One's own actions in groups, each most urgent first; `handed_back` holds also what waits for the viewer as the
    one who leads; `to_check` what has to be checked, and can be by the viewer as the one who leads."""

    overdue: list[ActionRow]
    coming: list[ActionRow]
    blocked: list[ActionRow]
    handed_back: list[ActionRow]
    to_check: list[ActionRow]
    done: list[ActionRow]

    @property
    def count(self) -> int:
        return sum(map(len, (self.overdue, self.coming, self.blocked, self.handed_back, self.to_check, self.done)))


_COLUMNS = (
    PlanAction.id,
    PlanAction.what,
    PlanAction.state,
    PlanAction.due_on,
    PlanAction.first_due_on,
    PlanAction.due_moves,
    PlanAction.owner_moves,
    PlanAction.done_on,
    PlanAction.done_by_id,
    PlanAction.asked_by_name,
    PlanAction.in_the_way,
    PlanAction.waiting_on,
    PlanAction.review_on,
    PlanAction.handed_back_reason,
    PlanAction.verified_on,
    PlanAction.what_changed,
    PlanAction.dropped_reason,
    PlanAction.family_agreed,
    Episode.state.label("episode"),
    checking.MUST.label("must"),
    PlanAction.family_id,
    Family.name.label("family"),
    TeamMember.name.label("owner"),
    TeamMember.user_id,
    PlanNeed.what.label("need"),
    PlanAction.family_words,
    User.name.label("done_by"),
)


def mine(viewer: Viewer) -> MyActions:
    """Open actions of the viewer by due date, what was handed back to or by them, and what they did since the first of
    this month, latest first."""
    today, days = clock.today(), calendar()
    leads = leading.led_by(viewer.user_id, today)
    own = TeamMember.user_id == viewer.user_id
    this_month = and_(PlanAction.state.in_(DONE_ACTIONS), PlanAction.done_on >= today.replace(day=1))
    to_check = and_(
        checking.MUST,
        PlanAction.state == ActionState.DONE,
        PlanAction.done_by_id.is_distinct_from(viewer.user_id),
        TeamMember.user_id.is_distinct_from(viewer.user_id),
    )
    rows = db.session.execute(
        _select()
        .where(
            or_(
                and_(own, PlanAction.state.in_(UNSETTLED_ACTIONS), goes_on(PlanAction.episode_id)),
                and_(PlanAction.state == ActionState.HANDED_BACK, PlanAction.family_id.in_(leads)),
                and_(own, this_month),
                and_(to_check, PlanAction.family_id.in_(leads)),
            )
        )
        .order_by(PlanAction.due_on, PlanAction.id)
    ).all()
    still = [_row(row, today, days) for row in rows if row.state in OPEN_ACTIONS]
    done = [row for row in rows if row.state in DONE_ACTIONS]
    ended = sorted((row for row in done if row.user_id == viewer.user_id), key=_done_on, reverse=True)
    late = [row for row in still if row.waits_too_long]
    return MyActions(
        overdue=late,
        coming=[row for row in still if row not in late and not row.blocked],
        blocked=[row for row in still if row not in late and row.blocked],
        handed_back=[_row(row, today, days) for row in rows if row.state is ActionState.HANDED_BACK],
        to_check=[_row(row, today, days) for row in done if row.user_id != viewer.user_id],
        done=[_row(row, today, days) for row in ended],
    )


def _select() -> Any:
    return (
        select(*_COLUMNS)
        .join(Family, Family.id == PlanAction.family_id)
        .join(TeamMember, TeamMember.id == PlanAction.owner_id)
        .join(Episode, Episode.id == PlanAction.episode_id)
        .outerjoin(PlanNeed, PlanNeed.id == PlanAction.plan_need_id)
        .outerjoin(User, User.id == PlanAction.done_by_id)
    )


def one(action: PlanAction) -> ActionRow:
    """One action as its page shows it."""
    row = db.session.execute(_select().where(PlanAction.id == action.id)).one()
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


def owns(viewer: Viewer, action: PlanAction) -> bool:
    """Whether it is the viewer's own to do."""
    return action.owner_id in ties(viewer, action.family_id).member_ids


def owner_of(action: PlanAction) -> str:
    """The owner's name."""
    return db.session.execute(select(TeamMember.name).where(TeamMember.id == action.owner_id)).scalar_one()


def who_could(action: PlanAction, viewer: Viewer) -> list[Offer]:
    """Who could do it instead: oneself, the others of the team, the adults of the family; then everybody else whose
    organisation shares. Somebody who must not see the family is among them: their absence would tell."""
    near_by = plan_forms.owners(action.family_id, viewer)
    on_team = select(TeamMember.user_id).where(
        TeamMember.family_id == action.family_id, TeamMember.left_on.is_(None), TeamMember.user_id.is_not(None)
    )
    others = db.session.execute(
        select(User.id, User.name, Organisation.name.label("organisation"))
        .join(Organisation, Organisation.id == User.organisation_id)
        .where(
            User.active,
            User.id != viewer.user_id,
            User.id.not_in(on_team),
            sharing.is_live(clock.today()),
            select(UserRole.user_id).where(UserRole.user_id == User.id, UserRole.role.in_(OWNERS)).exists(),
        )
        .order_by(User.name, User.id)
    )
    owner = f"{Offered.MEMBER}-{action.owner_id}"
    return [
        *(each for each in near_by if each.value != owner),
        *(Offer(f"{Offered.USER}-{row.id}", f"{row.name}, {row.organisation}, joins the {{team}}") for row in others),
    ]


def _done_on(row: Any) -> tuple[date, int]:
    return row.done_on or date.min, row.id


def _row(row: Any, today: date, days: Calendar) -> ActionRow:
    state: ActionState = row.state
    wanted = action_dates.wanted(state, row.due_on, row.review_on, today, days)
    return ActionRow(
        ref=f"{PlanAction.ref_prefix}-{row.id}",
        what=row.what,
        family_ref=f"{Family.ref_prefix}-{row.family_id}",
        family_name=row.family,
        owner=row.owner,
        owner_user_id=row.user_id,
        asked_by=row.asked_by_name,
        state=state,
        tag=checking.tag_of(state, must_be_checked=row.must),
        due=wanted,
        waits_too_long=wanted is not None and wanted.late,
        due_on=row.due_on,
        done=near(row.done_on, today) if row.done_on else None,
        done_by=row.done_by,
        done_by_id=row.done_by_id,
        need=row.need,
        family_words=row.family_words,
        blocked=_blocked(row, today),
        handed_back=row.handed_back_reason if state is ActionState.HANDED_BACK else None,
        checked=near(row.verified_on, today) if state is ActionState.VERIFIED else None,
        what_changed=row.what_changed if state is ActionState.VERIFIED else None,
        dropped=_dropped(row),
        must_be_checked=row.must,
        never_began=NEVER_BEGAN if row.episode is EpisodeState.ENDED_BEFORE_START else None,
        moved=f"Moved {_times(row.due_moves)}, first {near(row.first_due_on, today)}" if row.due_moves else None,
        passed_on=f"Passed on {_times(row.owner_moves)}" if row.owner_moves else None,
    )


def _blocked(row: Any, today: date) -> Blocked | None:
    if row.state is not ActionState.BLOCKED:
        return None
    sooner = is_looked_at_sooner(row.state, row.due_on, row.review_on)
    return Blocked(row.in_the_way, row.waiting_on, near(row.review_on, today), sooner)


def _dropped(row: Any) -> str | None:
    if row.state is not ActionState.NO_LONGER_NEEDED:
        return None
    return f"{row.dropped_reason}\n{CHOICES[row.family_agreed]}."


def _times(number: int) -> str:
    return "once" if number == 1 else f"{number} times"
