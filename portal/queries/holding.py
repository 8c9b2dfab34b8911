"""Who holds how many families, who covers for whom; and everything one person holds."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import aliased

from portal.core import clock
from portal.core.db import db
from portal.domain.dates import near
from portal.domain.leads import LeadState
from portal.domain.plans import OPEN_ACTIONS
from portal.domain.roles import LEADERS, Role
from portal.domain.support import CheckState
from portal.facts import sharing
from portal.models.families import CoordinatorAssignment, Family
from portal.models.following import FollowUpCheck, SupportReferral
from portal.models.handover import LeadAssignment
from portal.models.people import CoordinatorCover, DutyCoordinator, Organisation, User, UserRole
from portal.models.record import FamilySummary
from portal.models.teamwork import PlanAction, TeamMember

MOST = 500
ANYTHING = (Role.COORDINATOR, Role.EARLY_HELP_MANAGER, Role.PARTNER, Role.SOCIAL_WORKER)
# Whose it can become, by what it is.
TAKES: Mapping[str, tuple[Role, ...]] = {
    "families": (Role.COORDINATOR,),
    "leads": LEADERS,
    "actions": ANYTHING,
    "checks": ANYTHING,
}
# Why something stays where nobody of those chosen can take it.
NOBODY_TAKES: Mapping[str, str] = {
    "families": "Stays where it is: nobody you chose is {coordinator:a}",
    "leads": "Stays where it is: nobody you chose can be {lead_professional:a}",
}


@dataclass(frozen=True)
class Person:
    """Somebody who holds something. `gone`: their account is closed."""

    user_id: int
    name: str
    organisation: str
    gone: bool
    families: int
    leads: int
    actions: int
    checks: int


@dataclass(frozen=True)
class Cover:
    id: int
    words: str


@dataclass(frozen=True)
class Everybody:
    people: list[Person]
    covers: list[Cover]
    # Who is given a family that has no coordinator when support is suggested to it.
    on_duty: str | None


def on_duty_id() -> str | None:
    """The coordinator on duty, as a form holds them; None where nobody is."""
    found = _on_duty(User.id)
    return str(found) if found else None


def _on_duty(column: Any) -> Any:
    """Of the coordinator on duty, unless their account is closed."""
    latest = select(func.max(DutyCoordinator.id)).scalar_subquery()
    return db.session.execute(
        select(column)
        .join(DutyCoordinator, DutyCoordinator.user_id == User.id)
        .where(DutyCoordinator.id == latest, User.active)
    ).scalar_one_or_none()


def everybody() -> Everybody:
    """Coordinators, and everybody else who leads, owns or checks something; those whose account is closed first."""
    today = clock.today()
    families = (
        select(func.count(CoordinatorAssignment.id))
        .where(CoordinatorAssignment.user_id == User.id, CoordinatorAssignment.to_on.is_(None))
        .where(_open(CoordinatorAssignment.family_id))
        .correlate(User)
        .scalar_subquery()
    )
    leads = (
        select(func.count(LeadAssignment.id))
        .where(LeadAssignment.user_id == User.id, LeadAssignment.state == LeadState.ACCEPTED)
        .correlate(User)
        .scalar_subquery()
    )
    actions = (
        select(func.count(PlanAction.id))
        .join(TeamMember, TeamMember.id == PlanAction.owner_id)
        .where(TeamMember.user_id == User.id, PlanAction.state.in_(OPEN_ACTIONS))
        .correlate(User)
        .scalar_subquery()
    )
    checks = (
        select(func.count(FollowUpCheck.id))
        .where(FollowUpCheck.owner_id == User.id, FollowUpCheck.state == CheckState.DUE)
        .correlate(User)
        .scalar_subquery()
    )
    coordinates = (
        select(UserRole.user_id).where(UserRole.user_id == User.id, UserRole.role == Role.COORDINATOR).exists()
    )
    rows = db.session.execute(
        select(
            User.id,
            User.name,
            Organisation.name.label("organisation"),
            User.active,
            families.label("families"),
            leads.label("leads"),
            actions.label("actions"),
            checks.label("checks"),
        )
        .join(Organisation, Organisation.id == User.organisation_id)
        .where(or_(coordinates & User.active, families > 0, leads > 0, actions > 0, checks > 0))
        .order_by(User.active, Organisation.name, User.name, User.id)
    ).all()
    return Everybody(
        people=[
            Person(
                row.id,
                row.name,
                row.organisation,
                not row.active,
                row.families,
                row.leads,
                row.actions,
                row.checks,
            )
            for row in rows
        ],
        covers=[_cover(row, today) for row in _covers(today)],
        on_duty=_on_duty(User.name),
    )


def _open(family_id: Any) -> Any:
    return select(FamilySummary.family_id).where(FamilySummary.family_id == family_id, FamilySummary.open).exists()


def _covers(today: date) -> Any:
    away, cover = aliased(User), aliased(User)
    return db.session.execute(
        select(
            CoordinatorCover.id,
            away.name.label("away"),
            cover.name.label("cover"),
            CoordinatorCover.from_on,
            CoordinatorCover.to_on,
        )
        .join(away, away.id == CoordinatorCover.user_id)
        .join(cover, cover.id == CoordinatorCover.cover_id)
        .where(CoordinatorCover.withdrawn_at.is_(None), CoordinatorCover.to_on >= today)
        .order_by(CoordinatorCover.from_on, CoordinatorCover.id)
    ).all()


def _cover(row: Any, today: date) -> Cover:
    return Cover(
        row.id, f"{row.cover} covers for {row.away} from {near(row.from_on, today)} to {near(row.to_on, today)}"
    )


@dataclass(frozen=True)
class Item:
    """One thing that somebody holds. `stays` says why it cannot be passed on here."""

    id: int
    words: str
    stays: str | None = None


@dataclass(frozen=True)
class Held:
    """Everything one person holds, by kind."""

    user_id: int
    name: str
    families: list[Item]
    leads: list[Item]
    actions: list[Item]
    checks: list[Item]

    def kinds(self) -> list[tuple[str, str, list[Item]]]:
        """Name of the kind in the form, its heading, its things."""
        return [
            ("families", "Families they coordinate", self.families),
            ("leads", "Families they lead, or were asked to lead", self.leads),
            ("actions", "{Action:many}", self.actions),
            ("checks", "{Follow_up_check:many}", self.checks),
        ]

    @property
    def count(self) -> int:
        return len(self.families) + len(self.leads) + len(self.actions) + len(self.checks)


def held(user_id: int) -> Held | None:
    """What this person holds in open families within the viewer's reach; None where there is no such person."""
    name = db.session.scalars(select(User.name).where(User.id == user_id)).first()
    if name is None:
        return None
    today = clock.today()
    return Held(user_id, name, _families(user_id), _leads(user_id), _actions(user_id, today), _checks(user_id, today))


def _of(family_id: int, name: str) -> str:
    return f"{name}, {Family.ref_prefix}-{family_id}"


def _families(user_id: int) -> list[Item]:
    rows = db.session.execute(
        select(Family.id, Family.name)
        .join(CoordinatorAssignment, CoordinatorAssignment.family_id == Family.id)
        .where(CoordinatorAssignment.user_id == user_id, CoordinatorAssignment.to_on.is_(None), _open(Family.id))
        .order_by(Family.id)
        .limit(MOST)
    ).all()
    return [Item(row.id, _of(row.id, row.name)) for row in rows]


def _leads(user_id: int) -> list[Item]:
    asked = aliased(LeadAssignment)
    after = (
        select(asked.name)
        .where(asked.family_id == LeadAssignment.family_id, asked.state == LeadState.NOMINATED)
        .where(asked.id != LeadAssignment.id)
        .correlate(LeadAssignment)
        .limit(1)
        .scalar_subquery()
    )
    rows = db.session.execute(
        select(LeadAssignment.id, LeadAssignment.state, LeadAssignment.family_id, Family.name, after.label("after"))
        .join(Family, Family.id == LeadAssignment.family_id)
        .where(
            LeadAssignment.user_id == user_id,
            LeadAssignment.state.in_([LeadState.NOMINATED, LeadState.ACCEPTED]),
            _open(LeadAssignment.family_id),
        )
        .order_by(LeadAssignment.family_id, LeadAssignment.id)
        .limit(MOST)
    ).all()
    return [
        Item(
            row.id,
            _of(row.family_id, row.name) + ("" if row.state is LeadState.ACCEPTED else ": asked, not answered yet"),
            f"{row.after} was asked to lead after them" if row.after else None,
        )
        for row in rows
    ]


def _actions(user_id: int, today: date) -> list[Item]:
    rows = db.session.execute(
        select(PlanAction.id, PlanAction.what, PlanAction.due_on, PlanAction.family_id, Family.name)
        .join(TeamMember, TeamMember.id == PlanAction.owner_id)
        .join(Family, Family.id == PlanAction.family_id)
        .where(TeamMember.user_id == user_id, PlanAction.state.in_(OPEN_ACTIONS))
        .order_by(PlanAction.due_on, PlanAction.id)
        .limit(MOST)
    ).all()
    return [
        Item(
            row.id,
            f"{PlanAction.ref_prefix}-{row.id}, {row.what}: by {near(row.due_on, today)} "
            f"({_of(row.family_id, row.name)})",
        )
        for row in rows
    ]


def _checks(user_id: int, today: date) -> list[Item]:
    rows = db.session.execute(
        select(
            FollowUpCheck.id,
            FollowUpCheck.due_on,
            FollowUpCheck.family_id,
            Family.name,
            SupportReferral.service_name,
        )
        .join(Family, Family.id == FollowUpCheck.family_id)
        .outerjoin(SupportReferral, SupportReferral.id == FollowUpCheck.referral_id)
        .where(FollowUpCheck.owner_id == user_id, FollowUpCheck.state == CheckState.DUE)
        .order_by(FollowUpCheck.due_on, FollowUpCheck.id)
        .limit(MOST)
    ).all()
    return [
        Item(
            row.id,
            f"{FollowUpCheck.ref_prefix}-{row.id}{f', {row.service_name}' if row.service_name else ''}: "
            f"due {near(row.due_on, today)} ({_of(row.family_id, row.name)})",
        )
        for row in rows
    ]


@dataclass(frozen=True)
class Taker:
    """Somebody who could take something over. `words`: name and organisation; `kinds`: of what, as `Held` names it."""

    id: int
    words: str
    kinds: frozenset[str]


def takers(user_id: int) -> list[Taker]:
    """Everybody who could take something over from this person, by organisation and name."""
    rows = db.session.execute(
        select(User.id, User.name, Organisation.name.label("organisation"), UserRole.role)
        .join(Organisation, Organisation.id == User.organisation_id)
        .join(UserRole, UserRole.user_id == User.id)
        .where(User.active, User.id != user_id, sharing.is_live(clock.today()), UserRole.role.in_(ANYTHING))
        .order_by(Organisation.name, User.name, User.id)
    ).all()
    return [
        Taker(id_, f"{name}, {organisation}", _takes({row.role for row in some}))
        for (id_, name, organisation), some in groupby(rows, key=lambda row: (row.id, row.name, row.organisation))
    ]


def _takes(roles: set[Role]) -> frozenset[str]:
    return frozenset(kind for kind, able in TAKES.items() if roles.intersection(able))
