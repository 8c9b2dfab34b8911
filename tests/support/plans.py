"""A family's plan in a test: its address, its needs and actions, and what was recorded."""

from datetime import date, timedelta

from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.domain.plans import Headline, PlanState
from portal.domain.support import Method
from portal.facts import plans
from portal.facts.practice import calendar
from portal.models.teamwork import ActionPlan, Contact, ContactPerson, Meeting, PlanAction, PlanNeed
from portal.services import history
from tests.support.people import Council, Team


def plan(team: Team, rest: str = "") -> str:
    return f"/families/{team.ref}/plan{rest}"


def actions_of(council: Council, team: Team) -> list[PlanAction]:
    with council.behind_the_scenes():
        statement = select(PlanAction).where(PlanAction.family_id == team.family.id).order_by(PlanAction.id)
        return list(db.session.scalars(statement))


def needs_of(council: Council, team: Team) -> list[PlanNeed]:
    with council.behind_the_scenes():
        statement = select(PlanNeed).where(PlanNeed.family_id == team.family.id).order_by(PlanNeed.id)
        return list(db.session.scalars(statement))


def a_need(
    council: Council, team: Team, *, what: str = "A safe home", headline: Headline = Headline.HOUSING
) -> PlanNeed:
    with council.behind_the_scenes():
        need = PlanNeed(family_id=team.family.id, episode_id=team.episode.id, headline=headline, what=what)
        db.session.add(need)
        db.session.flush()
    return need


def loosen(council: Council, action: PlanAction) -> None:
    with council.behind_the_scenes():
        db.session.get_one(PlanAction, action.id).plan_need_id = None
        db.session.flush()


def a_review(council: Council, team: Team, days: int = 21) -> date:
    """The next meeting of the team, arranged on a working day."""
    with council.behind_the_scenes():
        day = calendar().due(clock.today() + timedelta(days=days))
        db.session.add(Meeting(family_id=team.family.id, is_review=True, starts_at=clock.now() + (day - clock.today())))
        history.changed(team.family.id)
    return day


def versions_of(council: Council, team: Team) -> list[ActionPlan]:
    with council.behind_the_scenes():
        statement = select(ActionPlan).where(ActionPlan.family_id == team.family.id).order_by(ActionPlan.number)
        return list(db.session.scalars(statement))


def in_force(council: Council, team: Team) -> None:
    """The family's plan, in force as it is written now."""
    with council.behind_the_scenes():
        version = db.session.scalars(select(ActionPlan).where(ActionPlan.episode_id == team.episode.id)).one()
        version.state, version.in_force_on = PlanState.IN_FORCE, clock.today()
        version.wording = plans.wording(team.episode.id).kept()
        history.changed(team.family.id)


def met(council: Council, team: Team) -> None:
    """Somebody visited the family and saw the parent."""
    with council.behind_the_scenes():
        contact = Contact(
            family_id=team.family.id,
            made_by_id=council.lead.id,
            made_by_name=council.lead.name,
            on=clock.today(),
            method=Method.VISIT,
            answered=True,
            recorded_at=clock.now(),
        )
        db.session.add(contact)
        db.session.flush()
        db.session.add(
            ContactPerson(family_id=team.family.id, contact_id=contact.id, person_id=team.home.parent.id, seen=True)
        )
