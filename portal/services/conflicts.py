"""Whose own family it is: declared by themselves, recorded by a manager, ended by another; it beats every role."""

from datetime import timedelta

from sqlalchemy import and_, func, or_, select

from portal.core import clock
from portal.core.db import db
from portal.core.errors import FieldRefused, NotInReach, Refused, TooMany
from portal.domain.event_kinds import E
from portal.domain.identifiers import family_number
from portal.domain.permissions import P
from portal.domain.roles import Role
from portal.domain.undo import WINDOW
from portal.domain.viewer import A_COLLEAGUE, Viewer
from portal.facts import merging
from portal.models.families import ConflictOfInterest, Family
from portal.models.people import User, UserRole
from portal.models.restricting import ConflictDeclaration
from portal.policies import barred, rules
from portal.policies.scope import unscoped
from portal.services import history, summary

ALONE = (
    "No other {early_help_manager} can see this {family}: nobody could clear anybody for it, or end this. "
    "Clear another one first, or have one invited"
)
MOST, WITHIN = 20, timedelta(days=1)


def declare(reference: str, who: str, why: str, *, by: Viewer) -> Family | None:
    """Somebody says that a family is their own, or of people they know. Where the reference is one, it holds from the
    next request on; nothing of what they are told depends on it."""
    said = db.session.execute(
        select(func.count(ConflictDeclaration.id)).where(
            ConflictDeclaration.user_id == by.user_id, ConflictDeclaration.declared_at > clock.now() - WITHIN
        )
    ).scalar_one()
    if said >= MOST:
        raise TooMany(f"You have said this {MOST} times in a day. Go on tomorrow, or ring the {{early_help_manager}}.")
    declared = ConflictDeclaration(
        user_id=by.user_id, reference=reference or None, who=who or None, why=why, declared_at=clock.now()
    )
    db.session.add(declared)
    with unscoped("somebody declares a conflict of interest"):
        family = _family_of(reference)
        if family is None:
            return None
        declared.family_id = family.id
        if not _is_conflicted(family.id, by.user_id):
            _record(family, by.user_id, why, recorded_by_id=by.user_id, by=A_COLLEAGUE)
    return family


def record(family: Family, user_id: int, why: str, *, by: Viewer) -> None:
    """The manager records it of somebody. Raises FieldRefused where it is recorded already, and where no manager would
    be left for the family; who says it of themselves is believed even then."""
    rules.demand(by, P.CONFLICT_RECORD, family)
    if db.session.get(User, user_id) is None or _is_conflicted(family.id, user_id):
        raise FieldRefused("who", "This is recorded of them already. Choose somebody else")
    if _managers(family.id) == {user_id}:
        raise FieldRefused("who", ALONE)
    _record(family, user_id, why, recorded_by_id=by.user_id, by=by)


def end(conflict: ConflictOfInterest, why: str, *, by: Viewer) -> None:
    """It was a mistake, or is over. Another manager than who recorded it says so, but in the first minutes."""
    rules.demand(by, P.CONFLICT_RECORD, conflict)
    if conflict.ended_at is not None:
        raise Refused("This was ended already.")
    if conflict.recorded_by_id == by.user_id and clock.now() - conflict.recorded_at > WINDOW:
        raise Refused("You recorded this yourself: another {early_help_manager} has to end it.")
    conflict.ended_at, conflict.ended_by_id, conflict.ended_why = clock.now(), by.user_id, why
    history.record(E.CONFLICT_ENDED, conflict, by=by)


def answer(declared: ConflictDeclaration, reference: str, words: str, *, by: Viewer) -> Family | None:
    """The manager says which family was meant, or that none of ours is. Raises FieldRefused for a reference that they
    cannot open themselves; NotInReach for what they declared themselves."""
    rules.demand(by, P.CONFLICT_LIST)
    if declared.user_id == by.user_id:
        raise NotInReach("There is no such page.")
    if declared.answered_at is not None or declared.family_id is not None:
        raise Refused("Somebody else has answered this already.")
    family = None
    if reference:
        family = _family_of(reference)
        if family is None:
            raise FieldRefused("reference", "Enter the reference of a {family} that you can open, like F-1042")
        summary.lock(family.id)
        declared.family_id = family.id
        if not _is_conflicted(family.id, declared.user_id):
            _record(family, declared.user_id, declared.why, recorded_by_id=declared.user_id, by=by)
    declared.answered_at, declared.answered_by_id, declared.answer = clock.now(), by.user_id, words
    return family


def _record(family: Family, user_id: int, why: str, *, recorded_by_id: int, by: Viewer) -> None:
    summary.lock(family.id)
    row = ConflictOfInterest(
        family_id=family.id, user_id=user_id, why=why, recorded_by_id=recorded_by_id, recorded_at=clock.now()
    )
    db.session.add(row)
    db.session.flush()
    # Not whose: the history is read by many, and whoever may know finds the name on the manager's page.
    history.record(E.CONFLICT_RECORDED, row, by=by, notify=("early_help_managers",))


def _family_of(reference: str) -> Family | None:
    """By its reference or the council's own, exactly."""
    number, typed = family_number(reference), reference.strip()
    if not typed:
        return None
    number = merging.into(number or 0) or number
    own = Family.council_reference.in_([typed, typed.upper()])
    return db.session.scalars(select(Family).where(or_(Family.id == (number or 0), own)).limit(1)).first()


def _is_conflicted(family_id: int, user_id: int) -> bool:
    found = select(Family.id).where(Family.id == family_id, barred.conflicted(Family.id, user_id))
    with unscoped("whether a conflict of interest is recorded"):
        return db.session.execute(found).first() is not None


def _managers(family_id: int) -> set[int]:
    """Early help managers with an open account whom nothing keeps from the family."""
    with unscoped("whether a manager is left for a family"):
        return set(
            db.session.scalars(
                select(User.id)
                .join(UserRole, and_(UserRole.user_id == User.id, UserRole.role == Role.EARLY_HELP_MANAGER))
                .join(Family, Family.id == family_id)
                .where(User.active, barred.may_know(Family, User.id))
            )
        )
