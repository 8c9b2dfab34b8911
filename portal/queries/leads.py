"""Accepting a step-down's lead; who leads or was asked, what they said, and where nobody is found."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.domain.dates import Calendar, counted, london_date, near
from portal.domain.leads import LeadState, not_found_on
from portal.domain.standards import Standard
from portal.domain.step_downs import Destination, needs_lead
from portal.domain.viewer import Viewer
from portal.domain.wording import CHOICES
from portal.facts import leading, practice
from portal.facts.practice import calendar
from portal.models.families import Family
from portal.models.handover import LeadAssignment, LeadCover, LeadDecision, StepDown
from portal.models.people import User
from portal.models.record import FamilySummary
from portal.queries import doors
from portal.queries.candidates import OUTSIDE, Candidate, candidates, outside
from portal.queries.doors import AskedAbout
from portal.queries.shapes import Due, Tag, due, tag


@dataclass(frozen=True)
class Acceptance:
    """What accepting one step-down asks. `chosen` is who was asked, where it is accepted already; `instead` says what
    happens where nobody has to be named."""

    candidates: list[Candidate]
    chosen: str | None
    instead: str | None

    @property
    def asks(self) -> bool:
        return self.instead is None


@dataclass(frozen=True)
class Asked:
    """Somebody who was asked to lead, and what they answered. `known`: before the portal came, so that nobody was
    asked here."""

    name: str
    tag: Tag
    known: bool
    asked: str
    by_whom: str
    answered: str | None
    reason: str | None
    ended: str | None
    end_reason: str | None


@dataclass(frozen=True)
class Standing:
    """Somebody who leads or was asked. `about`: what else is known, in a sentence; `late`: that asks for something
    now. `told`: they have no sign-in, so that others record what they say."""

    ref: str
    name: str
    about: str | None
    late: bool
    told: bool


@dataclass(frozen=True)
class Missing:
    """No lead was found. `decide_by` is the manager's limit; `decided` is what they decided since."""

    words: str
    decide_by: Due | None
    decided: str | None


@dataclass(frozen=True)
class Asking:
    """The page on which somebody is asked to lead. `chosen` is who leads or was asked, `chosen_ref` that request."""

    leads: Standing | None
    nominee: Standing | None
    open: bool
    chosen: str | None
    chosen_ref: str | None
    preferred: str | None
    missing: Missing | None
    covers: list[str]
    history: list[Asked]
    candidates: list[Candidate]


@dataclass(frozen=True)
class Question:
    """A request to lead that waits for the viewer's answer. It names nobody of the family: they do not reach it yet."""

    ref: str
    by_whom: str
    due: Due | None
    about: AskedAbout | None


def acceptance(step_down: StepDown) -> Acceptance:
    """Whom accepting asks for, or why nobody."""
    current = leading.current(step_down.family_id)
    own = current is not None and current.step_down_id == step_down.id
    if current is not None and not own:
        return Acceptance([], None, _keeps(current))
    if not needs_lead(step_down.destination):
        return Acceptance([], None, _nobody(step_down))
    return Acceptance(candidates(), _value(current) if current and own else None, None)


def _keeps(current: leading.Leading) -> str:
    if current.accepted:
        return f"{current.name} is the family’s {{lead_professional}} already, and goes on."
    return f"{current.name} has been asked to be the family’s {{lead_professional}} already."


def _nobody(step_down: StepDown) -> str:
    if step_down.destination is Destination.SAME_WORKER:
        worker = db.session.execute(select(User.name).where(User.id == step_down.social_worker_id)).scalar_one()
        return f"{worker} goes on with the family, and becomes their {{lead_professional}} when you accept."
    return "Nobody is asked to lead: you become the family’s {coordinator}, and follow up until support has started."


def asking(family: Family) -> Asking:
    """Who leads or was asked, whom the family would prefer, who said no and why."""
    today, days = clock.today(), calendar()
    now = leading.standing(family.id)
    preferred = db.session.scalars(
        select(StepDown.preferred_lead)
        .where(StepDown.family_id == family.id, StepDown.preferred_lead.is_not(None))
        .order_by(StepDown.id.desc())
        .limit(1)
    ).first()
    latest = now.asked or now.lead
    return Asking(
        leads=_leads(now.lead, today) if now.lead else None,
        nominee=_asked(now.asked, today, days) if now.asked else None,
        open=now.may_ask,
        chosen=_value(latest) if latest else None,
        chosen_ref=_ref(latest) if latest else None,
        preferred=preferred,
        missing=missing(family.id, today, days),
        covers=_covers(now.lead, today) if now.lead else [],
        history=_history(family.id),
        candidates=[*outside(family.id), *candidates()],
    )


def _ref(of: leading.Leading) -> str:
    return f"{LeadAssignment.ref_prefix}-{of.assignment_id}"


def _value(of: leading.Leading) -> str:
    return str(of.user_id) if of.user_id is not None else f"{OUTSIDE}{of.member_id}"


def _leads(lead: leading.Leading, today: date) -> Standing:
    about = None
    if lead.until_on is not None:
        over = lead.until_on < today
        about = (
            f"They were to lead for the time being until {near(lead.until_on, today)}. Ask somebody to follow them."
            if over
            else f"They lead for the time being, until {near(lead.until_on, today)}."
        )
    if lead.leaving:
        about = "They lead until somebody else has accepted."
    return Standing(
        _ref(lead),
        lead.name,
        about,
        late=lead.until_on is not None and lead.until_on < today,
        told=lead.user_id is None,
    )


def _asked(asked: leading.Leading, today: date, days: Calendar) -> Standing:
    late = days.is_overdue(asked.answer_by, today)
    about = f"They were to answer by {near(asked.answer_by, today)}"
    return Standing(
        _ref(asked),
        asked.name,
        f"{about}. Withdraw the request and ask somebody else, or ring them." if late else f"{about}.",
        late=late,
        told=asked.user_id is None,
    )


def _covers(lead: leading.Leading, today: date) -> list[str]:
    rows = db.session.execute(
        select(User.name, LeadCover.from_on, LeadCover.to_on)
        .join(User, User.id == LeadCover.user_id)
        .where(
            LeadCover.assignment_id == lead.assignment_id,
            LeadCover.withdrawn_at.is_(None),
            LeadCover.to_on >= today,
        )
        .order_by(LeadCover.from_on, LeadCover.id)
    ).all()
    return [f"{row.name} covers from {near(row.from_on, today)} to {near(row.to_on, today)}." for row in rows]


def missing(family_id: int, today: date, days: Calendar) -> Missing | None:
    """None while somebody leads, or nobody has to, or it is not yet too long or too often."""
    row = db.session.execute(
        select(FamilySummary.lead_missing_since, FamilySummary.lead_declines, FamilySummary.lead_decided).where(
            FamilySummary.family_id == family_id, FamilySummary.lead_missing_since.is_not(None)
        )
    ).first()
    if row is None:
        return None
    declined = db.session.scalars(
        select(LeadAssignment.answered_at)
        .where(LeadAssignment.family_id == family_id, LeadAssignment.state == LeadState.DECLINED)
        .order_by(LeadAssignment.id.desc())
        .limit(row.lead_declines)
    ).all()
    found_on = not_found_on(
        row.lead_missing_since,
        [london_date(at) for at in declined if at],
        days,
        declines=practice.amount(Standard.LEAD_DECLINES),
        limit=practice.amount(Standard.LEAD_MISSING),
    )
    if found_on > today:
        return None
    times = f" {counted(row.lead_declines, 'person has', 'people have')} said no." if row.lead_declines else ""
    return Missing(
        words=f"No {{lead_professional}} since {near(row.lead_missing_since, today)}.{times}",
        decide_by=due(practice.due_after(found_on, Standard.LEAD_DECIDE, days), today, days),
        decided=_decided(family_id, today) if row.lead_decided else None,
    )


def _decided(family_id: int, today: date) -> str:
    row = db.session.execute(
        select(LeadDecision.decision, LeadDecision.decided_by_name, LeadDecision.decided_on, LeadDecision.why)
        .where(LeadDecision.family_id == family_id)
        .order_by(LeadDecision.id.desc())
        .limit(1)
    ).one()
    return f"{row.decided_by_name} decided on {near(row.decided_on, today)}: {CHOICES[row.decision]}. {row.why}"


def _history(family_id: int) -> list[Asked]:
    today = clock.today()
    rows = db.session.scalars(
        select(LeadAssignment).where(LeadAssignment.family_id == family_id).order_by(LeadAssignment.id.desc())
    ).all()
    return [
        Asked(
            name=row.name,
            tag=tag(row.state),
            known=row.state in (LeadState.ACCEPTED, LeadState.ENDED) and row.answered_at is None,
            asked=near(london_date(row.nominated_at), today),
            by_whom=row.nominated_by_name,
            answered=near(london_date(row.answered_at), today) if row.answered_at else None,
            reason=row.answer_reason,
            ended=f"{near(row.ended_on, today)}: {CHOICES[row.end_code]}" if row.ended_on and row.end_code else None,
            end_reason=row.end_reason if row.state is LeadState.ENDED else None,
        )
        for row in rows
    ]


def asked_of(viewer: Viewer) -> list[Question]:
    """Requests to lead that wait for the viewer, most urgent first; three statements beside the calendar."""
    rows = db.session.execute(
        select(LeadAssignment.id, LeadAssignment.nominated_by_name, LeadAssignment.answer_by)
        .where(LeadAssignment.user_id == viewer.user_id, LeadAssignment.state == LeadState.NOMINATED)
        .order_by(LeadAssignment.answer_by, LeadAssignment.id)
    ).all()
    if not rows:
        return []
    today, days, about = clock.today(), calendar(), doors.asked_about(viewer)
    return [
        Question(
            f"{LeadAssignment.ref_prefix}-{row.id}",
            row.nominated_by_name,
            due(row.answer_by, today, days),
            about.get(row.id),
        )
        for row in rows
    ]
