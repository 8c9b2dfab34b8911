"""Follow-up checks as pages show them: lists with the overdue first, and one with all that was tried before."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import func, or_, select, true
from sqlalchemy.sql.elements import ColumnElement

from portal.core import clock
from portal.core.db import db
from portal.domain.dates import Calendar, counted, london_date, near
from portal.domain.following import POLICY, asks, in_short
from portal.domain.roles import Role
from portal.domain.standards import Standard
from portal.domain.support import CheckOutcome, CheckStage, CheckState, Escalation
from portal.domain.viewer import Viewer
from portal.domain.wording import CHOICES
from portal.facts import practice
from portal.models.families import Family
from portal.models.following import FollowUpCheck, SupportReferral
from portal.models.people import User
from portal.models.step_down_ends import FamilySaidNo
from portal.models.teamwork import PlanNeed
from portal.queries.families import SafeWay, safety
from portal.queries.shapes import Due, Tag, due, tag
from portal.queries.support import outcome_words

MOST = 200
AFTER_NO = "After the family said no"


class View(StrEnum):
    """Which checks a list shows."""

    MINE = "mine"
    OVERDUE = "overdue"
    ALL = "all"
    ESCALATED = "escalated"


@dataclass(frozen=True)
class CheckRow:
    """One due check of a list."""

    ref: str
    service: str
    asked: str
    family_ref: str
    family_name: str
    owner: str
    due: Due | None
    tries: str | None
    escalated_to: str | None


@dataclass(frozen=True)
class CheckList:
    """At most two hundred; `more` says that there are others. Where none is the viewer's own, `others_overdue` says
    how many of other people's in reach are overdue."""

    rows: list[CheckRow]
    more: bool
    others_overdue: int = 0


def listing(viewer: Viewer, view: View) -> CheckList:
    """Due checks of families in reach, the longest overdue first. Two statements, three where nothing is one's own."""
    today, days = clock.today(), practice.calendar()
    rows = db.session.execute(
        select(
            FollowUpCheck.id,
            FollowUpCheck.stage,
            FollowUpCheck.due_on,
            FollowUpCheck.unanswered,
            FollowUpCheck.escalated_to,
            FollowUpCheck.family_id,
            Family.name.label("family"),
            SupportReferral.service_name,
            User.name.label("owner"),
        )
        .join(Family, Family.id == FollowUpCheck.family_id)
        .outerjoin(SupportReferral, SupportReferral.id == FollowUpCheck.referral_id)
        .join(User, User.id == FollowUpCheck.owner_id)
        .where(FollowUpCheck.state == CheckState.DUE, _within(view, viewer, today, days))
        .order_by(FollowUpCheck.due_on, FollowUpCheck.id)
        .limit(MOST + 1)
    ).all()
    return CheckList(
        [_row(row, today, days) for row in rows[:MOST]],
        more=len(rows) > MOST,
        others_overdue=_overdue(viewer, today, days) if view is View.MINE and not rows else 0,
    )


def _overdue(viewer: Viewer, today: date, days: Calendar) -> int:
    late = select(func.count(FollowUpCheck.id)).where(
        FollowUpCheck.state == CheckState.DUE, _within(View.OVERDUE, viewer, today, days)
    )
    return db.session.execute(late).scalar_one()


def _within(view: View, viewer: Viewer, today: date, days: Calendar) -> ColumnElement[bool]:
    match view:
        case View.MINE:
            return or_(FollowUpCheck.owner_id == viewer.user_id, FollowUpCheck.escalated_to.in_(_manages(viewer)))
        case View.OVERDUE:
            return FollowUpCheck.due_on <= days.latest_overdue(today)
        case View.ESCALATED:
            return FollowUpCheck.escalated_to.is_not(None)
        case View.ALL:
            return true()


def _manages(viewer: Viewer) -> list[Escalation]:
    """What comes to this viewer when nobody answers."""
    roles = {
        Role.SOCIAL_CARE_MANAGER: Escalation.SOCIAL_CARE_MANAGER,
        Role.EARLY_HELP_MANAGER: Escalation.EARLY_HELP_MANAGER,
    }
    return [to for role, to in roles.items() if role in viewer.roles]


def _row(row: Any, today: date, days: Calendar) -> CheckRow:
    return CheckRow(
        ref=f"{FollowUpCheck.ref_prefix}-{row.id}",
        service=row.service_name or AFTER_NO,
        asked=in_short(row.stage),
        family_ref=f"{Family.ref_prefix}-{row.family_id}",
        family_name=row.family,
        owner=row.owner,
        due=due(row.due_on, today, days),
        tries=_tries(row.unanswered),
        escalated_to=CHOICES[row.escalated_to] if row.escalated_to else None,
    )


def _tries(unanswered: int) -> str | None:
    return f"No answer {counted(unanswered, 'time', 'times')} in a row" if unanswered else None


@dataclass(frozen=True)
class Attempt:
    """An earlier check of the same support: what came of it, when, by whom."""

    title: str
    byline: str
    words: str | None


@dataclass(frozen=True)
class CheckPage:
    """One check, with all that somebody needs before they ring."""

    ref: str
    stage: CheckStage
    question: str
    family_ref: str
    family_name: str
    referral_ref: str | None
    step_down_ref: str | None
    service: str
    organisation: str | None
    phone: str | None
    need: str
    given: str
    started: str | None
    owner: str
    tag: Tag
    due: Due | None
    waived: str | None
    tries: str | None
    tried: str | None
    escalated_to: str | None
    outcome: str | None
    byline: str | None
    note: str | None
    attempts: list[Attempt]
    safe_contact: list[SafeWay]
    apart: list[str]


def one(check: FollowUpCheck) -> CheckPage:
    """Four statements."""
    if check.referral_id is None:
        return _after_no(check)
    today, days = clock.today(), practice.calendar()
    row = db.session.execute(
        select(SupportReferral, Family.name.label("family"), PlanNeed.what.label("need"), User.name.label("owner"))
        .join(Family, Family.id == SupportReferral.family_id)
        .join(FollowUpCheck, FollowUpCheck.referral_id == SupportReferral.id)
        .join(User, User.id == FollowUpCheck.owner_id)
        .outerjoin(PlanNeed, PlanNeed.id == SupportReferral.plan_need_id)
        .where(FollowUpCheck.id == check.id)
    ).one()
    referral: SupportReferral = row.SupportReferral
    before = _before(check)
    ways, apart = safety(check.family_id)
    still = check.state is CheckState.DUE
    return CheckPage(
        ref=check.ref,
        stage=check.stage,
        question=asks(check.stage),
        family_ref=f"{Family.ref_prefix}-{check.family_id}",
        family_name=row.family,
        referral_ref=referral.ref,
        step_down_ref=None,
        service=referral.service_name,
        organisation=referral.service_organisation,
        phone=referral.service_phone,
        need=row.need or referral.need_text or "",
        given=f"{near(referral.given_on, today)}, by {referral.recorded_by_name}. {CHOICES[referral.how_given]}",
        started=near(referral.started_on, today) if referral.started_on else None,
        owner=row.owner,
        tag=tag(check.state),
        due=due(check.due_on, today, days) if still else None,
        waived=_waived(check, today),
        tries=_tries(check.unanswered),
        tried=_tried(before[: check.unanswered]),
        escalated_to=CHOICES[check.escalated_to] if check.escalated_to else None,
        outcome=outcome_words(check) if check.outcome else None,
        byline=f"{near(check.done_on, today)}, by {check.done_by_name}" if check.done_on else None,
        note=check.note,
        attempts=[
            Attempt(outcome_words(each), f"{near(each.done_on, today)}, by {each.done_by_name}", each.note)
            for each in before
        ],
        safe_contact=ways,
        apart=apart,
    )


def _after_no(check: FollowUpCheck) -> CheckPage:
    """The check of a step-down that ended because the family said no, or was not reached."""
    today, days = clock.today(), practice.calendar()
    row = db.session.execute(
        select(FamilySaidNo, Family.name.label("family"), User.name.label("owner"))
        .select_from(FollowUpCheck)
        .join(FamilySaidNo, FamilySaidNo.step_down_id == FollowUpCheck.step_down_id)
        .join(Family, Family.id == FollowUpCheck.family_id)
        .join(User, User.id == FollowUpCheck.owner_id)
        .where(FollowUpCheck.id == check.id)
    ).one()
    said: FamilySaidNo = row.FamilySaidNo
    ways, apart = safety(check.family_id)
    before = _before(check)
    return CheckPage(
        ref=check.ref,
        stage=check.stage,
        question=asks(check.stage),
        family_ref=f"{Family.ref_prefix}-{check.family_id}",
        family_name=row.family,
        referral_ref=None,
        step_down_ref=f"S-{check.step_down_id}",
        service=AFTER_NO,
        organisation=None,
        phone=None,
        need=said.words,
        given=f"{CHOICES[said.kind]}, {near(said.said_on or london_date(said.recorded_at), today)}. "
        f"{said.watcher_name} keeps an eye out",
        started=None,
        owner=row.owner,
        tag=tag(check.state),
        due=due(check.due_on, today, days) if check.state is CheckState.DUE else None,
        waived=_waived(check, today),
        tries=_tries(check.unanswered),
        tried=_tried(before[: check.unanswered]),
        escalated_to=None,
        outcome=outcome_words(check) if check.outcome else None,
        byline=f"{near(check.done_on, today)}, by {check.done_by_name}" if check.done_on else None,
        note=check.note,
        attempts=[
            Attempt(outcome_words(each), f"{near(each.done_on, today)}, by {each.done_by_name}", each.note)
            for each in before
        ],
        safe_contact=ways,
        apart=apart,
    )


def _waived(check: FollowUpCheck, today: date) -> str | None:
    if check.state is not CheckState.WAIVED or check.waived_until is None:
        return None
    return f"Until {near(check.waived_until, today)}, by {check.waived_by_name}. {check.waived_reason}"


def _before(check: FollowUpCheck) -> list[Any]:
    """What was recorded earlier about the same support, latest first."""
    return list(
        db.session.execute(
            select(
                FollowUpCheck.stage,
                FollowUpCheck.outcome,
                FollowUpCheck.method,
                FollowUpCheck.waiting_on,
                FollowUpCheck.note,
                FollowUpCheck.done_on,
                FollowUpCheck.done_by_name,
            )
            .where(
                FollowUpCheck.referral_id == check.referral_id
                if check.referral_id
                else FollowUpCheck.step_down_id == check.step_down_id,
                FollowUpCheck.state == CheckState.DONE,
                FollowUpCheck.id < check.id,
            )
            .order_by(FollowUpCheck.id.desc())
        )
    )


def _tried(streak: list[Any]) -> str | None:
    """The ways of the tries in a row that had no answer: each once, the first one first."""
    ways = [CHOICES[each.method].lower() for each in reversed(streak) if each.outcome is CheckOutcome.NO_ANSWER]
    return ", ".join(dict.fromkeys(ways)) or None


def proposed(check: FollowUpCheck) -> date | None:
    """The day of the next check that is offered; None where this one is already recorded."""
    if check.state is not CheckState.DUE:
        return None
    rule = POLICY.get(check.stage)
    # What goes on is asked about after weeks; what has not begun, or may have stopped, sooner.
    again = rule.again if rule and check.stage is not CheckStage.STARTED else Standard.RETRY
    return practice.due_after(clock.today(), again)


def waits_on(check: FollowUpCheck) -> str | None:
    """Whom a family on a waiting list waits for: offered, and often right. One statement, or none."""
    if check.stage is not CheckStage.WAITING or check.referral_id is None:
        return None
    return db.session.execute(
        select(SupportReferral.service_name).where(SupportReferral.id == check.referral_id)
    ).scalar_one()
