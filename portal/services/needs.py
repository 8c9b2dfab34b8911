"""How a need of the plan ends, and is opened again."""

from portal.domain.viewer import Viewer
from portal.models.teamwork import PlanNeed
from portal.services.moves import walk


def met(need: PlanNeed, reason: str, *, by: Viewer) -> None:
    """What is different now."""
    walk(need, "met", by=by, text=reason, met_reason=reason, data={"what": need.what})


def pass_on(need: PlanNeed, to: str, *, note: str | None, by: Viewer) -> None:
    """Somebody outside the team takes care of it from now on."""
    walk(need, "transfer", by=by, text=note, transferred_to=to, data={"what": need.what, "to": to})


def could_not_meet(need: PlanNeed, reason: str, *, by: Viewer) -> None:
    """What could not be provided, and who knows. Nothing is counted as met that was not."""
    walk(need, "not_met", by=by, text=reason, not_met_reason=reason, data={"what": need.what})


def reopen(need: PlanNeed, reason: str, *, by: Viewer) -> None:
    """It was ended by mistake, or is there again; the line that ended it stays in the history."""
    walk(need, "reopen", by=by, text=reason, data={"what": need.what})
