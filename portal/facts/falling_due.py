"""Whose actions and checks are due, and who is told of each: its owner, who stands in for them, or who rings them."""

import enum
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.sql.elements import ColumnElement

from portal.core.db import db
from portal.domain.dates import Calendar
from portal.domain.digests import Ladder, Often, Rung, Window, windows
from portal.domain.episodes import OPEN_EPISODES
from portal.domain.leads import LeadState
from portal.domain.plans import OPEN_ACTIONS
from portal.domain.roles import Role
from portal.domain.standards import Standard
from portal.domain.support import CheckState, Escalation
from portal.domain.viewer import Viewer
from portal.facts import leading, practice, recipients
from portal.facts.in_the_way import wanted_by
from portal.models.families import CoordinatorAssignment, Person, PersonKind
from portal.models.following import FollowUpCheck, SupportReferral
from portal.models.handover import Episode, LeadAssignment, LeadCover
from portal.models.messages import DigestDay
from portal.models.people import CoordinatorCover, Organisation, User
from portal.models.teamwork import PlanAction, TeamMember


class How(enum.StrEnum):
    """Why somebody is told: it is theirs, they ring whoever has no sign-in, or it is somebody else's and late."""

    OWN = "own"
    RING = "ring"
    OTHERS = "others"


@dataclass(frozen=True)
class Due:
    """An open action or check, and whose it is."""

    ref: str
    family_id: int
    due_on: date
    owner_id: int | None
    owner: str
    organisation: str | None
    escalated_to: Escalation | None = None


@dataclass(frozen=True)
class Owed:
    """One thing that one person is told of."""

    due: Due
    how: How


@dataclass
class Hands:
    """In whose hands a family is, as users: who leads, who holds it, and who stands in for each today."""

    leads: list[int] = field(default_factory=list)
    lead_covers: list[int] = field(default_factory=list)
    holds: list[int] = field(default_factory=list)
    holder_covers: list[int] = field(default_factory=list)

    def stand_in_for(self, user_id: int) -> list[int]:
        found = self.lead_covers if user_id in self.leads else []
        return [*found, *(self.holder_covers if user_id in self.holds else [])]

    @property
    def coordinators(self) -> list[int]:
        return [*self.holds, *self.holder_covers]


_IS_LOST = or_(Person.died_on.is_not(None), Person.pregnancy_ended_on.is_not(None))


def ladder(days: Calendar) -> Ladder:
    """As the council's standards have it."""
    return Ladder(
        practice.amount(Standard.DUE_SOON),
        practice.amount(Standard.LATE),
        practice.amount(Standard.LATE_AGAIN),
        days,
    )


def windows_of(day: date) -> Mapping[Often, Window]:
    """What the digests of that day tell of, by those that were begun before it; one statement."""
    last, last_weekly = db.session.execute(
        select(func.max(DigestDay.day), func.max(DigestDay.day).filter(DigestDay.weekly)).where(DigestDay.day < day)
    ).one()
    return windows(day, last, last_weekly)


def in_digest(owed: Iterable[Owed], window: Window, of: Ladder) -> list[Owed]:
    """What stands in a digest of that window, the longest overdue first. Of what is somebody else's only what they
    were told of for the last time."""
    found = []
    for each in owed:
        rung = of.rung_in(window, each.due.due_on)
        if rung is Rung.LATE_AGAIN or (rung is not None and each.how is not How.OTHERS):
            found.append(each)
    return sorted(found, key=lambda each: (each.due.due_on, each.due.ref))


def owed(within: Window, today: date, viewer: Viewer | None = None) -> Mapping[int, list[Owed]]:
    """Everything due within these days, by the user who is told of it; for one viewer only what may concern them. Read
    as whoever asks, in at most four statements, and two for each check that was escalated."""
    things = [*_actions(within, today, viewer), *_checks(within, today, viewer)]
    hands = _hands({each.family_id for each in things}, today)
    found: defaultdict[int, list[Owed]] = defaultdict(list)
    for thing in things:
        for user_id, how in dict(reversed(list(_told(thing, hands[thing.family_id], today)))).items():
            found[user_id].append(Owed(thing, how))
    return found


def _told(due: Due, hands: Hands, today: date) -> Iterator[tuple[int, How]]:
    """Users, and why; where somebody comes twice, the first counts."""
    if due.owner_id is not None:
        yield from ((each, How.OWN) for each in [due.owner_id, *hands.stand_in_for(due.owner_id)])
    else:
        yield from ((each, How.RING) for each in [*hands.leads, *hands.lead_covers] or hands.coordinators)
    if due.escalated_to is not None:
        managers = recipients.managers_of(due.escalated_to, due.family_id, today)
        yield from ((each, How.OWN) for each in managers)
    yield from ((each, How.OTHERS) for each in hands.coordinators)


def _actions(within: Window, today: date, viewer: Viewer | None) -> list[Due]:
    due_on = wanted_by()
    rows = db.session.execute(
        select(
            PlanAction.id,
            PlanAction.family_id,
            due_on.label("due_on"),
            TeamMember.user_id,
            TeamMember.name,
            TeamMember.organisation,
        )
        .join(TeamMember, TeamMember.id == PlanAction.owner_id)
        .join(Episode, Episode.id == PlanAction.episode_id)
        .where(
            PlanAction.state.in_(OPEN_ACTIONS),
            PlanAction.revision_id.is_(None),
            Episode.state.in_(OPEN_EPISODES),
            due_on.between(within.first, within.last),
            TeamMember.left_on.is_(None),
            ~is_bereaved(PlanAction.family_id),
            *_concerning(viewer, today, PlanAction.family_id, TeamMember.user_id),
        )
        .order_by(PlanAction.id)
    )
    return [
        Due(f"{PlanAction.ref_prefix}-{row.id}", row.family_id, row.due_on, row.user_id, row.name, row.organisation)
        for row in rows
    ]


def _checks(within: Window, today: date, viewer: Viewer | None) -> list[Due]:
    gone = (
        select(Person.id)
        .join(SupportReferral, SupportReferral.person_id == Person.id)
        .where(SupportReferral.id == FollowUpCheck.referral_id, _IS_LOST)
    )
    escalated = FollowUpCheck.escalated_to.in_(_manages(viewer)) if viewer else None
    rows = db.session.execute(
        select(
            FollowUpCheck.id,
            FollowUpCheck.family_id,
            FollowUpCheck.due_on,
            FollowUpCheck.owner_id,
            FollowUpCheck.escalated_to,
            User.name,
            Organisation.name.label("organisation"),
        )
        .join(User, User.id == FollowUpCheck.owner_id)
        .join(Organisation, Organisation.id == User.organisation_id)
        .where(
            FollowUpCheck.state == CheckState.DUE,
            FollowUpCheck.due_on.between(within.first, within.last),
            ~gone.exists(),
            ~is_bereaved(FollowUpCheck.family_id),
            *_concerning(viewer, today, FollowUpCheck.family_id, FollowUpCheck.owner_id, escalated),
        )
        .order_by(FollowUpCheck.id)
    )
    return [
        Due(
            f"{FollowUpCheck.ref_prefix}-{row.id}",
            row.family_id,
            row.due_on,
            row.owner_id,
            row.name,
            row.organisation,
            row.escalated_to,
        )
        for row in rows
    ]


def is_bereaved(family_id: Any) -> ColumnElement[bool]:
    """No child of the family lives or is expected any more: nobody is asked about anything there."""
    children = select(Person.id).where(Person.family_id == family_id, Person.kind == PersonKind.CHILD)
    return and_(children.where(_IS_LOST).exists(), ~children.where(~_IS_LOST).exists())


def _concerning(
    viewer: Viewer | None, today: date, family_id: Any, owner_id: Any, besides: ColumnElement[bool] | None = None
) -> list[ColumnElement[bool]]:
    if viewer is None:
        return []
    ways = [
        owner_id == viewer.user_id,
        family_id.in_(leading.led_by(viewer.user_id, today)),
        family_id.in_(_held_by(viewer.user_id, today)),
    ]
    return [or_(*ways, *([besides] if besides is not None else []))]


def _held_by(user_id: int, today: date) -> Select[int]:
    covered = select(CoordinatorCover.user_id).where(CoordinatorCover.cover_id == user_id, _covers_on(today))
    return select(CoordinatorAssignment.family_id).where(
        CoordinatorAssignment.to_on.is_(None),
        or_(CoordinatorAssignment.user_id == user_id, CoordinatorAssignment.user_id.in_(covered)),
    )


def _covers_on(day: date) -> ColumnElement[bool]:
    return and_(CoordinatorCover.withdrawn_at.is_(None), CoordinatorCover.from_on <= day, CoordinatorCover.to_on >= day)


def _manages(viewer: Viewer) -> list[Escalation]:
    of = {
        Role.SOCIAL_CARE_MANAGER: Escalation.SOCIAL_CARE_MANAGER,
        Role.EARLY_HELP_MANAGER: Escalation.EARLY_HELP_MANAGER,
    }
    return [to for role, to in of.items() if role in viewer.roles]


def _hands(family_ids: set[int], today: date) -> Mapping[int, Hands]:
    """Of each of these families; two statements."""
    found: defaultdict[int, Hands] = defaultdict(Hands)
    if not family_ids:
        return found
    leads = db.session.execute(
        select(LeadAssignment.family_id, LeadAssignment.user_id, LeadCover.user_id.label("cover_id"))
        .outerjoin(LeadCover, and_(LeadCover.assignment_id == LeadAssignment.id, leading.covers_on(today)))
        .where(LeadAssignment.state == LeadState.ACCEPTED, LeadAssignment.family_id.in_(family_ids))
        .order_by(LeadAssignment.id, LeadCover.id)
    )
    for row in leads:
        _add(found[row.family_id].leads, row.user_id)
        _add(found[row.family_id].lead_covers, row.cover_id)
    coordinators = db.session.execute(
        select(CoordinatorAssignment.family_id, CoordinatorAssignment.user_id, CoordinatorCover.cover_id)
        .outerjoin(CoordinatorCover, and_(CoordinatorCover.user_id == CoordinatorAssignment.user_id, _covers_on(today)))
        .where(CoordinatorAssignment.to_on.is_(None), CoordinatorAssignment.family_id.in_(family_ids))
        .order_by(CoordinatorAssignment.id, CoordinatorCover.id)
    )
    for row in coordinators:
        _add(found[row.family_id].holds, row.user_id)
        _add(found[row.family_id].holder_covers, row.cover_id)
    return found


def _add(to: list[int], user_id: int | None) -> None:
    if user_id is not None and user_id not in to:
        to.append(user_id)
