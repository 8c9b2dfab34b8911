"""Who covers for whom, when, and where cover is asked for."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, exists, select

from portal.core import clock
from portal.core.db import db
from portal.domain.dates import near
from portal.domain.leads import LeadState
from portal.domain.plans import OPEN_ACTIONS
from portal.domain.viewer import Viewer
from portal.facts import closures
from portal.facts.closures import Closure
from portal.models.families import Family
from portal.models.handover import LeadAssignment, LeadCover
from portal.models.people import User
from portal.models.teamwork import PlanAction, TeamMember
from portal.queries.candidates import Candidate, candidates


@dataclass(frozen=True)
class CoverRow:
    """Cover that holds or is to come."""

    ref: str
    words: str


@dataclass(frozen=True)
class Covering:
    """The page on which cover for one lead is named. The days are those of the closure it is asked for, if any."""

    covers: list[CoverRow]
    candidates: list[Candidate]
    asked: str | None
    from_on: date | None
    to_on: date | None


def of_lead(lead: LeadAssignment) -> Covering:
    today = clock.today()
    rows = db.session.execute(
        select(LeadCover.id, User.name, LeadCover.from_on, LeadCover.to_on)
        .join(User, User.id == LeadCover.user_id)
        .where(LeadCover.assignment_id == lead.id, LeadCover.withdrawn_at.is_(None), LeadCover.to_on >= today)
        .order_by(LeadCover.from_on, LeadCover.id)
    ).all()
    works_for = select(User.organisation_id).where(User.id == lead.user_id)
    organisation_id = db.session.scalars(works_for).first()
    asked = closures.asking(today, organisation_id=organisation_id) if organisation_id else []
    first = next((each for each in asked if not any(_spans(row, each) for row in rows)), None)
    return Covering(
        covers=[
            CoverRow(
                f"{LeadCover.ref_prefix}-{row.id}",
                f"{row.name}, from {near(row.from_on, today)} to {near(row.to_on, today)}",
            )
            for row in rows
        ],
        candidates=[each for each in candidates() if each.value != str(lead.user_id)],
        asked=closed_words(first, today) if first else None,
        from_on=max(first.from_on, today) if first else None,
        to_on=first.to_on if first else None,
    )


def _spans(cover: Any, closure: Closure) -> bool:
    return bool(cover.from_on <= closure.from_on and cover.to_on >= closure.to_on)


def closed_words(closure: Closure, today: date) -> str:
    return (
        f"{closure.organisation} closes from {near(closure.from_on, today)} to {near(closure.to_on, today)} "
        f"({closure.name})"
    )


@dataclass(frozen=True)
class AskedCover:
    """Something of the viewer's that falls in days on which their organisation is closed."""

    words: str
    href: str
    link: str


@dataclass(frozen=True)
class ClosureAsks:
    """One closure of the viewer's organisation, and what it leaves without anybody."""

    words: str
    asks: list[AskedCover]


def asked_of(viewer: Viewer) -> list[ClosureAsks]:
    """What the viewer is asked to find cover for; one statement where nobody of theirs closes, two a closure that is
    near."""
    today, found = clock.today(), []
    for closure in closures.asking(today, organisation_id=viewer.organisation_id):
        asks = [*_led(viewer, closure), *_owned(viewer, closure)]
        if asks:
            found.append(ClosureAsks(closed_words(closure, today), asks))
    return found


def _led(viewer: Viewer, closure: Closure) -> list[AskedCover]:
    rows = db.session.execute(
        select(LeadAssignment.id, LeadAssignment.family_id)
        .where(
            LeadAssignment.user_id == viewer.user_id,
            LeadAssignment.state == LeadState.ACCEPTED,
            ~covered(closure),
        )
        .order_by(LeadAssignment.family_id)
    ).all()
    return [
        AskedCover(
            f"You lead {Family.ref_prefix}-{row.family_id}, and nobody covers for you.",
            f"/leads/{LeadAssignment.ref_prefix}-{row.id}/cover",
            f"Name who covers for {Family.ref_prefix}-{row.family_id}",
        )
        for row in rows
    ]


def covered(closure: Closure) -> ColumnElement[bool]:
    """The condition on LeadAssignment that one cover holds on every day of the closure."""
    return exists().where(
        LeadCover.assignment_id == LeadAssignment.id,
        LeadCover.withdrawn_at.is_(None),
        LeadCover.from_on <= closure.from_on,
        LeadCover.to_on >= closure.to_on,
    )


def _owned(viewer: Viewer, closure: Closure) -> list[AskedCover]:
    rows = db.session.execute(
        select(PlanAction.id, PlanAction.what)
        .join(TeamMember, TeamMember.id == PlanAction.owner_id)
        .where(
            TeamMember.user_id == viewer.user_id,
            PlanAction.state.in_(OPEN_ACTIONS),
            PlanAction.due_on.between(closure.from_on, closure.to_on),
        )
        .order_by(PlanAction.due_on, PlanAction.id)
    ).all()
    return [
        AskedCover(
            f"{row.what} falls due in these days. Do it before, or ask for another date or person.",
            f"/actions/{PlanAction.ref_prefix}-{row.id}",
            f"See {PlanAction.ref_prefix}-{row.id}",
        )
        for row in rows
    ]
