"""The families that have one of everything, and everybody whom anything ties to one: those of the table of addresses,
and some more for the ways and bars that nobody there comes by."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from portal.core import clock
from portal.core.db import db
from portal.domain.emergencies import Emergency
from portal.domain.leads import LeadState
from portal.domain.roles import Role
from portal.domain.viewer import Viewer
from portal.models.families import Clearance, ConflictOfInterest
from portal.models.handover import LeadAssignment, LeadCover
from portal.models.people import Organisation, User, UserRole
from portal.models.restricting import EmergencyOpening
from portal.models.teamwork import TeamMember
from portal.queries.viewers import as_viewer
from tests.policies.person_route import PEOPLE
from tests.support.people import Council, a_family
from tests.support.situations import preparing
from tests.support.world import World, a_world

# By what they are: their role, and of which organisation of the council.
MORE = {
    "covers": (Role.PARTNER, "school"),
    "left the team": (Role.PARTNER, "school"),
    "on the team without an agreement": (Role.PARTNER, "police"),
    "on the team of a restricted family": (Role.PARTNER, "school"),
    "cleared": (Role.COORDINATOR, "organisation"),
    "cleared until yesterday": (Role.AUDITOR, "organisation"),
    "opened it": (Role.FRONT_DOOR, "organisation"),
    "opened it and closed it": (Role.FRONT_DOOR, "organisation"),
    "whose own it is": (Role.EARLY_HELP_MANAGER, "organisation"),
    "on a team, and an administrator": (Role.ADMINISTRATOR, "organisation"),
}


@dataclass(frozen=True)
class Crowd:
    """Everybody by what they are."""

    council: Council
    people: dict[str, User]
    viewers: dict[str, Viewer]


def a_crowd(council: Council) -> Crowd:
    """And the families, which are not changed from here on."""
    world = a_world(council)
    # Its lead is asked whether they will, and is nothing else to it.
    preparing(council, a_family(council, name="Berg", by=council.coordinator), lead=LeadState.NOMINATED)
    with council.behind_the_scenes():
        people = {who: getattr(council, who) for who in PEOPLE} | _more(council, world)
    with council.app.app_context():
        viewers = {who: as_viewer(user.id) for who, user in people.items()}
    return Crowd(council, people, viewers)


def _more(council: Council, world: World) -> dict[str, User]:
    north, south, closed = (full.home.id for full in (world.north, world.south, world.closed))
    now, today = clock.now(), clock.today()
    leads = int(world.south.ref(LeadAssignment, "leads").removeprefix("L-"))
    opened = {"reason": Emergency.CHILD_AT_RISK, "why": "Rung at night", "opened_at": now}
    cover = {"from_on": today, "to_on": today, "named_by_name": "Somebody", "named_at": now}
    found = {name: _somebody(name, role, getattr(council, body)) for name, (role, body) in MORE.items()}
    who = {name: user.id for name, user in found.items()}
    ends = now + timedelta(hours=4)
    db.session.add_all(
        [
            LeadCover(family_id=south, assignment_id=leads, user_id=who["covers"], **cover),
            _member(south, found["left the team"], left_on=today),
            _member(south, found["on the team without an agreement"]),
            _member(closed, found["on the team of a restricted family"]),
            _member(north, found["on a team, and an administrator"]),
            Clearance(family_id=closed, user_id=who["cleared"], cleared_at=now),
            Clearance(
                family_id=closed,
                user_id=who["cleared until yesterday"],
                cleared_at=now,
                until_on=today - timedelta(days=1),
            ),
            EmergencyOpening(family_id=closed, user_id=who["opened it"], ends_at=ends, **opened),
            EmergencyOpening(
                family_id=closed, user_id=who["opened it and closed it"], ends_at=ends, closed_at=now, **opened
            ),
            ConflictOfInterest(family_id=north, user_id=who["whose own it is"], recorded_at=now),
        ]
    )
    return found


def _somebody(name: str, role: Role, organisation: Organisation) -> User:
    email = f"{name.replace(' ', '.').replace(',', '')}@ambleford.example"
    user = User(name=name, email=email, organisation_id=organisation.id)
    user.roles = [UserRole(role=role)]
    db.session.add(user)
    db.session.flush()
    return user


def _member(family_id: int, user: User, **more: Any) -> TeamMember:
    return TeamMember(family_id=family_id, user_id=user.id, name=user.name, joined_on=clock.today(), **more)
