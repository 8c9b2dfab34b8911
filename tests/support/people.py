"""An invented council for tests: its organisations, its people by role, and families in a wanted stage."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from flask import Flask
from sqlalchemy import select

from portal.core import clock
from portal.core.db import db, writing
from portal.domain.episodes import EpisodeState
from portal.domain.event_kinds import E
from portal.domain.leads import LeadState
from portal.domain.plans import ActionState, Headline
from portal.domain.roles import Role
from portal.domain.viewer import Viewer, asking
from portal.models.families import (
    Clearance,
    CoordinatorAssignment,
    Family,
    Household,
    HouseholdMembership,
    ParentalResponsibility,
    Person,
    PersonKind,
    SafeContact,
)
from portal.models.handover import Episode, LeadAssignment
from portal.models.people import Organisation, OrganisationKind, SharingAgreement, SocialCareTeam, User, UserRole
from portal.models.record import Event, FamilySummary
from portal.models.teamwork import ActionPlan, PlanAction, PlanNeed, TeamMember
from portal.policies.scope import unscoped
from portal.queries.viewers import as_viewer
from portal.services import history, sign_in, summary

PASSWORD = "correct horse battery staple"


@cache
def _hash() -> str:
    return sign_in.hash_password(PASSWORD, 64)


@dataclass
class Council:
    """Everybody a test may need. Two social-care teams; school and health with live agreements, police with none."""

    app: Flask
    organisation: Organisation
    school: Organisation
    health: Organisation
    police: Organisation
    team: SocialCareTeam
    other_team: SocialCareTeam
    coordinator: User
    other_coordinator: User
    manager: User
    social_worker: User
    social_worker_other_team: User
    social_care_manager: User
    front_door: User
    lead: User
    partner: User
    partner_other_organisation: User
    partner_without_agreement: User
    auditor: User
    admin: User

    @contextmanager
    def as_(self, user: User) -> Iterator[Viewer]:
        """Services and queries called inside run as this person, in one transaction that is committed."""
        with self.app.app_context(), writing():
            viewer = as_viewer(user.id)
            with asking(viewer):
                yield viewer
                summary.recount_changed()
                db.session.commit()

    @contextmanager
    def behind_the_scenes(self) -> Iterator[None]:
        """Read or write any row directly, past the seat-belt; committed at the end."""
        with self.app.app_context(), writing(), unscoped("a test arranges its world"):
            yield
            summary.recount_changed()
            db.session.commit()


def found_council(app: Flask) -> Council:
    """Write the council's organisations and people."""
    with app.app_context(), writing():
        council = Organisation(name="Ambleford Council", kind=OrganisationKind.COUNCIL)
        school = Organisation(name="Hillside Primary School", kind=OrganisationKind.SCHOOL)
        health = Organisation(name="Ambleford School Nursing", kind=OrganisationKind.HEALTH)
        police = Organisation(name="Ambleford Police", kind=OrganisationKind.POLICE)
        db.session.add_all([council, school, health, police])
        db.session.flush()
        today = clock.today()
        for partner in (school, health):
            db.session.add(
                SharingAgreement(
                    organisation_id=partner.id,
                    starts_on=today - timedelta(days=400),
                    ends_on=today + timedelta(days=400),
                )
            )
        team = SocialCareTeam(organisation_id=council.id, name="Fieldwork North")
        other_team = SocialCareTeam(organisation_id=council.id, name="Fieldwork South")
        db.session.add_all([team, other_team])
        db.session.flush()

        def person(name: str, role: Role, organisation: Organisation = council, in_team: int | None = None) -> User:
            user = User(
                name=name,
                email=f"{name.lower().replace(' ', '.').replace('’', '')}@ambleford.example",
                organisation_id=organisation.id,
                social_care_team_id=in_team,
                phone="01632 960 200",
                password_hash=_hash(),
            )
            # With its role, so that everybody is written by one flush at the end.
            user.roles = [UserRole(role=role)]
            db.session.add(user)
            return user

        found = Council(
            app,
            council,
            school,
            health,
            police,
            team,
            other_team,
            coordinator=person("Carol Coordinator", Role.COORDINATOR),
            other_coordinator=person("Cyril Coordinator", Role.COORDINATOR),
            manager=person("Moira Manager", Role.EARLY_HELP_MANAGER),
            social_worker=person("Sam Social", Role.SOCIAL_WORKER, in_team=team.id),
            social_worker_other_team=person("Sunil South", Role.SOCIAL_WORKER, in_team=other_team.id),
            social_care_manager=person("Selma Senior", Role.SOCIAL_CARE_MANAGER, in_team=team.id),
            front_door=person("Fred Front", Role.FRONT_DOOR),
            lead=person("Lena Lead", Role.PARTNER, health),
            partner=person("Pat Partner", Role.PARTNER, school),
            partner_other_organisation=person("Ola Other", Role.PARTNER, health),
            partner_without_agreement=person("Penny Police", Role.PARTNER, police),
            auditor=person("Audrey Auditor", Role.AUDITOR),
            admin=person("Adam Admin", Role.ADMINISTRATOR),
        )
        db.session.commit()
        return found


@dataclass
class Home:
    """A family of a test, with the people in it."""

    family: Family
    parent: Person
    children: list[Person]

    @property
    def ref(self) -> str:
        return self.family.ref

    @property
    def id(self) -> int:
        return self.family.id


def a_family(
    council: Council, *, name: str = "O’Neill", children: int = 1, restricted: bool = False, by: User | None = None
) -> Home:
    """A family just added by a social worker: one parent with parental responsibility, who can safely be rung."""
    adder = by or council.social_worker
    with council.as_(adder) as viewer, unscoped("a test arranges its world"):
        family = Family(
            name=f"The {name} family",
            restricted=restricted,
            added_by_id=adder.id,
            added_at=clock.now(),
            social_worker_id=adder.id if adder.social_care_team_id else None,
            social_care_team_id=adder.social_care_team_id,
        )
        db.session.add(family)
        db.session.flush()
        parent = _person(family, "Siobhán", name, PersonKind.ADULT, date(1990, 5, 4))
        born = [_person(family, f"Child{n}", name, PersonKind.CHILD, date(2017 + n, 3, 1)) for n in range(children)]
        home = Household(family_id=family.id, name="Home", address="1 Mill Lane, Ambleford", postcode="AF1 1AA")
        db.session.add(home)
        db.session.flush()
        for each in [parent, *born]:
            db.session.add(HouseholdMembership(family_id=family.id, household_id=home.id, person_id=each.id))
        for child in born:
            db.session.add(ParentalResponsibility(family_id=family.id, adult_id=parent.id, child_id=child.id))
        db.session.add(
            SafeContact(family_id=family.id, person_id=parent.id, phone="01632 960 300", by_phone=True, by_text=True)
        )
        if restricted:
            db.session.add(Clearance(family_id=family.id, user_id=adder.id, cleared_at=clock.now()))
        history.record(E.FAMILY_ADDED, family, by=viewer)
    return Home(family, parent, born)


def _person(family: Family, given: str, surname: str, kind: PersonKind, born: date) -> Person:
    person = Person(
        family_id=family.id,
        kind=kind,
        given_name=given,
        family_name=surname,
        date_of_birth=born,
    )
    db.session.add(person)
    db.session.flush()
    return person


@dataclass
class Team:
    """An active family's team: who leads, who else is on it."""

    home: Home
    episode: Episode
    lead: TeamMember
    partner: TeamMember
    parent: TeamMember
    need: PlanNeed

    @property
    def family(self) -> Family:
        return self.home.family

    @property
    def ref(self) -> str:
        return self.home.ref


def an_active_family(council: Council, home: Home | None = None, *, state: EpisodeState = EpisodeState.ACTIVE) -> Team:
    """A family in early help: coordinator, accepted lead, a partner and a parent on the team, one need, no actions."""
    home = home or a_family(council)
    with council.as_(council.coordinator) as viewer, unscoped("a test arranges its world"):
        family, today = home.family, clock.today()
        merged = db.session.get_one(Family, family.id)
        merged.social_work_closed_on = today if state is EpisodeState.ACTIVE else None
        episode = Episode(family_id=family.id, state=state, opened_on=today, active_on=today)
        db.session.add(episode)
        db.session.flush()
        db.session.add(CoordinatorAssignment(family_id=family.id, user_id=council.coordinator.id, from_on=today))
        db.session.add(
            LeadAssignment(
                family_id=family.id,
                episode_id=episode.id,
                user_id=council.lead.id,
                name=council.lead.name,
                state=LeadState.ACCEPTED,
                nominated_by_name=council.coordinator.name,
                nominated_at=clock.now(),
                answer_by=today,
                answered_at=clock.now(),
            )
        )
        members = [
            TeamMember(family_id=family.id, user_id=user.id, name=user.name, organisation=body, joined_on=today)
            for user, body in ((council.lead, council.health.name), (council.partner, council.school.name))
        ]
        parent = TeamMember(
            family_id=family.id, person_id=home.parent.id, name=home.parent.name, joined_on=today, job="Parent"
        )
        db.session.add_all([*members, parent, ActionPlan(family_id=family.id, episode_id=episode.id)])
        need = PlanNeed(
            family_id=family.id, episode_id=episode.id, headline=Headline.EDUCATION, what="Getting to school on time"
        )
        db.session.add(need)
        db.session.flush()
        history.record(E.EPISODE_OPENED, family, by=viewer)
        summary.recount(family.id)
    return Team(home, episode, members[0], members[1], parent, need)


def an_action(
    council: Council,
    team: Team,
    *,
    owner: TeamMember | None = None,
    what: str = "Call school",
    due_on: date | None = None,
    state: ActionState = ActionState.AGREED,
) -> PlanAction:
    """An action of the partner's, due in a week, agreed."""
    owner = owner or team.partner
    due_on = due_on or clock.today() + timedelta(days=7)
    with council.behind_the_scenes():
        action = PlanAction(
            family_id=team.family.id,
            episode_id=team.episode.id,
            plan_need_id=team.need.id,
            state=state,
            what=what,
            owner_id=owner.id,
            due_on=due_on,
            first_due_on=due_on,
            asked_by_name=council.lead.name,
            proposed_at=clock.now(),
        )
        db.session.add(action)
        db.session.flush()
        history.changed(team.family.id)
    return action


def another_manager(council: Council) -> User:
    """One more early help manager."""
    with council.behind_the_scenes():
        user = User(
            name="Mina Manager", email="mina@ambleford.example", organisation_id=council.manager.organisation_id
        )
        user.roles = [UserRole(role=Role.EARLY_HELP_MANAGER)]
        db.session.add(user)
        db.session.flush()
        return user


def summary_of(council: Council, family_id: int) -> FamilySummary:
    with council.behind_the_scenes():
        return db.session.get_one(FamilySummary, family_id)


def history_of(council: Council, family_id: int) -> list[str]:
    """The kinds of a family's lines, oldest first."""
    with council.behind_the_scenes():
        kinds = db.session.scalars(select(Event.kind).where(Event.family_id == family_id).order_by(Event.id))
        return [str(kind) for kind in kinds]
