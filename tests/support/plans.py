"""A family's plan in a test: its address, its needs and actions, and what was recorded."""

from sqlalchemy import select

from portal.core.db import db
from portal.domain.plans import Headline
from portal.models.record import Event
from portal.models.teamwork import PlanAction, PlanNeed
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


def events_of(council: Council, team: Team) -> list[str]:
    with council.behind_the_scenes():
        statement = select(Event.kind).where(Event.family_id == team.family.id).order_by(Event.id)
        return [str(kind) for kind in db.session.scalars(statement)]


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
