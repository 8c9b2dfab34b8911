"""Restricting a family, clearing people to see it all the same, and lifting it again."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.core.errors import FieldRefused, Refused
from portal.domain.dates import all_of, full
from portal.domain.event_kinds import E
from portal.domain.permissions import P
from portal.domain.roles import Role
from portal.domain.viewer import Viewer
from portal.facts import sharing
from portal.models.families import Clearance, Family
from portal.models.people import User, UserRole
from portal.models.restricting import Restriction
from portal.policies import barred, rules, ties
from portal.policies.scope import unscoped
from portal.services import history, restriction_requests

LIFTED = "The restriction was lifted"
NO_MANAGER = (
    "Nobody could clear anybody else after this: at least one {early_help_manager} has to stay cleared without a last "
    "day"
)


def restrict(family: Family, why: str, who: Sequence[int], *, without_me: bool, by: Viewer) -> None:
    """From the next request on only these see the family. Raises FieldRefused where nobody would be left who could
    clear anybody, and where whoever restricts it would shut themselves out without saying so."""
    rules.demand(by, P.FAMILY_RESTRICT, family)
    if family.restricted:
        raise Refused("This {family} is restricted already. See who is cleared for it.")
    people = [_demand_can_see(family, user_id, field="who") for user_id in who]
    if not _managers(family.id) & set(who):
        raise FieldRefused("who", NO_MANAGER)
    if by.user_id not in who and not without_me:
        raise FieldRefused("without_me", "You are not among them. Say that you know you cannot open it after this")
    now = clock.now()
    known = _lasting(family.id)
    db.session.add_all(_clearance(family, user, why, None, by) for user in people if user.id not in known)
    db.session.add(Restriction(family_id=family.id, restricted_at=now, restricted_by_id=by.user_id, why=why))
    family.restricted = True
    restriction_requests.grant(family, by=by)
    whom = ", ".join(user.name for user in people)
    told = ("early_help_managers", "coordinator")
    history.record(E.FAMILY_RESTRICTED, family, by=by, data={"whom": whom}, text=why, notify=told)


def clear(family: Family, user_id: int, why: str, until_on: date | None, *, by: Viewer) -> None:
    """One more person sees the family, until the end of a day or until somebody ends it."""
    rules.demand(by, P.FAMILY_RESTRICT, family)
    _demand_cleared(family.id, by)
    _demand_restricted(family)
    user = _demand_can_see(family, user_id, field="who")
    if until_on and until_on < clock.today():
        raise FieldRefused("until_on", "The last day must be today or later")
    earlier = db.session.scalars(
        select(Clearance).where(
            Clearance.family_id == family.id, Clearance.user_id == user.id, Clearance.ended_at.is_(None)
        )
    ).first()
    if earlier is not None and not _is_over(earlier):
        raise FieldRefused("who", "They are cleared already. To change until when, end that first")
    if earlier is not None:
        _end(earlier, "Its last day had passed", by)
        db.session.flush()
    db.session.add(_clearance(family, user, why, until_on, by))
    until = f" until {full(until_on)}" if until_on else ""
    history.record(E.CLEARANCE_GIVEN, family, by=by, data={"whom": user.name, "until": until}, text=why)


def end_clearance(clearance: Clearance, why: str, *, without_me: bool, by: Viewer) -> None:
    """They no longer see the family, from the next request on."""
    rules.demand(by, P.FAMILY_RESTRICT, clearance)
    _demand_cleared(clearance.family_id, by)
    if clearance.ended_at is not None:
        raise Refused("This was ended already.")
    others = _lasting(clearance.family_id) - {clearance.user_id}
    if not others & _managers(clearance.family_id):
        raise Refused(NO_MANAGER + ".")
    if clearance.user_id == by.user_id and not without_me:
        raise FieldRefused("without_me", "This is your own. Say that you know you cannot open the {family} after this")
    _end(clearance, why, by)
    name = db.session.scalars(select(User.name).where(User.id == clearance.user_id)).one()
    history.record(E.CLEARANCE_ENDED, clearance, by=by, data={"whom": name}, text=why)


def lift(family: Family, why: str, *, by: Viewer) -> None:
    """Whoever saw the family before it was restricted sees it again; what was cleared ends with it."""
    rules.demand(by, P.FAMILY_RESTRICT, family)
    _demand_cleared(family.id, by)
    _demand_restricted(family)
    family.restricted = False
    for row in db.session.scalars(
        select(Restriction).where(Restriction.family_id == family.id, Restriction.lifted_at.is_(None))
    ):
        row.lifted_at, row.lifted_by_id, row.lifted_why = clock.now(), by.user_id, why
    for clearance in db.session.scalars(
        select(Clearance).where(Clearance.family_id == family.id, Clearance.ended_at.is_(None))
    ):
        _end(clearance, LIFTED, by)
    told = ("early_help_managers", "coordinator")
    history.record(E.RESTRICTION_LIFTED, family, by=by, text=why, notify=told)


def _demand_cleared(family_id: int, by: Viewer) -> None:
    """Whoever opened the family in an emergency clears nobody, themselves least of all, while somebody else can."""
    if ties.ties(by, family_id).open_until is None:
        return
    others = _managers(family_id) & _lasting(family_id) - {by.user_id}
    if others:
        names = db.session.scalars(select(User.name).where(User.id.in_(others)).order_by(User.name))
        raise Refused(f"You opened this {{family}} in an emergency: ask {all_of(list(names))}, who can change this.")


def _demand_restricted(family: Family) -> None:
    if not family.restricted:
        raise Refused("This {family} is not restricted any more.")


def _clearance(family: Family, user: User, why: str, until_on: date | None, by: Viewer) -> Clearance:
    return Clearance(
        family_id=family.id,
        user_id=user.id,
        cleared_by_id=by.user_id,
        cleared_at=clock.now(),
        why=why,
        until_on=until_on,
    )


def _end(clearance: Clearance, why: str, by: Viewer) -> None:
    clearance.ended_at, clearance.ended_by_id, clearance.ended_why = clock.now(), by.user_id, why


def _is_over(clearance: Clearance) -> bool:
    return clearance.until_on is not None and clearance.until_on < clock.today()


def _demand_can_see(family: Family, user_id: int, *, field: str) -> User:
    """Raises FieldRefused for whom nothing would be opened by it. One sentence for all, so that nobody learns by trying
    whose own family it is."""
    user = db.session.get(User, user_id)
    admins = select(UserRole.user_id).where(UserRole.user_id == user_id, UserRole.role == Role.ADMINISTRATOR)
    with unscoped("whether somebody can be cleared"):
        kept = select(Family.id).where(Family.id == family.id, barred.conflicted(Family.id, user_id))
        is_kept = db.session.execute(kept).first() is not None
    is_admin = db.session.execute(admins).first() is not None
    if user is None or not user.active or is_kept or is_admin or not sharing.is_live_for_user(user_id):
        raise FieldRefused(field, "One of them cannot be cleared for this {family}. Choose somebody else")
    return user


def _managers(family_id: int) -> set[int]:
    """Early help managers with an open account, whose own family it is not."""
    held = select(UserRole.user_id).where(UserRole.role == Role.EARLY_HELP_MANAGER)
    with unscoped("whether somebody can be cleared"):
        return set(
            db.session.scalars(
                select(User.id).where(User.active, User.id.in_(held), ~barred.conflicted(family_id, User.id))
            )
        )


def _lasting(family_id: int) -> set[int]:
    """Who is cleared without a last day."""
    return set(
        db.session.scalars(
            select(Clearance.user_id).where(
                Clearance.family_id == family_id, Clearance.ended_at.is_(None), Clearance.until_on.is_(None)
            )
        )
    )
