"""Accounts: made by an invitation, or from the command line for the first administrator."""

from collections.abc import Iterable

from sqlalchemy import func, select

from portal.core.db import db
from portal.core.errors import FieldRefused
from portal.domain import identifiers
from portal.domain.administering import Act
from portal.domain.roles import ROLE_NAMES, Role
from portal.domain.viewer import THE_SERVER
from portal.models.people import Organisation, OrganisationKind, SocialCareTeam, User, UserRole
from portal.services import administration

# Everything else is the council's own to do: whoever does it reaches families that their own body knows nothing of.
OF_ANY_BODY = frozenset({Role.PARTNER})
OF_A_TEAM = frozenset({Role.SOCIAL_WORKER, Role.SOCIAL_CARE_MANAGER})


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
    organisation is the council. Raises FieldRefused as `make` does, and where name, address or organisation is
    none."""
    email, name, organisation = (" ".join(each.split()) for each in (email, name, organisation))
    _demand_said(email, name, organisation)
    _demand_free(email, roles)
    body = db.session.execute(select(Organisation).where(Organisation.name == organisation)).scalar_one_or_none()
    if body is None:
        first = db.session.execute(select(Organisation.id)).first() is None
        body = Organisation(name=organisation, kind=OrganisationKind.COUNCIL if first else OrganisationKind.VOLUNTARY)
        db.session.add(body)
        db.session.flush()
    made = make(
        email=email,
        name=name,
        organisation_id=body.id,
        social_care_team_id=_team(body, team),
        roles=roles,
        password_hash=password_hash,
    )
    administration.record(Act.PERSON_ADDED, made.ref, made.name, by=THE_SERVER, after=told(made, roles))
    return made


def _demand_said(email: str, name: str, organisation: str) -> None:
    """Raises FieldRefused: without a name nobody can be chosen in a list, and letters go to the address."""
    try:
        identifiers.email(email)
    except ValueError as fault:
        raise FieldRefused("email", str(fault)) from None
    for field, said in (("name", name), ("organisation", organisation)):
        if not said:
            raise FieldRefused(field, f"Enter the {field}")


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


def told(user: User, roles: Iterable[Role]) -> dict[str, str | None]:
    """An account as its history tells it. Two statements."""
    of = db.session.execute(
        select(Organisation.name, SocialCareTeam.name.label("team"))
        .outerjoin(SocialCareTeam, SocialCareTeam.id == user.social_care_team_id)
        .where(Organisation.id == user.organisation_id)
    ).one()
    held = set(roles)
    return {
        "name": user.name,
        "email": user.email,
        "phone": user.phone,
        "job": user.job,
        "organisation": of.name,
        "roles": ", ".join(words for role, words in ROLE_NAMES.items() if role in held),
        "team": of.team,
    }


def demand_fitting_roles(roles: frozenset[Role]) -> None:
    if Role.ADMINISTRATOR in roles and len(roles) > 1:
        raise FieldRefused("roles", "An administrator cannot have another role")


def demand_of_the_council(roles: frozenset[Role], organisation_id: int) -> None:
    """Raises FieldRefused where somebody of another body would do what the council's own people do."""
    if roles <= OF_ANY_BODY:
        return
    kind = db.session.scalars(select(Organisation.kind).where(Organisation.id == organisation_id)).first()
    if kind is not OrganisationKind.COUNCIL:
        raise FieldRefused("roles", "Only people of the council do this. Select another organisation, or partner")


def demand_free_address(email: str, *, but: int | None = None) -> None:
    """Raises FieldRefused where somebody other than `but` has this address."""
    taken = select(User.id).where(func.lower(User.email) == email.lower(), User.id != (but or 0))
    if db.session.execute(taken).first():
        raise FieldRefused("email", "There is an account with this email address already")


def demand_fitting_team(roles: frozenset[Role], organisation_id: int, team_id: int | None) -> None:
    """Raises FieldRefused where roles, organisation and social care team do not go together."""
    if team_id is None:
        if roles & OF_A_TEAM:
            raise FieldRefused("team", "Select the social care team they work in")
        return
    if not roles & OF_A_TEAM:
        raise FieldRefused("team", "Only social workers and their managers are in a social care team")
    of = db.session.scalars(select(SocialCareTeam.organisation_id).where(SocialCareTeam.id == team_id)).first()
    if of != organisation_id:
        raise FieldRefused("team", "Select a team of the organisation they work for")


def _demand_free(email: str, roles: frozenset[Role]) -> None:
    demand_fitting_roles(roles)
    demand_free_address(email)


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
