"""The people and organisations that work in the portal; nothing here belongs to a family."""

from dataclasses import dataclass, field

from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.domain.dates import full
from portal.domain.roles import ROLE_NAMES
from portal.models.people import Organisation, OrganisationKind, SharingAgreement, SocialCareTeam, User, UserRole

KINDS = {
    OrganisationKind.COUNCIL: "Council",
    OrganisationKind.SCHOOL: "School",
    OrganisationKind.HEALTH: "Health",
    OrganisationKind.HOUSING: "Housing",
    OrganisationKind.VOLUNTARY: "Voluntary",
    OrganisationKind.POLICE: "Police",
}


@dataclass(frozen=True)
class Colleague:
    name: str
    job: str | None
    email: str
    roles: str
    team: str | None
    active: bool


@dataclass(frozen=True)
class Body:
    """One organisation, how its people may see families, and its people."""

    name: str
    kind: str
    sharing: str
    people: list[Colleague] = field(default_factory=list)


def organisations() -> list[Body]:
    """By name, their people by name; three statements however many there are."""
    today = clock.today()
    agreements: dict[int, str] = {}
    for row in db.session.execute(select(SharingAgreement).order_by(SharingAgreement.ends_on)).scalars():
        live = row.starts_on <= today <= row.ends_on
        words = f"Sharing agreement until {full(row.ends_on)}" if live else f"Agreement ended {full(row.ends_on)}"
        agreements[row.organisation_id] = words
    bodies = {
        row.id: Body(
            row.name,
            KINDS[row.kind],
            "Needs no agreement"
            if row.kind is OrganisationKind.COUNCIL
            else agreements.get(row.id, "No sharing agreement"),
        )
        for row in db.session.execute(
            select(Organisation.id, Organisation.name, Organisation.kind).order_by(Organisation.name, Organisation.id)
        )
    }
    _put_people(bodies)
    return list(bodies.values())


def _put_people(bodies: dict[int, Body]) -> None:
    seen: dict[int, list[str]] = {}
    rows = db.session.execute(
        select(
            User.id,
            User.organisation_id,
            User.name,
            User.job,
            User.email,
            User.active,
            UserRole.role,
            SocialCareTeam.name.label("team"),
        )
        .outerjoin(UserRole, UserRole.user_id == User.id)
        .outerjoin(SocialCareTeam, SocialCareTeam.id == User.social_care_team_id)
        .order_by(User.name, User.id, UserRole.role)
    ).all()
    for row in rows:
        seen.setdefault(row.id, []).append(ROLE_NAMES[row.role] if row.role else "No role")
    for row in {row.id: row for row in rows}.values():
        bodies[row.organisation_id].people.append(
            Colleague(row.name, row.job, row.email, ", ".join(seen[row.id]), row.team, row.active)
        )
