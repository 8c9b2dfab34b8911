"""When it is asked whether support has begun, by policy: of one referral, or as columns of many."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import String, and_, case, cast, func, literal, null, select
from sqlalchemy.sql.elements import ColumnElement

from portal.core import clock
from portal.core.db import db, written
from portal.domain.dates import Calendar
from portal.domain.event_kinds import E
from portal.domain.following import FOLLOWED_AS, POLICY, asks
from portal.domain.standards import DEFAULTS, Standard
from portal.domain.support import STANDING_CHECKS, CheckOutcome, CheckStage
from portal.facts import practice
from portal.facts.at_hand import at_hand
from portal.models.following import FollowUpCheck, SupportReferral
from portal.models.record import Event


@dataclass(frozen=True)
class AskingDates:
    """The policy as it counts today: the council's working days and its practice standards."""

    today: date
    days: Calendar
    amounts: Mapping[Standard, int]

    def first(self, stage: CheckStage, since: date, no_later: date | None = None) -> date:
        """The working day on which this stage is asked about, which began at `since`. Nobody is late for a check that
        did not exist: a stage that began far back is asked about today, except that what was suggested weeks ago is
        overdue at once."""
        standard = POLICY[stage].after
        due_on = practice.counted_from(since, self.amounts[standard], DEFAULTS[standard].unit, self.days)
        if no_later is not None:
            due_on = min(due_on, self.days.due(no_later))
        return due_on if stage is CheckStage.SIGNPOSTED else max(due_on, self.days.due(self.today))


def dates() -> AskingDates:
    """One statement at most."""
    how = at_hand()
    return AskingDates(clock.today(), how.calendar, how.amounts)


def first_of(referral: SupportReferral, stage: CheckStage) -> date:
    """Of a referral at this stage."""
    rule = POLICY[stage]
    since = getattr(referral, rule.since) or referral.given_on
    return dates().first(stage, since, getattr(referral, rule.no_later) if rule.no_later else None)


def said_no_column() -> ColumnElement[bool]:
    """Whether a check that nobody has answered yet comes after the service said no: of the check and its referral, if
    it has one."""
    return and_(FollowUpCheck.state.in_(STANDING_CHECKS), SupportReferral.declined_on.is_not(None))


def answered_by_column() -> Any:
    """What a check was answered by, where nobody asked: of the check, the words of its line of history."""
    line = (
        select(Event.data)
        .where(
            Event.family_id == FollowUpCheck.family_id,
            Event.kind == written(E.CHECK_GONE_ON),
            Event.subject == literal(f"{FollowUpCheck.ref_prefix}-", String) + cast(FollowUpCheck.id, String),
        )
        .order_by(Event.id.desc())
        .limit(1)
        .correlate(FollowUpCheck)
        .scalar_subquery()
    )
    return case((FollowUpCheck.outcome == written(CheckOutcome.GONE_ON), line))


def question(check_id: int) -> str | None:
    """What a check asks; None where it is out of reach."""
    row = db.session.execute(
        select(FollowUpCheck.stage, said_no_column().label("said_no"))
        .outerjoin(SupportReferral, SupportReferral.id == FollowUpCheck.referral_id)
        .where(FollowUpCheck.id == check_id)
    ).first()
    return None if row is None else asks(row.stage, said_no=row.said_no)


def stage_column() -> ColumnElement[Any]:
    """At which stage a referral is asked about; empty where it is over."""
    stages = {written(state): written(stage) for state, stage in FOLLOWED_AS.items()}
    return case(stages, value=SupportReferral.state, else_=null())


def since_column() -> ColumnElement[date]:
    """The day its stage began."""
    began = {written(state): getattr(SupportReferral, POLICY[stage].since) for state, stage in FOLLOWED_AS.items()}
    return func.coalesce(case(began, value=SupportReferral.state), SupportReferral.given_on)


def no_later_column() -> ColumnElement[date | None]:
    """The day that is not waited past; empty at a stage without one."""
    ends = {
        written(state): getattr(SupportReferral, no_later)
        for state, stage in FOLLOWED_AS.items()
        if (no_later := POLICY[stage].no_later)
    }
    return case(ends, value=SupportReferral.state, else_=null())
