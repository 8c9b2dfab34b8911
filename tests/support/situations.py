"""Situations a family can be in, as rows: a step-down in any state, support suggested, a home kept confidential."""

from datetime import date, timedelta

from sqlalchemy import delete, update

from portal.core import clock
from portal.core.db import db
from portal.domain.episodes import EpisodeState
from portal.domain.leads import LeadState
from portal.domain.meetings import MeetingState
from portal.domain.plans import PlanState
from portal.domain.step_downs import OPEN, Destination, StepDownState
from portal.domain.support import CheckStage, HowGiven, ReferralState, Source
from portal.models.families import ConfidentialAddress, CoordinatorAssignment, Family, Person
from portal.models.following import FollowUpCheck, SupportReferral
from portal.models.handover import Episode, LeadAssignment, StepDown, StepDownChild
from portal.models.people import User
from portal.models.teamwork import ActionPlan, Meeting, PlanNeed
from portal.services import history
from tests.support.people import Council, Home, Team


def a_step_down(
    council: Council,
    home: Home,
    state: StepDownState = StepDownState.PROPOSED,
    *,
    children: list[Person] | None = None,
    social_work_closed_on: date | None = None,
) -> StepDown:
    """Of the council's social worker, for all children unless some are named."""
    today = clock.today()
    with council.behind_the_scenes():
        found = StepDown(
            family_id=home.id,
            state=state,
            social_worker_id=council.social_worker.id,
            social_care_team_id=council.team.id,
            destination=Destination.TEAM,
            decision_on=today,
            decide_by=today + timedelta(days=7),
            meeting_by=today + timedelta(days=21),
            complete_by=today + timedelta(days=28),
            started_at=clock.now(),
            social_work_closed_on=social_work_closed_on,
            completed_at=clock.now() if state is StepDownState.COMPLETED else None,
            answered_at=clock.now() if state is StepDownState.DECLINED else None,
            decline_reason="Another route" if state is StepDownState.DECLINED else None,
        )
        db.session.add(found)
        db.session.flush()
        for child in home.children if children is None else children:
            db.session.add(
                StepDownChild(family_id=home.id, step_down_id=found.id, person_id=child.id, is_open=state in OPEN)
            )
        history.changed(home.id)
    return found


def preparing(council: Council, home: Home, *, lead: LeadState | None = None) -> Episode:
    """Early help prepares, coordinated; somebody was asked to lead, or accepted, or nobody was."""
    with council.behind_the_scenes():
        episode = Episode(family_id=home.id, state=EpisodeState.PREPARING, opened_on=clock.today())
        db.session.add(episode)
        db.session.flush()
        db.session.add(CoordinatorAssignment(family_id=home.id, user_id=council.coordinator.id, from_on=clock.today()))
        if lead is not None:
            db.session.add(
                LeadAssignment(
                    family_id=home.id,
                    episode_id=episode.id,
                    user_id=council.lead.id,
                    name=council.lead.name,
                    state=lead,
                    nominated_by_name=council.coordinator.name,
                    nominated_at=clock.now(),
                    answer_by=clock.today() + timedelta(days=3),
                )
            )
        history.changed(home.id)
    return episode


def support(
    council: Council,
    home: Home,
    *,
    state: ReferralState = ReferralState.INFORMATION_GIVEN,
    need: PlanNeed | None = None,
    service: str = "Breakfast club",
    organisation: str | None = None,
    of: Person | None = None,
    owner: User | None = None,
    due_on: date | None = None,
) -> tuple[SupportReferral, FollowUpCheck | None]:
    """Something suggested; while it has not started, a check due in a week."""
    started = state is ReferralState.STARTED
    with council.behind_the_scenes():
        referral = SupportReferral(
            family_id=home.id,
            plan_need_id=need.id if need else None,
            need_text=None if need else "Mornings",
            service_name=service,
            service_organisation=organisation,
            person_id=of.id if of else None,
            state=state,
            given_on=clock.today(),
            how_given=HowGiven.SAID,
            recorded_by_id=council.social_worker.id,
            recorded_by_name=council.social_worker.name,
            recorded_at=clock.now(),
            started_on=clock.today() if started else None,
            started_source=Source.FAMILY if started else None,
            started_what="First morning" if started else None,
        )
        db.session.add(referral)
        db.session.flush()
        check = None
        if state is ReferralState.INFORMATION_GIVEN:
            check = FollowUpCheck(
                family_id=home.id,
                referral_id=referral.id,
                stage=CheckStage.SIGNPOSTED,
                due_on=due_on or clock.today() + timedelta(days=7),
                owner_id=(owner or council.social_worker).id,
            )
            db.session.add(check)
        history.changed(home.id)
    return referral, check


def coordinated(council: Council, home: Home, by: User | None = None) -> None:
    with council.behind_the_scenes():
        db.session.add(
            CoordinatorAssignment(family_id=home.id, user_id=(by or council.coordinator).id, from_on=clock.today())
        )
        history.changed(home.id)


def social_work_closed(council: Council, home: Home, on: date | None = None) -> None:
    """On the family itself."""
    with council.behind_the_scenes():
        db.session.get_one(Family, home.id).social_work_closed_on = on or clock.today()
        history.changed(home.id)


def without_lead(council: Council, team: Team) -> None:
    with council.behind_the_scenes():
        db.session.execute(delete(LeadAssignment).where(LeadAssignment.family_id == team.family.id))
        history.changed(team.family.id)


def plan_in_force(council: Council, team: Team) -> None:
    with council.behind_the_scenes():
        db.session.execute(
            update(ActionPlan)
            .where(ActionPlan.family_id == team.family.id)
            .values(state=PlanState.IN_FORCE, in_force_on=clock.today())
        )
        history.changed(team.family.id)


def a_review(council: Council, team: Team) -> Meeting:
    with council.behind_the_scenes():
        meeting = Meeting(
            family_id=team.family.id,
            episode_id=team.episode.id,
            state=MeetingState.ARRANGED,
            is_review=True,
            starts_at=clock.now() + timedelta(days=5),
        )
        db.session.add(meeting)
        history.changed(team.family.id)
    return meeting


def confidential(council: Council, home: Home, address: str = "Refuge, 12 Hidden Row") -> None:
    """The parent's."""
    with council.behind_the_scenes():
        db.session.add(
            ConfidentialAddress(family_id=home.id, person_id=home.parent.id, address=address, postcode="AF9 9ZZ")
        )
        history.changed(home.id)
