"""A family that has somebody in every place: for tests of who sees and may do what."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.domain.step_downs import Destination, StepDownState
from portal.models.families import Family
from portal.models.handover import StepDown
from portal.models.people import User
from portal.models.teamwork import PlanAction, TeamMember
from portal.services import history
from tests.support.people import Council, Team, a_family, an_action, an_active_family

LONG_AGO = timedelta(days=100)


@dataclass
class Scene:
    """A family in step-down: its social worker, coordinator, lead and partner are their own; nobody else's."""

    council: Council
    team: Team
    step_down: StepDown
    action: PlanAction

    @property
    def family_id(self) -> int:
        return self.team.family.id

    def arrange(self, *rows: Any) -> None:
        with self.council.behind_the_scenes():
            db.session.add_all(rows)
            history.changed(self.family_id)

    def change(self, model: type[Any], row_id: int, **values: Any) -> None:
        with self.council.behind_the_scenes():
            row = db.session.get_one(model, row_id)
            for name, value in values.items():
                setattr(row, name, value)
            history.changed(self.family_id)

    def is_reached_by(self, user: User) -> bool:
        with self.council.as_(user):
            return db.session.scalars(select(Family.id).where(Family.id == self.family_id)).first() is not None


def a_scene(council: Council) -> Scene:
    """In step-down, accepted long ago, with a lead, a partner on the team and an action of the partner's."""
    team = an_active_family(council, a_family(council))
    with council.behind_the_scenes():
        family = db.session.get_one(Family, team.family.id)
        family.added_at = clock.now() - LONG_AGO
        step_down = StepDown(
            family_id=family.id,
            state=StepDownState.ACCEPTED,
            destination=Destination.TEAM,
            social_worker_id=council.social_worker.id,
            social_care_team_id=council.team.id,
            started_at=clock.now() - LONG_AGO,
            answered_at=clock.now() - LONG_AGO,
        )
        db.session.add(step_down)
        db.session.flush()
        history.changed(family.id)
    return Scene(council, team, step_down, an_action(council, team))


def a_member(scene: Scene, user: User) -> TeamMember:
    """A row that puts somebody on the team; not stored yet."""
    return TeamMember(family_id=scene.family_id, user_id=user.id, name=user.name, joined_on=clock.today())
