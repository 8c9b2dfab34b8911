"""The invented council: six organisations, sixteen people with their roles. None of them exists."""

import secrets
from dataclasses import dataclass
from datetime import timedelta

from portal.core import clock
from portal.core.db import db
from portal.domain.roles import Role
from portal.models.people import Organisation, OrganisationKind, SharingAgreement, SocialCareTeam, User, UserRole
from portal.services.sign_in import hash_password

COUNCIL = "Ambleford Council"
SCHOOL, NURSING = "Hillside Primary School", "Ambleford Community Health"
HOMES, BRIGHT, YOUTH = "Mill Street Homes", "Bright Start Families", "Millrace Youth Project"
NORTH, SOUTH = "Fieldwork North", "Fieldwork South"

ORGANISATIONS: tuple[tuple[str, OrganisationKind], ...] = (
    (COUNCIL, OrganisationKind.COUNCIL),
    (SCHOOL, OrganisationKind.SCHOOL),
    (NURSING, OrganisationKind.HEALTH),
    (HOMES, OrganisationKind.HOUSING),
    (BRIGHT, OrganisationKind.VOLUNTARY),
    (YOUTH, OrganisationKind.VOLUNTARY),
)


@dataclass(frozen=True)
class Part:
    """Somebody of the cast. `key` is the name under which their sign-in is written, where it is."""

    key: str
    name: str
    job: str
    role: Role
    organisation: str = COUNCIL
    team: str | None = None
    listed: bool = True


CAST: tuple[Part, ...] = (
    Part("coordinator", "Amina Okafor", "Early help coordinator", Role.COORDINATOR),
    Part("second_coordinator", "Daniel Whitfield", "Early help coordinator", Role.COORDINATOR, listed=False),
    Part("manager", "Margaret Ellis", "Head of early help", Role.EARLY_HELP_MANAGER),
    Part("deputy", "Owen Pryce", "Deputy head of early help", Role.EARLY_HELP_MANAGER, listed=False),
    Part("social_worker", "Tomasz Nowak", "Social worker", Role.SOCIAL_WORKER, team=NORTH),
    Part("social_worker_other_team", "Grace Adeyemi", "Social worker", Role.SOCIAL_WORKER, team=SOUTH),
    Part("social_care_manager", "Helen Marsh", "Team manager", Role.SOCIAL_CARE_MANAGER, team=NORTH),
    Part("second_manager", "Ravi Menon", "Team manager", Role.SOCIAL_CARE_MANAGER, team=SOUTH, listed=False),
    Part("front_door", "Joanne Pike", "Front door practitioner", Role.FRONT_DOOR),
    Part("lead", "Priya Raman", "School nurse", Role.PARTNER, NURSING),
    Part("partner", "Marcus Bell", "Deputy head teacher", Role.PARTNER, SCHOOL),
    Part("partner_other_organisation", "Sinead O’Rourke", "Housing officer", Role.PARTNER, HOMES),
    Part("family_worker", "Leila Haddad", "Family support worker", Role.PARTNER, BRIGHT, listed=False),
    Part("youth_worker", "Kofi Mensah", "Youth worker", Role.PARTNER, YOUTH, listed=False),
    Part("auditor", "Ruth Calder", "Quality auditor", Role.AUDITOR),
    Part("admin", "Neil Foster", "System administrator", Role.ADMINISTRATOR),
)


@dataclass
class Company:
    """The cast once it stands in the database."""

    users: dict[str, User]
    organisations: dict[str, Organisation]
    password: str

    def __getitem__(self, key: str) -> User:
        return self.users[key]

    def logins(self) -> dict[str, dict[str, str]]:
        """One person per role: the address to sign in with, and the password that all of them share."""
        return {
            part.key: {"username": self.users[part.key].email, "password": self.password}
            for part in CAST
            if part.listed
        }


def found(memory_kib: int) -> Company:
    """Write organisations, agreements, teams and people. The password is new each time."""
    today = clock.today()
    organisations = {name: Organisation(name=name, kind=kind, phone="01632 960 150") for name, kind in ORGANISATIONS}
    db.session.add_all(organisations.values())
    db.session.flush()
    for name, kind in ORGANISATIONS:
        if kind is not OrganisationKind.COUNCIL:
            # One of them ends within two months, as one always does.
            ends = today + timedelta(days=40 if name == HOMES else 500)
            db.session.add(
                SharingAgreement(
                    organisation_id=organisations[name].id,
                    starts_on=today - timedelta(days=900),
                    ends_on=ends,
                    review_on=ends - timedelta(days=30),
                    contact="Information governance, 01632 960 151",
                )
            )
    teams = {name: SocialCareTeam(organisation_id=organisations[COUNCIL].id, name=name) for name in (NORTH, SOUTH)}
    db.session.add_all(teams.values())
    db.session.flush()
    password = "-".join(secrets.token_hex(3) for _ in range(3))
    hashed = hash_password(password, memory_kib)
    users = {part.key: _user(part, organisations, teams, hashed) for part in CAST}
    return Company(users, organisations, password)


def _user(part: Part, organisations: dict[str, Organisation], teams: dict[str, SocialCareTeam], hashed: str) -> User:
    user = User(
        name=part.name,
        job=part.job,
        email=f"{part.name.lower().replace(' ', '.').replace('’', '')}@ambleford.example",
        phone="01632 960 1" + f"{60 + CAST.index(part):02d}",
        organisation_id=organisations[part.organisation].id,
        social_care_team_id=teams[part.team].id if part.team else None,
        password_hash=hashed,
    )
    db.session.add(user)
    db.session.flush()
    db.session.add(UserRole(user_id=user.id, role=part.role))
    return user
