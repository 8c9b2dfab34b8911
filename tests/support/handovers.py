"""A family being handed over, as its team meets: an accepted step-down with what is outstanding, and the meeting."""

from dataclasses import dataclass
from datetime import date, time, timedelta

from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.domain.dates import to_utc
from portal.domain.episodes import EpisodeState
from portal.domain.leads import LeadState
from portal.domain.plans import Headline
from portal.domain.step_downs import Destination, NeedOutcome, StepDownState
from portal.models.families import Family, KeepApart, KeepApartKind, Person, SafeContact
from portal.models.handover import LeadAssignment, LeadCover, OutstandingAction, StepDown, StepDownNeed
from portal.models.people import User
from portal.models.teamwork import Meeting, TeamMember
from portal.policies.scope import unscoped
from portal.services import meetings, team
from portal.services.meetings import Kinds
from portal.services.team import Outside
from tests.support.people import Council, Team, a_family, an_active_family

OUTSTANDING = (
    "Ring the school about Child0’s reading",
    "Hand over the GP letter",
    "Fix the window lock",
    "Close the grant",
)


@dataclass
class Handover:
    """A family in preparing, its team, its step-down with four outstanding actions, the last one about safety, and
    two needs left."""

    council: Council
    team: Team
    step_down: StepDown
    outside: TeamMember
    outstanding: list[OutstandingAction]
    needs: list[StepDownNeed]

    @property
    def ref(self) -> str:
        return self.team.ref

    @property
    def family(self) -> Family:
        return self.team.family

    @property
    def children(self) -> list[Person]:
        return self.team.home.children

    @property
    def members(self) -> list[TeamMember]:
        return [self.team.lead, self.team.partner, self.team.parent, self.outside]


def a_handover(
    council: Council, *, children: int = 2, outstanding: int = 4, destination: Destination = Destination.TEAM
) -> Handover:
    home = a_family(council, children=children)
    team_of = an_active_family(council, home, state=EpisodeState.PREPARING)
    with council.as_(council.coordinator) as viewer, unscoped("a test arranges its world"):
        step_down = StepDown(
            family_id=home.id,
            state=StepDownState.ACCEPTED,
            social_worker_id=council.social_worker.id,
            social_care_team_id=council.team.id,
            episode_id=team_of.episode.id,
            destination=destination,
            decision_on=clock.today(),
            meeting_by=clock.today() + timedelta(days=21),
            complete_by=clock.today() + timedelta(days=28),
            started_at=clock.now(),
            answered_at=clock.now(),
        )
        db.session.add(step_down)
        db.session.flush()
        still = [
            OutstandingAction(
                family_id=home.id, step_down_id=step_down.id, what=what, concerns_safety=what == OUTSTANDING[2]
            )
            for what in OUTSTANDING[:outstanding]
        ]
        needs = [
            StepDownNeed(
                family_id=home.id,
                step_down_id=step_down.id,
                headline=headline,
                what=what,
                outcome=NeedOutcome.LEFT,
            )
            for headline, what in ((Headline.HOUSING, "Damp in the bedroom"), (Headline.FINANCE, "Rent arrears"))
        ]
        db.session.add_all([*still, *needs])
        family = db.session.get_one(Family, home.id)
        outside = team.join_outside(
            family, Outside("Nan Okafor", "Hillside Church", "Youth worker", "01632 960 400"), by=viewer
        )
    return Handover(council, team_of, step_down, outside, still, needs)


def a_meeting(
    council: Council,
    of: Team,
    *,
    step_down: bool = False,
    first_team: bool = False,
    review: bool = False,
    on: date | None = None,
    at: time = time(14, 30),
) -> Meeting:
    """Arranged by the lead for everybody on the team. `on` may lie in the past: it is then as if it was arranged
    before."""
    day = on or clock.today()
    with council.as_(council.lead) as viewer:
        family = db.session.get_one(Family, of.family.id)
        meeting = meetings.arrange_for(
            family,
            Kinds(step_down=step_down, first_team=first_team, review=review),
            starts_at=to_utc(max(day, clock.today()), at),
            place="Hillside Primary School",
            members=db.session.scalars(select(TeamMember.id).where(TeamMember.family_id == of.family.id)).all(),
            by=viewer,
        )
        meeting.starts_at = to_utc(day, at)
    return meeting


def kept_apart(council: Council, one: Person, other: Person) -> None:
    with council.behind_the_scenes():
        kind = KeepApartKind.MUST_NOT_MEET
        db.session.add(KeepApart(family_id=one.family_id, person_id=one.id, other_id=other.id, kind=kind))


def never_contacted(council: Council, person: Person) -> None:
    with council.behind_the_scenes():
        found = db.session.scalars(select(SafeContact).where(SafeContact.person_id == person.id)).first()
        safe = found or SafeContact(family_id=person.family_id, person_id=person.id)
        safe.never_contact = True
        db.session.add(safe)


def covers(council: Council, team: Team, user: User) -> None:
    """From today on this person stands in for who leads."""
    today = clock.today()
    with council.behind_the_scenes():
        leads = select(LeadAssignment.id).where(
            LeadAssignment.family_id == team.home.id, LeadAssignment.state == LeadState.ACCEPTED
        )
        named = {"named_by_name": "Manager", "named_at": clock.now()}
        of = {"family_id": team.home.id, "assignment_id": db.session.scalars(leads).one(), "user_id": user.id}
        db.session.add(LeadCover(**of, from_on=today, to_on=today, **named))
