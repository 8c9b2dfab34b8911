"""Families that have one of everything an address can name: somebody's own, another's, and a restricted one."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.domain.asking import LINK_LIVES, LinkWay, Said
from portal.domain.deciding import Side, Together
from portal.domain.emergencies import Emergency
from portal.domain.episodes import EpisodeState
from portal.domain.event_kinds import E
from portal.domain.hiding import WhyHidden
from portal.domain.leads import LeadState
from portal.domain.meetings import MeetingState
from portal.domain.plans import ActionState, Headline
from portal.domain.roles import Role
from portal.domain.step_downs import Destination, Gate, StepDownState
from portal.domain.support import CheckStage, HowGiven
from portal.facts.family_links import hashed
from portal.models.asking import FamilyAnswer, FamilyLink, FamilyQuestion
from portal.models.deciding import JointDecision
from portal.models.families import (
    Clearance,
    ConflictOfInterest,
    CoordinatorAssignment,
    Family,
    Household,
    KeepApart,
    KeepApartKind,
    KeepApartReason,
    Person,
    PersonKind,
)
from portal.models.following import FollowUpCheck, Service, ServiceOrigin, SharedReferral, SupportReferral
from portal.models.handover import Episode, LeadAssignment, LeadCover, OutstandingAction, StepDown, StepDownChild
from portal.models.hiding import HiddenWords
from portal.models.people import Organisation, SharingAgreement, SocialCareTeam, User, UserRole
from portal.models.record import Event
from portal.models.restricting import ConflictDeclaration, EmergencyOpening
from portal.models.subjects import DataCopy
from portal.models.teamwork import ActionPlan, Meeting, PlanAction, PlanNeed, TeamMember
from portal.services import history
from tests.support.people import Council, Home, a_family


@dataclass(frozen=True)
class People:
    """Those who work with one family."""

    social_worker: User
    team: SocialCareTeam
    coordinator: User
    lead: User
    partner: User


class FullFamily:
    """A family in step-down, with a draft for another child, and one of everything else."""

    def __init__(self, council: Council, people: People, name: str, *, restricted: bool = False) -> None:
        self.home = a_family(council, name=name, children=2, by=people.social_worker)
        self.things: dict[tuple[type[Any], str], str] = {}
        with council.behind_the_scenes():
            family = db.session.get_one(Family, self.home.id)
            family.restricted = restricted
            family.added_at = clock.now() - timedelta(days=100)
            _fill(self, people, family)
            cleared = council.partner_without_agreement.id  # of nobody the tables are about
            self.keep(Clearance(family_id=family.id, user_id=cleared, cleared_at=clock.now()))
            self.keep(ConflictOfInterest(family_id=family.id, user_id=cleared, recorded_at=clock.now()))
            opened = {"reason": Emergency.CHILD_AT_RISK, "why": "Rung at night", "opened_at": clock.now()}
            ends = {"ends_at": clock.now() + timedelta(hours=1)}
            self.keep(EmergencyOpening(family_id=family.id, user_id=cleared, **opened, **ends))
            said = {"who": "The Browns", "why": "My sister", "declared_at": clock.now()}
            self.keep(ConflictDeclaration(user_id=cleared, **said))
            history.changed(family.id)

    def keep(self, thing: Any, kind: str = "") -> Any:
        db.session.add(thing)
        db.session.flush()
        if hasattr(thing, "ref"):
            self.things[type(thing), kind] = thing.ref
        return thing

    def ref(self, model: type[Any], kind: str = "") -> str:
        """The reference of this family's thing of that kind."""
        assert (model, kind) in self.things, f"the families of this test have no {kind} {model.__name__}"
        return self.things[model, kind]


def _fill(full: FullFamily, people: People, family: Family) -> None:
    today, now, of = clock.today(), clock.now(), {"family_id": family.id}
    full.things[Family, ""] = family.ref
    full.things[User, ""] = people.partner.ref
    agreement = db.session.scalars(
        select(SharingAgreement).where(SharingAgreement.organisation_id == people.partner.organisation_id)
    ).one()
    full.things[SharingAgreement, ""] = agreement.ref
    full.things[Organisation, ""] = f"{Organisation.ref_prefix}-{people.partner.organisation_id}"
    _home(full)
    full.keep(
        Event(
            **of,
            kind=E.NOTE_WRITTEN,
            subject=family.ref,
            actor_id=people.coordinator.id,
            actor_name=people.coordinator.name,
            happened_on=today,
            recorded_at=now,
            data={},
        )
    )
    episode = full.keep(Episode(**of, state=EpisodeState.PREPARING, opened_on=today))
    full.keep(CoordinatorAssignment(**of, user_id=people.coordinator.id, from_on=today))
    full.keep(ActionPlan(**of, episode_id=episode.id))
    step_down = full.keep(_step_down(people, full.home, StepDownState.ACCEPTED, 0, episode_id=episode.id))
    full.keep(_step_down(people, full.home, StepDownState.DRAFT, 1), "draft")
    for state, user in ((LeadState.ACCEPTED, people.lead), (LeadState.NOMINATED, people.partner)):
        full.keep(
            LeadAssignment(
                **of,
                episode_id=episode.id,
                user_id=user.id,
                name=user.name,
                state=state,
                nominated_by_name=people.coordinator.name,
                nominated_at=now,
                answer_by=today,
                answered_at=now if state is LeadState.ACCEPTED else None,
            ),
            "leads" if state is LeadState.ACCEPTED else "",
        )
    leads = full.things[LeadAssignment, "leads"]
    full.keep(
        LeadCover(
            **of,
            assignment_id=int(leads.removeprefix("L-")),
            user_id=people.coordinator.id,
            from_on=today,
            to_on=today,
            named_by_name=people.coordinator.name,
            named_at=now,
        )
    )
    members = [
        full.keep(TeamMember(**of, user_id=user.id, name=user.name, joined_on=today))
        for user in (people.lead, people.partner)
    ]
    full.keep(
        JointDecision(
            **of,
            step_down_id=step_down.id,
            kind=Together.WAIVE,
            gate=Gate.MEETING,
            until=today,
            reason="The family is away",
            proposed_by_id=people.coordinator.id,
            proposed_by_name="Somebody",
            proposed_for=Side.EARLY_HELP,
            proposed_at=now,
        )
    )
    full.keep(OutstandingAction(**of, step_down_id=step_down.id, what="Ring the GP"))
    full.keep(
        Meeting(
            **of,
            episode_id=episode.id,
            step_down_id=step_down.id,
            is_step_down=True,
            starts_at=now - timedelta(hours=2),
            state=MeetingState.ARRANGED,
        )
    )
    need = full.keep(PlanNeed(**of, episode_id=episode.id, headline=Headline.HOUSING, what="A dry home"))
    full.keep(
        PlanAction(
            **of,
            episode_id=episode.id,
            plan_need_id=need.id,
            what="Call the landlord",
            state=ActionState.PROPOSED,
            owner_id=members[1].id,
            due_on=today,
            first_due_on=today,
            asked_by_name=people.lead.name,
            proposed_at=now,
        )
    )
    first = select(Event).where(Event.family_id == family.id).order_by(Event.id).limit(1)
    full.things[Event, ""] = db.session.scalars(first).one().ref
    full.keep(
        HiddenWords(
            **of,
            code=WhyHidden.WRONG_FAMILY,
            why="They are about somebody else",
            words=["Of another street"],
            hidden_by_id=people.coordinator.id,
            hidden_by_name=people.coordinator.name,
            hidden_at=now,
            since=now,
        )
    )
    _support(full, people, need)


def _home(full: FullFamily) -> None:
    """Its people and homes: a baby is expected, and two people are kept apart."""
    of, home = {"family_id": full.home.id}, full.home
    full.things[Person, ""] = home.parent.ref
    household = db.session.scalars(select(Household).where(Household.family_id == home.id)).one()
    full.things[Household, ""] = household.ref
    baby = {"given_name": "Baby", "family_name": home.parent.family_name, "expected_on": clock.today()}
    full.keep(Person(**of, kind=PersonKind.CHILD, **baby), "unborn")
    apart = {"person_id": home.children[0].id, "other_id": home.children[1].id}
    row = full.keep(KeepApart(**of, **apart, kind=KeepApartKind.MUST_NOT_MEET))
    db.session.add(KeepApartReason(**of, keep_apart_id=row.id, text="A court order"))
    asked = {"why": "They asked", "asked_by": home.parent.name, "identity": "Their worker knows them"}
    made = {"made_by_id": home.family.added_by_id, "made_by_name": "Somebody", "made_at": clock.now()}
    full.keep(DataCopy(**of, person_id=home.parent.id, **asked, **made))


def _support(full: FullFamily, people: People, need: PlanNeed) -> None:
    today, now = clock.today(), clock.now()
    full.keep(Service(origin=ServiceOrigin.HAND, name="Warm Homes", organisation_name="A", topics=[], changed_at=now))
    referral = full.keep(
        SupportReferral(
            family_id=need.family_id,
            plan_need_id=need.id,
            service_name="Warm Homes",
            given_on=today,
            how_given=HowGiven.LEAFLET,
            recorded_by_id=people.coordinator.id,
            recorded_by_name=people.coordinator.name,
            recorded_at=now,
        )
    )
    _asked(full, referral, people)
    full.keep(
        SharedReferral(
            family_id=need.family_id,
            referral_id=referral.id,
            organisation_id=people.partner.organisation_id,
            whom="Somebody",
            service_name=referral.service_name,
            reason="A dry home",
            safe_contact="By phone",
            sent_on=today,
            sent_by_name=people.coordinator.name,
        )
    )
    full.keep(
        FollowUpCheck(
            family_id=need.family_id,
            referral_id=referral.id,
            stage=CheckStage.SIGNPOSTED,
            due_on=today,
            owner_id=people.social_worker.id,
        )
    )


def _asked(full: FullFamily, referral: SupportReferral, people: People) -> None:
    """The parent was asked by a link, and answered."""
    of, now = {"family_id": referral.family_id}, clock.now()
    question = full.keep(
        FamilyQuestion(
            **of,
            referral_id=referral.id,
            person_id=full.home.parent.id,
            way=LinkWay.PRINT,
            asked_by_id=people.coordinator.id,
            asked_by_name=people.coordinator.name,
            asked_at=now,
            expires_at=now + LINK_LIVES,
            safe_because="They live in two homes, and each has a phone of their own",
        )
    )
    db.session.add(FamilyLink(**of, question_id=question.id, token_hash=hashed(f"token {question.id}"), made_at=now))
    db.session.add(
        FamilyAnswer(
            **of,
            question_id=question.id,
            said=Said.NOT_YET,
            language="en",
            answered_at=now,
            sent=hashed(f"answer {question.id}"),
        )
    )


def _step_down(people: People, home: Home, state: StepDownState, child: int, **more: Any) -> StepDown:
    now, today = clock.now(), clock.today()
    sent = state is not StepDownState.DRAFT
    step_down = StepDown(
        family_id=home.id,
        state=state,
        social_worker_id=people.social_worker.id,
        social_care_team_id=people.team.id,
        destination=Destination.TEAM,
        decision_on=today if sent else None,
        decide_by=today if sent else None,
        started_at=now,
        proposed_at=now if sent else None,
        answered_at=now if sent else None,
        **more,
    )
    db.session.add(step_down)
    db.session.flush()
    db.session.add(StepDownChild(family_id=home.id, step_down_id=step_down.id, person_id=home.children[child].id))
    return step_down


@dataclass(frozen=True)
class World:
    """North is the family of most people of the council, South of the other team and the other organisation; Closed
    has the people of North and is restricted."""

    north: FullFamily
    south: FullFamily
    closed: FullFamily

    def of(self, who: str) -> tuple[FullFamily, FullFamily]:
        """This person's own family, and another's. Who has none of their own is tried with North twice."""
        if who in {"social_worker_other_team", "partner_other_organisation"}:
            return self.south, self.north
        return self.north, self.south


def a_world(council: Council) -> World:
    """Needs an empty council: people of the demonstration, and one more who leads in the South."""
    with council.behind_the_scenes():
        leader = User(
            name="Southern Lead",
            email="southern.lead@ambleford.example",
            organisation_id=council.health.id,
            active=True,
        )
        db.session.add(leader)
        db.session.flush()
        db.session.add(UserRole(user_id=leader.id, role=Role.PARTNER))
    north = People(council.social_worker, council.team, council.coordinator, council.lead, council.partner)
    south = People(
        council.social_worker_other_team,
        council.other_team,
        council.other_coordinator,
        leader,
        council.partner_other_organisation,
    )
    return World(
        FullFamily(council, north, "O’Neill"),
        FullFamily(council, south, "Nowak"),
        FullFamily(council, north, "Closed", restricted=True),
    )
