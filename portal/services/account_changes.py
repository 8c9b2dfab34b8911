"""Accounts that are there: changed, closed, opened again, signed out. The last administrator stays one."""

from sqlalchemy import delete, select
from sqlalchemy.orm.attributes import flag_modified

from portal.core.db import db
from portal.core.errors import FieldRefused, NotAllowed, Refused
from portal.domain.administering import Act, differing, without_number
from portal.domain.roles import Role
from portal.domain.viewer import Viewer
from portal.facts.proving import can_come_in
from portal.models.people import User, UserRole
from portal.services import accounts, administration, password_links, sign_in, trusted_devices

LAST = "There is no other administrator. Make somebody else one first"


def change(
    user: User,
    *,
    name: str,
    email: str,
    phone: str | None,
    job: str | None,
    organisation_id: int,
    roles: frozenset[Role],
    team_id: int | None,
    by: Viewer,
) -> bool:
    """What is different is written down; False where nothing is. Another address ends the links that were sent to the
    one before, other roles end every session: they sign in to what they may do now. Raises FieldRefused."""
    held = roles_of(user.id)
    accounts.demand_fitting_roles(roles)
    accounts.demand_free_address(email, but=user.id)
    accounts.demand_fitting_team(roles, organisation_id, team_id)
    accounts.demand_of_the_council(roles, organisation_id)
    if roles != held:
        administer = _administer(by)
        if Role.ADMINISTRATOR in held - roles and user.active and administer <= {user.id}:
            raise FieldRefused("roles", LAST)
    if roles != held and user.id == by.user_id:
        raise FieldRefused("roles", "These are your own. Ask another administrator to change them")
    before, readdressed = accounts.told(user, held), email != user.email
    user.name, user.email, user.phone, user.job = name, email, phone, job
    user.organisation_id, user.social_care_team_id = organisation_id, team_id
    _give(user, held, roles)
    db.session.flush()
    was, now = differing(before, accounts.told(user, roles))
    if not now:
        return False
    if readdressed:
        password_links.end_links(user.id)
    if roles != held:
        sign_in.end_all(user.id)
    was, now = without_number(was, now)
    administration.record(Act.PERSON_CHANGED, user.ref, name, by=by, before=was, after=now)
    return True


def close(user: User, *, why: str, by: Viewer) -> None:
    """Nothing opens to them any more, from their next click on; what they hold stays theirs until it is passed on.
    Raises Refused for one's own account and for the last administrator's."""
    if user.id == by.user_id:
        raise Refused("This is your own account. Ask another administrator to close it.")
    if not user.active:
        raise Refused("This account is closed already.")
    if _administer(by) == {user.id}:
        raise Refused(f"{LAST}.")
    user.active = False
    _shut_out(user.id)
    password_links.end_links(user.id)
    administration.record(Act.PERSON_CLOSED, user.ref, user.name, by=by, why=why)


def open_again(user: User, *, why: str, by: Viewer) -> None:
    """With the roles, the password and the second factor they had. Raises Refused where it is open."""
    if user.active:
        raise Refused("This account is open already.")
    user.active = True
    administration.record(Act.PERSON_OPENED, user.ref, user.name, by=by, why=why)


def sign_out(user: User, *, by: Viewer) -> None:
    """In every browser, trusted ones too: the next sign-in asks for everything."""
    _shut_out(user.id)
    administration.record(Act.SIGNED_OUT, user.ref, user.name, by=by)


def roles_of(user_id: int) -> frozenset[Role]:
    return frozenset(db.session.scalars(select(UserRole.role).where(UserRole.user_id == user_id)))


def _give(user: User, held: frozenset[Role], roles: frozenset[Role]) -> None:
    if held == roles:
        return
    db.session.execute(delete(UserRole).where(UserRole.user_id == user.id, UserRole.role.in_(held - roles)))
    db.session.add_all(UserRole(user_id=user.id, role=role) for role in sorted(roles - held))
    flag_modified(user, "name")  # whoever has the form open with other roles is told


def _administer(by: Viewer) -> set[int]:
    """Administrators who can: one who was invited and never came cannot. Read when whoever changed any of them at the
    same moment has ended; raises NotAllowed where that was the end of `by`: of two who close each other one stays."""
    # By the rows of the role: those of the accounts are held already, each by whoever changes it.
    db.session.execute(
        select(UserRole.user_id).where(UserRole.role == Role.ADMINISTRATOR).order_by(UserRole.user_id).with_for_update()
    )
    administer = select(User.id, can_come_in().label("came")).where(
        User.active, User.id.in_(select(UserRole.user_id).where(UserRole.role == Role.ADMINISTRATOR))
    )
    came = {row.id: bool(row.came) for row in db.session.execute(administer)}
    if by.user_id not in came:
        raise NotAllowed("You are no administrator any more: somebody changed that at the same moment.")
    return {user_id for user_id, can in came.items() if can}


def _shut_out(user_id: int) -> None:
    sign_in.end_all(user_id)
    trusted_devices.forget_all(user_id)
