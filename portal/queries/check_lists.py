"""Lists of follow-up checks: due, the overdue first, one's own, others', those that wait to hear; and put off."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import aliased

from portal.core import clock
from portal.core.db import db, written
from portal.domain.dates import Calendar, london_date, near
from portal.domain.following import AFTERWARDS, in_short
from portal.domain.roles import Role
from portal.domain.support import CheckOutcome, CheckStage, CheckState, Escalation
from portal.domain.viewer import Viewer
from portal.domain.wording import CHOICES
from portal.facts import family_links, follow_up, practice, reminding
from portal.models.asking import FamilyAnswer, FamilyQuestion
from portal.models.families import Family
from portal.models.following import FollowUpCheck, SupportReferral
from portal.models.people import User
from portal.models.record import FamilySummary
from portal.queries import ringing, standing, tabs
from portal.queries.asking import answer_words
from portal.queries.checks import tries
from portal.queries.ringing import NOT_RUNG
from portal.queries.shapes import Due, due, sentence
from portal.queries.tabs import Tab

MOST = 200
_earlier = aliased(FollowUpCheck)
_answer = aliased(FamilyAnswer)


class View(StrEnum):
    """Which checks a list shows."""

    MINE = "mine"
    OVERDUE = "overdue"
    WAITING = "waiting"
    ESCALATED = "escalated"
    PUT_OFF = "put_off"
    ALL = "all"


VIEWS: Mapping[View, str] = {
    View.MINE: "Mine",
    View.OVERDUE: "Overdue",
    View.WAITING: "Waiting to hear",
    View.ESCALATED: "Escalated",
    View.PUT_OFF: "Put off",
    View.ALL: "All",
}


@dataclass(frozen=True)
class PutOff:
    """Until when nobody asks, who said so, and why."""

    until: str
    by: str
    why: str


@dataclass(frozen=True)
class CheckRow:
    """One check of a list: due, or `put_off`. `hears`: from whom it waits to hear, and since when; `remindable`:
    somebody else could be reminded of it; `chosen`: it is ticked; `reminded`: they were, lately. `note`: why a family
    that answered is not to be rung."""

    ref: str
    service: str
    asked: str
    note: str | None
    family_ref: str
    family_name: str
    owner: str
    due: Due | None
    put_off: PutOff | None
    tries: str | None
    escalated_to: str | None
    hears: str | None
    remindable: bool
    chosen: bool
    reminded: str | None


@dataclass(frozen=True)
class CheckList:
    """At most two hundred; `more` says that there are others. `overdue`: how many are, whosever they are."""

    view: View
    tabs: list[Tab]
    rows: list[CheckRow]
    more: bool
    overdue: int

    @property
    def chosen(self) -> int:
        return sum(row.chosen for row in self.rows)

    @property
    def remindable(self) -> bool:
        return any(row.remindable for row in self.rows)

    @property
    def late(self) -> bool:
        """Whether somebody could be reminded of something overdue."""
        return any(row.remindable and row.due and row.due.late for row in self.rows)


def listing(viewer: Viewer, view: View, *, select_overdue: bool = False) -> CheckList:
    """Checks of families in reach, the longest overdue first; of one's own, those on which a family waits for a call
    before that; of what is put off, the next to be asked again. Three statements, four where a family is to be rung."""
    today, days = clock.today(), practice.calendar()
    conditions = _conditions(viewer, today, days)
    rows = db.session.execute(
        select(
            FollowUpCheck.id,
            FollowUpCheck.stage,
            FollowUpCheck.state,
            FollowUpCheck.due_on,
            FollowUpCheck.unanswered,
            FollowUpCheck.escalated_to,
            FollowUpCheck.family_id,
            FollowUpCheck.owner_id,
            FollowUpCheck.waived_until,
            FollowUpCheck.waived_by_name,
            FollowUpCheck.waived_reason,
            Family.name.label("family"),
            SupportReferral.service_name,
            follow_up.said_no_column().label("said_no"),
            User.name.label("owner"),
            _asked_by_link().label("asked_at"),
            reminding.reminded_at(FollowUpCheck.family_id, reminding.ref_of(FollowUpCheck)).label("reminded_at"),
            _last(_earlier.waiting_on).label("waiting_on"),
            _last(_earlier.done_on).label("done_on"),
            FamilyAnswer,
        )
        .join(Family, Family.id == FollowUpCheck.family_id)
        .outerjoin(SupportReferral, SupportReferral.id == FollowUpCheck.referral_id)
        .join(User, User.id == FollowUpCheck.owner_id)
        .outerjoin(FamilyAnswer, FamilyAnswer.id == _last_answer())
        .where(conditions[view])
        .order_by(*_order(view))
        .limit(MOST + 1)
    ).all()
    not_rung = ringing.of_rows(rows)
    counts = tabs.numbers({each: select(FollowUpCheck.id).where(condition) for each, condition in conditions.items()})
    return CheckList(
        view,
        [
            Tab(f"{VIEWS[each]} ({tabs.in_words(number)})", f"/checks?view={each}", current=each is view)
            for each, number in counts.items()
        ],
        [_row(row, viewer, today, days, not_rung, select_overdue=select_overdue) for row in rows[:MOST]],
        more=len(rows) > MOST,
        overdue=counts[View.OVERDUE],
    )


def _conditions(viewer: Viewer, today: date, days: Calendar) -> dict[View, ColumnElement[bool]]:
    still = FollowUpCheck.state == CheckState.DUE
    return {
        View.MINE: and_(still, mine(viewer)),
        View.OVERDUE: and_(still, FollowUpCheck.due_on <= days.latest_overdue(today)),
        View.WAITING: and_(still, _waits_to_hear(viewer, today)),
        View.ESCALATED: and_(still, FollowUpCheck.escalated_to.is_not(None)),
        View.PUT_OFF: FollowUpCheck.state == written(CheckState.WAIVED),
        View.ALL: still,
    }


def mine(viewer: Viewer) -> ColumnElement[bool]:
    """The condition on checks that this viewer is to ask, or that they came to them as a manager."""
    return or_(FollowUpCheck.owner_id == viewer.user_id, FollowUpCheck.escalated_to.in_(_manages(viewer)))


def calls_first() -> ColumnElement[int]:
    """To order checks by: a family that answered, and is to be rung, comes before whatever is overdue."""
    return case((FollowUpCheck.stage == CheckStage.CALL_BACK, 0), else_=1)


def _order(view: View) -> list[Any]:
    if view is View.PUT_OFF:
        return [FollowUpCheck.waived_until, FollowUpCheck.id]
    by_day = [FollowUpCheck.due_on, FollowUpCheck.id]
    return [calls_first(), *by_day] if view is View.MINE else by_day


def _waits_to_hear(viewer: Viewer, today: date) -> ColumnElement[bool]:
    """The family was asked by a link and has not answered; it had not begun when it was last asked about; or somebody
    else asks it for families that the viewer holds."""
    held = select(FamilySummary.family_id).where(standing.of(viewer, today).holds_summaries())
    return or_(
        _asked_by_link().is_not(None),
        and_(_last(_earlier.outcome) == CheckOutcome.NOT_YET, FollowUpCheck.due_on > today),
        and_(FollowUpCheck.owner_id != viewer.user_id, FollowUpCheck.family_id.in_(held)),
    )


def _asked_by_link() -> Any:
    """When somebody of the family was last asked by a link that still works and has no answer."""
    answered = select(FamilyAnswer.id).where(
        FamilyAnswer.question_id == FamilyQuestion.id, FamilyAnswer.family_id == FamilyQuestion.family_id
    )
    return (
        family_links.with_whom(select(func.max(FamilyQuestion.asked_at)).select_from(FamilyQuestion))
        .where(
            FamilyQuestion.family_id == FollowUpCheck.family_id,
            FamilyQuestion.referral_id == FollowUpCheck.referral_id,
            *family_links.may_be_asked(),
            or_(FamilyQuestion.expires_at.is_(None), FamilyQuestion.expires_at > clock.now()),
            ~answered.exists(),
        )
        .correlate(FollowUpCheck)
        .scalar_subquery()
    )


def _last_answer() -> Any:
    """The last answer of the family about the same support."""
    return (
        select(func.max(_answer.id))
        .join(FamilyQuestion, FamilyQuestion.id == _answer.question_id)
        .where(
            _answer.family_id == FollowUpCheck.family_id,
            FamilyQuestion.referral_id == FollowUpCheck.referral_id,
        )
        .correlate(FollowUpCheck)
        .scalar_subquery()
    )


def _last(column: Any) -> Any:
    """What was recorded when the same support was last asked about."""
    return (
        select(column)
        .where(
            _earlier.family_id == FollowUpCheck.family_id,
            _earlier.referral_id == FollowUpCheck.referral_id,
            _earlier.id < FollowUpCheck.id,
            _earlier.state == CheckState.DONE,
        )
        .order_by(_earlier.id.desc())
        .limit(1)
        .correlate(FollowUpCheck)
        .scalar_subquery()
    )


def _manages(viewer: Viewer) -> list[Escalation]:
    """What comes to this viewer when nobody answers."""
    roles = {
        Role.SOCIAL_CARE_MANAGER: Escalation.SOCIAL_CARE_MANAGER,
        Role.EARLY_HELP_MANAGER: Escalation.EARLY_HELP_MANAGER,
    }
    return [to for role, to in roles.items() if role in viewer.roles]


def _row(
    row: Any, viewer: Viewer, today: date, days: Calendar, not_rung: Mapping[str, str], *, select_overdue: bool
) -> CheckRow:
    ref, put_off = f"{FollowUpCheck.ref_prefix}-{row.id}", _put_off(row, today)
    by = None if put_off else due(row.due_on, today, days)
    remindable = by is not None and row.owner_id != viewer.user_id and row.reminded_at is None
    return CheckRow(
        ref=ref,
        service=row.service_name or AFTERWARDS[row.stage].title,
        asked=NOT_RUNG if ref in not_rung else in_short(row.stage, said_no=row.said_no),
        note=not_rung.get(ref),
        family_ref=f"{Family.ref_prefix}-{row.family_id}",
        family_name=row.family,
        owner=row.owner,
        due=by,
        put_off=put_off,
        tries=tries(row.unanswered),
        escalated_to=CHOICES[row.escalated_to] if row.escalated_to else None,
        hears=_hears(row, today),
        remindable=remindable,
        reminded=sentence(reminding.reminded_words(row.reminded_at, today)),
        chosen=remindable and select_overdue and by is not None and by.late,
    )


def _put_off(row: Any, today: date) -> PutOff | None:
    if row.state is not CheckState.WAIVED:
        return None
    return PutOff(near(row.waived_until, today), row.waived_by_name, row.waived_reason)


def _hears(row: Any, today: date) -> str | None:
    """An answer is said until the family is asked again, or somebody has recorded more since."""
    answer: FamilyAnswer | None = row.FamilyAnswer
    if row.asked_at and not (answer and answer.answered_at >= row.asked_at):
        return f"The family was asked by link, {near(london_date(row.asked_at), today)}"
    if answer and not (row.done_on and row.done_on > london_date(answer.answered_at)):
        return (
            f"The family answered by its link, {near(london_date(answer.answered_at), today)}: {answer_words(answer)}"
        )
    return f"Waiting for {row.waiting_on}" if row.waiting_on else None
