"""Builders of tests: services of the directory, support suggested to a family, and its checks."""

from datetime import date, timedelta

from sqlalchemy import select, update

from portal.core import clock
from portal.core.db import db
from portal.domain.step_downs import Destination, StepDownState
from portal.domain.support import CheckState, HowGiven, Method
from portal.models.families import CoordinatorAssignment, Family
from portal.models.following import FollowUpCheck, Service, ServiceOrigin, SupportReferral
from portal.models.handover import StepDown
from portal.models.people import User
from portal.services import answers, checks, history, referrals
from tests.support.people import Council, Home


def a_service(council: Council, *, name: str = "Stay and play", phone: str = "01632 960 111") -> Service:
    with council.behind_the_scenes():
        service = Service(
            origin=ServiceOrigin.HAND,
            name=name,
            organisation_name="Ambleford Family Hubs",
            phone=phone,
            topics=[],
            changed_at=clock.now(),
        )
        db.session.add(service)
        db.session.flush()
    return service


def of_the_partners_school(council: Council) -> Service:
    """A service whose own people sign in."""
    service = a_service(council)
    with council.behind_the_scenes():
        db.session.get_one(Service, service.id).organisation_id = council.partner.organisation_id
    return service


def a_referral(
    council: Council,
    home: Home,
    *,
    by: User | None = None,
    service: str = "Stay and play",
    given_on: date | None = None,
    plan_need_id: int | None = None,
) -> tuple[SupportReferral, FollowUpCheck]:
    """Suggested today by the social worker, in words; its first check."""
    with council.as_(by or council.social_worker) as viewer:
        family = home.family
        return referrals.signpost(
            family,
            by=viewer,
            service_name=service,
            service_phone="01632 960 111",
            plan_need_id=plan_need_id,
            need_text=None if plan_need_id else "Somewhere to go with the little one",
            given_on=given_on or clock.today(),
            how_given=HowGiven.LEAFLET,
        )


def a_late_check(council: Council, home: Home, **how: str) -> FollowUpCheck:
    """A check that fell due a fortnight ago."""
    _, check = a_referral(council, home, given_on=clock.today() - timedelta(days=28), **how)  # type: ignore[arg-type]
    return check


def coordinated(council: Council, home: Home) -> Home:
    """Social work has closed on the family, and early help's coordinator follows it, in whosever place."""
    with council.behind_the_scenes():
        family = db.session.merge(home.family)
        db.session.execute(
            update(CoordinatorAssignment)
            .where(CoordinatorAssignment.family_id == home.id, CoordinatorAssignment.to_on.is_(None))
            .values(to_on=clock.today())
        )
        family.social_work_closed_on = clock.today()
        db.session.add(CoordinatorAssignment(family_id=home.id, user_id=council.coordinator.id, from_on=clock.today()))
        history.changed(home.id)
    return home


def checks_of(council: Council, home: Home) -> list[FollowUpCheck]:
    with council.behind_the_scenes():
        return list(
            db.session.scalars(
                select(FollowUpCheck).where(FollowUpCheck.family_id == home.id).order_by(FollowUpCheck.id)
            )
        )


def due_check(council: Council, home: Home) -> FollowUpCheck:
    """The one check of the family that is still due."""
    (check,) = [check for check in checks_of(council, home) if check.state is CheckState.DUE]
    return check


def a_step_down(council: Council, home: Home, state: StepDownState = StepDownState.PROPOSED) -> StepDown:
    """Handed over by the social worker, not accepted yet."""
    with council.behind_the_scenes():
        step_down = StepDown(
            family_id=home.id,
            state=state,
            social_worker_id=council.social_worker.id,
            social_care_team_id=council.team.id,
            destination=Destination.TEAM,
            started_at=clock.now(),
        )
        db.session.add(step_down)
        db.session.flush()
        history.changed(home.id)
    return step_down


def reowned(council: Council, home: Home, by: User | None = None) -> None:
    """The due checks after responsibility has moved, as the service that moved it does."""
    with council.as_(by or council.coordinator) as viewer:
        checks.reown(home.id, by=viewer)


def social_work_closes(council: Council, home: Home) -> None:
    """A dated fact on the family and its step-downs; nobody is told yet."""
    with council.behind_the_scenes():
        db.session.get_one(Family, home.id).social_work_closed_on = clock.today()
        for step_down in db.session.scalars(select(StepDown).where(StepDown.family_id == home.id)):
            step_down.social_work_closed_on = clock.today()
        history.changed(home.id)


def no_answer(council: Council, home: Home, by: User, method: Method = Method.CALL) -> FollowUpCheck:
    """The family's due check is tried in vain, on another day than the tries before it; the next one."""
    tried_a_day_earlier(council, home.id)
    return no_answer_again_today(council, home, by, method)


def tried_a_day_earlier(council: Council, family_id: int) -> None:
    """What was recorded of the family's checks so far was recorded a day before."""
    with council.behind_the_scenes():
        recorded = select(FollowUpCheck.id, FollowUpCheck.done_on).where(
            FollowUpCheck.family_id == family_id, FollowUpCheck.done_on.is_not(None)
        )
        for row in db.session.execute(recorded).all():
            day = row.done_on - timedelta(days=1)
            db.session.execute(update(FollowUpCheck).where(FollowUpCheck.id == row.id).values(done_on=day))


def no_answer_again_today(council: Council, home: Home, by: User, method: Method = Method.CALL) -> FollowUpCheck:
    """The same, whatever was tried today already."""
    check_id = due_check(council, home).id
    with council.as_(by) as viewer:
        return answers.no_answer(db.session.get_one(FollowUpCheck, check_id), by=viewer, method=method)
