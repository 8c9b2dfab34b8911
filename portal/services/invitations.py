"""Invite somebody: their account is made without a password, and a link by which they set one is sent."""

from sqlalchemy import select

from portal.core.db import db
from portal.core.errors import FieldRefused, Refused
from portal.domain.password_links import Why
from portal.domain.roles import Role
from portal.models.people import SocialCareTeam, User
from portal.services import accounts, password_links

OF_A_TEAM = frozenset({Role.SOCIAL_WORKER, Role.SOCIAL_CARE_MANAGER})


def invite(
    *, name: str, email: str, job: str | None, organisation_id: int, roles: frozenset[Role], team_id: int | None
) -> User:
    """Raises FieldRefused where there is such an account, or roles and team do not go together."""
    _demand_fitting_team(roles, organisation_id, team_id)
    user = accounts.make(
        email=email, name=name, job=job, organisation_id=organisation_id, social_care_team_id=team_id, roles=roles
    )
    password_links.send(user.id, Why.INVITED)
    return user


def send_again(user_id: int) -> User:
    """Raises Refused where nobody waits for it."""
    waits = select(User).where(User.id == user_id, User.active, User.password_hash.is_(None))
    user = db.session.execute(waits).scalar_one_or_none()
    if user is None:
        raise Refused("This person has set a password already, or their account is closed.")
    password_links.send(user.id, Why.INVITED)
    return user


def _demand_fitting_team(roles: frozenset[Role], organisation_id: int, team_id: int | None) -> None:
    if team_id is None:
        if roles & OF_A_TEAM:
            raise FieldRefused("team", "Select the social care team they work in")
        return
    if not roles & OF_A_TEAM:
        raise FieldRefused("team", "Only social workers and their managers are in a social care team")
    of = db.session.scalars(select(SocialCareTeam.organisation_id).where(SocialCareTeam.id == team_id)).first()
    if of != organisation_id:
        raise FieldRefused("team", "Select a team of the organisation they work for")
