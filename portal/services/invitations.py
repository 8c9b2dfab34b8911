"""Invite somebody: their account is made without a password, and a link by which they set one is sent; or withdrawn."""

from sqlalchemy import select

from portal.core.db import db
from portal.core.errors import Refused
from portal.domain.administering import Act
from portal.domain.password_links import Why
from portal.domain.roles import Role
from portal.domain.viewer import Viewer
from portal.facts.proving import can_come_in
from portal.models.people import User
from portal.services import accounts, administration, password_links


def invite(
    *,
    name: str,
    email: str,
    job: str | None,
    organisation_id: int,
    roles: frozenset[Role],
    team_id: int | None,
    by: Viewer,
) -> User:
    """Raises FieldRefused where there is such an account, or roles and team do not go together."""
    accounts.demand_fitting_roles(roles)
    accounts.demand_fitting_team(roles, organisation_id, team_id)
    accounts.demand_of_the_council(roles, organisation_id)
    user = accounts.make(
        email=email, name=name, job=job, organisation_id=organisation_id, social_care_team_id=team_id, roles=roles
    )
    password_links.send(user.id, Why.INVITED)
    administration.record(Act.INVITED, user.ref, user.name, by=by, after=accounts.told(user, roles))
    return user


def send_again(user_id: int, *, by: Viewer) -> User:
    """Raises Refused where nobody waits for it."""
    waits = select(User).where(User.id == user_id, User.active, ~can_come_in())
    user = db.session.execute(waits).scalar_one_or_none()
    if user is None:
        raise Refused("This person has set a password or come in already, or their account is closed.")
    password_links.send(user.id, Why.INVITED)
    administration.record(Act.INVITED_AGAIN, user.ref, user.name, by=by)
    return user


def withdraw(user: User, *, why: str, by: Viewer) -> None:
    """Their link opens nothing any more, nor does one that was not sent yet, and the account that was made for them is
    closed. Raises Refused for whoever has come in already, and where that was done."""
    if db.session.scalars(select(User.id).where(User.id == user.id, can_come_in())).first():
        raise Refused("This person has come in already. Close their account instead.")
    if not user.active:
        raise Refused("This invitation was withdrawn already, or the account is closed.")
    user.active = False
    password_links.end_links(user.id)
    administration.record(Act.INVITATION_WITHDRAWN, user.ref, user.name, by=by, why=why)
