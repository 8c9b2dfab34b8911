"""Accounts: made by an invitation, or from the command line for the first administrator."""

from sqlalchemy import func, select

from portal.core.db import db
from portal.core.errors import FieldRefused
from portal.domain.roles import Role
from portal.models.people import Organisation, OrganisationKind, SocialCareTeam, User, UserRole


def add(
    *,
    email: str,
    name: str,
    organisation: str,
    roles: frozenset[Role],
    password_hash: str,
    team: str | None = None,
) -> User:
    """A new account, from the command line. An organisation or team that is not there yet is made; the first
    organisation is the council. Raises FieldRefused as `make` does."""
    _demand_free(email, roles)
    body = db.session.execute(select(Organisation).where(Organisation.name == organisation)).scalar_one_or_none()
    if body is None:
        first = db.session.execute(select(Organisation.id)).first() is None
        body = Organisation(name=organisation, kind=OrganisationKind.COUNCIL if first else OrganisationKind.VOLUNTARY)
        db.session.add(body)
        db.session.flush()
    return make(
        email=email,
        name=name,
        organisation_id=body.id,
        social_care_team_id=_team(body, team),
        roles=roles,
        password_hash=password_hash,
    )


def make(
    *,
    email: str,
    name: str,
    organisation_id: int,
    roles: frozenset[Role],
    social_care_team_id: int | None = None,
    job: str | None = None,
    password_hash: str | None = None,
) -> User:
    """Somebody who can sign in, once they have a password. Raises FieldRefused where the address is taken, or an
    administrator would have a second role."""
    _demand_free(email, roles)
    user = User(
        email=email,
        name=name,
        job=job,
        organisation_id=organisation_id,
        social_care_team_id=social_care_team_id,
        password_hash=password_hash,
    )
    db.session.add(user)
    db.session.flush()
    db.session.add_all(UserRole(user_id=user.id, role=role) for role in roles)
    return user


def _demand_free(email: str, roles: frozenset[Role]) -> None:
    if Role.ADMINISTRATOR in roles and len(roles) > 1:
        raise FieldRefused("roles", "An administrator cannot have another role")
    if db.session.execute(select(User.id).where(func.lower(User.email) == email.lower())).first():
        raise FieldRefused("email", "There is an account with this email address already")


def _team(body: Organisation, name: str | None) -> int | None:
    if not name:
        return None
    team = db.session.execute(
        select(SocialCareTeam).where(SocialCareTeam.organisation_id == body.id, SocialCareTeam.name == name)
    ).scalar_one_or_none()
    if team is None:
        team = SocialCareTeam(organisation_id=body.id, name=name)
        db.session.add(team)
        db.session.flush()
    return team.id
