"""Give an action to somebody else: of the team, of the family, or somebody new, who then joins the team."""

from sqlalchemy import select

from portal.core.db import db
from portal.core.errors import FieldRefused
from portal.domain.step_downs import OPEN
from portal.domain.viewer import Viewer
from portal.facts import handing_over
from portal.models.families import Family
from portal.models.handover import StepDown
from portal.models.record import Event
from portal.models.teamwork import PlanAction, TeamMember
from portal.services import actions, plans


def pass_on(action: PlanAction, who: str, reason: str, *, by: Viewer) -> Event:
    """Pass an action on to the person chosen (as the list offers people), with why. Raises FieldRefused at `who` for
    somebody who cannot be given the family to see, or who is about to leave its team."""
    family = db.session.get_one(Family, action.family_id)
    on_team = select(TeamMember.id).where(TeamMember.family_id == family.id, TeamMember.left_on.is_(None))
    before = set(db.session.scalars(on_team))
    owner = plans.owner_of(family, who, by=by)
    _stays(action, owner)
    return actions.pass_on(action, owner, reason, by=by, joined=owner.id not in before)


def _stays(action: PlanAction, owner: TeamMember) -> None:
    """What was carried from a step-down would leave the team again with the social worker who hands over."""
    if action.step_down_id is None or owner.user_id is None:
        return
    state = db.session.execute(select(StepDown.state).where(StepDown.id == action.step_down_id)).scalar_one()
    if state in OPEN and owner.user_id == handing_over.leaver(action.step_down_id):
        raise FieldRefused(
            "who", f"{owner.name} hands the family over and leaves the {{team}}. Choose somebody who stays"
        )
