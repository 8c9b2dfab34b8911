"""Actions and checks that wait for somebody who could be reminded: whose they are, and what stands against it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, String, and_, cast, func, literal, null, select
from sqlalchemy.orm import aliased

from portal.core import clock
from portal.core.db import UTCDateTime, db, when_run
from portal.core.sealed import opened, within
from portal.domain.dates import london_date, near
from portal.domain.following import AFTERWARDS
from portal.domain.plans import OPEN_ACTIONS
from portal.domain.reminders import AGAIN_AFTER, NOT_WAITING, OWN, REMINDED, numbers_in, reminded, ring
from portal.domain.roles import Role
from portal.domain.support import CheckState
from portal.domain.viewer import Viewer
from portal.facts import sharing
from portal.facts.open_things import goes_on
from portal.models.families import Family
from portal.models.following import FollowUpCheck, SupportReferral
from portal.models.people import Organisation, User, UserRole
from portal.models.record import Event
from portal.models.teamwork import PlanAction, TeamMember
from portal.policies import barred


@dataclass(frozen=True)
class Waiting:
    """One action or check, and whose it is. `why_not`: no reminder of it is sent, in a few words."""

    thing: PlanAction | FollowUpCheck
    what: str
    who: str
    user_id: int | None
    why_not: str | None
    waits: bool

    @property
    def ref(self) -> str:
        return self.thing.ref


def of(refs: Iterable[str], viewer: Viewer) -> list[Waiting]:
    """Those of these references that are in the viewer's reach, by family; in two statements."""
    asked = numbers_in(refs)
    today = clock.today()
    rows = [
        *(db.session.execute(_actions(asked["A"], today)) if asked["A"] else ()),
        *(db.session.execute(_checks(asked["C"], today)) if asked["C"] else ()),
    ]
    found = [_waiting(row, viewer, today) for row in rows]
    return sorted(found, key=lambda each: (each.thing.family_id, each.ref[0], each.thing.id))


def families_of(refs: Iterable[str]) -> Sequence[int]:
    """The families these belong to, in reach, in the order in which they are locked."""
    asked = numbers_in(refs)
    ids: set[int] = set()
    for model, numbers in ((PlanAction, asked["A"]), (FollowUpCheck, asked["C"])):
        if numbers:
            ids |= set(db.session.scalars(select(model.family_id).where(model.id.in_(numbers))))
    return sorted(ids)


def _actions(numbers: list[int], today: date) -> Any:
    waits = and_(PlanAction.state.in_(OPEN_ACTIONS), PlanAction.revision_id.is_(None), goes_on(PlanAction.episode_id))
    return (
        select(
            PlanAction,
            PlanAction.what.label("what"),
            TeamMember.name.label("who"),
            TeamMember.user_id,
            User.phone_sealed,
            TeamMember.id.label("member"),
            TeamMember.contact_sealed,
            reminded_at(PlanAction.family_id, ref_of(PlanAction)).label("reminded_at"),
            waits.label("waits"),
            and_(TeamMember.left_on.is_(None), _may_be_told(today)).label("told"),
        )
        .join(Family, Family.id == PlanAction.family_id)
        .join(TeamMember, TeamMember.id == PlanAction.owner_id)
        .outerjoin(User, User.id == TeamMember.user_id)
        .outerjoin(Organisation, Organisation.id == User.organisation_id)
        .where(PlanAction.id.in_(numbers))
    )


def _checks(numbers: list[int], today: date) -> Any:
    return (
        select(
            FollowUpCheck,
            SupportReferral.service_name.label("what"),
            User.name.label("who"),
            User.id.label("user_id"),
            User.phone_sealed,
            null().label("member"),
            null().label("contact_sealed"),
            reminded_at(FollowUpCheck.family_id, ref_of(FollowUpCheck)).label("reminded_at"),
            (FollowUpCheck.state == CheckState.DUE).label("waits"),
            _may_be_told(today).label("told"),
        )
        .join(Family, Family.id == FollowUpCheck.family_id)
        .join(User, User.id == FollowUpCheck.owner_id)
        .join(Organisation, Organisation.id == User.organisation_id)
        .outerjoin(SupportReferral, SupportReferral.id == FollowUpCheck.referral_id)
        .where(FollowUpCheck.id.in_(numbers))
    )


def ref_of(model: type[PlanAction] | type[FollowUpCheck]) -> ColumnElement[str]:
    return literal(f"{model.ref_prefix}-", String) + cast(model.id, String)


def _may_be_told(today: date) -> ColumnElement[bool]:
    """The condition on a user and a family: they can sign in, their organisation shares, and nothing keeps the family
    from them."""
    administers = select(UserRole.role).where(UserRole.user_id == User.id, UserRole.role == Role.ADMINISTRATOR)
    return and_(
        User.active,
        sharing.is_live(today),
        ~administers.exists(),
        barred.may_know(Family, User.id),
    )


def reminded_at(family_id: Any, subject: Any) -> Any:
    """When somebody was last reminded of this within a day, unless that was taken back: a column of a SELECT that has
    these."""
    back = aliased(Event)
    return (
        select(func.max(Event.recorded_at))
        .where(
            Event.family_id == family_id,
            Event.recorded_at > when_run("reminded_since", _lately, UTCDateTime()),
            Event.subject == subject,
            Event.kind.in_(REMINDED),
            ~select(back.id).where(back.family_id == Event.family_id, back.undoes_id == Event.id).exists(),
        )
        .scalar_subquery()
    )


def _lately() -> datetime:
    return clock.now() - AGAIN_AFTER


def reminded_words(at: datetime | None, today: date) -> str | None:
    """None where they were not."""
    if at is None:
        return None
    day = london_date(at)
    return reminded("today" if day == today else f"on {near(day, today)}")


def _waiting(row: Any, viewer: Viewer, today: date) -> Waiting:
    thing = row[0]
    if not row.waits:
        why_not: str | None = NOT_WAITING
    elif row.user_id == viewer.user_id:
        why_not = OWN
    elif not row.told:
        number = opened(row.contact_sealed, row.member) or opened(row.phone_sealed, row.user_id)
        why_not = ring(row.who, within(number))
    else:
        why_not = reminded_words(row.reminded_at, today)
    return Waiting(
        thing, row.what or AFTERWARDS[thing.stage].about, row.who, row.user_id, why_not, waits=bool(row.waits)
    )
