"""Somebody whom each way of the table of reach leads to a family of its own, under each bar: tied by the portal's own
services, by whichever role lets them, before they have the role that is asked about."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, update

from portal.core import clock
from portal.core.db import db
from portal.domain.emergencies import Emergency
from portal.domain.reaching import Bar, Way
from portal.domain.roles import Role
from portal.models.families import Family
from portal.models.people import SocialCareTeam, User, UserRole
from portal.services import already_helped, conflicts, coordinators, covers, drafts, emergencies, restriction, team
from tests.support.leads import lead_of
from tests.support.people import Council, Home, a_family

LONG_AGO = timedelta(days=100)
Tie = Callable[[Council, User, Family], None]


@dataclass(frozen=True)
class Tied:
    """Somebody, and a family for each way and bar; no two of them lead to the same family."""

    council: Council
    person: User
    homes: Mapping[tuple[Way, Bar], Home]

    def become(self, role: Role) -> None:
        """They have this role, and what the ways left them. A team stays with whoever is no social worker any more:
        that it opens nothing then, is for the criteria to say."""
        _becomes(self.council, self.person, role, team=self.council.other_team)


def tied_by_every_way(council: Council) -> Tied:
    person = _somebody(council)
    homes = {(way, bar): _a_home(council, person, way, bar) for way in Way for bar in Bar}
    for (way, _bar), home in homes.items():
        TIED[way](council, person, home.family)
    for (_way, bar), home in homes.items():
        BARRED[bar](council, person, home.family)
    with council.behind_the_scenes():
        long_ago = [home.id for (way, _bar), home in homes.items() if way is not Way.ADDED]
        db.session.execute(update(Family).where(Family.id.in_(long_ago)).values(added_at=clock.now() - LONG_AGO))
    return Tied(council, person, homes)


def _somebody(council: Council) -> User:
    with council.behind_the_scenes():
        user = User(name="Toni Tied", email="toni@ambleford.example", organisation_id=council.organisation.id)
        db.session.add(user)
        db.session.flush()
    _becomes(council, user, Role.COORDINATOR)
    return user


def _a_home(council: Council, person: User, way: Way, bar: Bar) -> Home:
    """In early help, held by the council's coordinator and led by its lead, unless the way says otherwise."""
    home = a_family(council, name=f"{way}-{bar}".title(), by=person if way is Way.ADDED else council.coordinator)
    with council.as_(council.coordinator) as viewer:
        lead = person if way is Way.LEAD else council.lead
        known = already_helped.Known()
        family = db.session.get_one(Family, home.id)
        already_helped.bring_in(family, known, coordinator_id=council.coordinator.id, lead_id=lead.id, by=viewer)
    return home


def _becomes(council: Council, person: User, *roles: Role, team: SocialCareTeam | None = None) -> None:
    """From the next request on, this and nothing else; a partner is one of the school."""
    with council.behind_the_scenes():
        db.session.execute(delete(UserRole).where(UserRole.user_id == person.id))
        db.session.add_all(UserRole(user_id=person.id, role=role) for role in roles)
        user = db.session.get_one(User, person.id)
        user.social_care_team_id = team.id if team else None
        user.organisation_id = (council.school if Role.PARTNER in roles else council.organisation).id


def _nothing(_council: Council, _person: User, _family: Family) -> None:
    """Their role alone, or what the family was made with."""


def _on_its_team(council: Council, person: User, family: Family) -> None:
    with council.as_(council.coordinator) as viewer:
        team.join_user(family, person.id, by=viewer)


def _covers(council: Council, person: User, family: Family) -> None:
    lead, today = lead_of(council, family.id), clock.today()
    with council.as_(council.coordinator) as viewer:
        covers.cover_lead(lead, person.id, from_on=today, to_on=today, by=viewer)


def _coordinates(council: Council, person: User, family: Family) -> None:
    with council.as_(council.manager) as viewer:
        coordinators.assign(family, person, by=viewer)


def _hands_over(council: Council, person: User, family: Family) -> None:
    """In a team that they have left at the end."""
    _starts_a_step_down(council, person, council.team, family)


def _team_hands_over(council: Council, _person: User, family: Family) -> None:
    """Somebody of the team that they are in at the end."""
    _starts_a_step_down(council, council.social_worker_other_team, council.other_team, family)


def _starts_a_step_down(council: Council, who: User, team: SocialCareTeam, family: Family) -> None:
    _becomes(council, who, Role.SOCIAL_WORKER, Role.COORDINATOR, team=team)
    with council.as_(who) as viewer:
        drafts.start(db.session.get_one(Family, family.id), by=viewer)


def _opens(council: Council, person: User, family: Family) -> None:
    _becomes(council, person, Role.FRONT_DOOR)
    with council.as_(person) as viewer:
        opened = emergencies.open_(family.ref, Emergency.CHILD_AT_RISK, "Rung at night", 4, by=viewer)
        assert opened.opening is not None


def _restricted(council: Council, _person: User, family: Family) -> None:
    _restrict(council, family, council.manager)


def _cleared(council: Council, person: User, family: Family) -> None:
    _restrict(council, family, council.manager, person)


def _restrict(council: Council, family: Family, *who: User) -> None:
    with council.as_(council.manager) as viewer:
        found = db.session.get_one(Family, family.id)
        restriction.restrict(found, "A cousin", [user.id for user in who], without_me=False, by=viewer)


def _own(council: Council, person: User, family: Family) -> None:
    with council.as_(council.manager) as viewer:
        conflicts.record(db.session.get_one(Family, family.id), person.id, "Their sister’s", by=viewer)


TIED: Mapping[Way, Tie] = {
    Way.ROLE: _nothing,
    Way.MEMBER: _on_its_team,
    Way.LEAD: _nothing,
    Way.COVER: _covers,
    Way.COORDINATOR: _coordinates,
    Way.STEP_DOWN: _hands_over,
    Way.TEAM: _team_hands_over,
    Way.ADDED: _nothing,
    Way.OPENED: _opens,
}
BARRED: Mapping[Bar, Tie] = {
    Bar.NOTHING: _nothing,
    Bar.RESTRICTED: _restricted,
    Bar.CLEARED: _cleared,
    Bar.CONFLICT: _own,
}
