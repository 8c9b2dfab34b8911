"""What is done, and has to be looked at by somebody else before early help ends."""

from typing import Any

from sqlalchemy import or_

from portal.domain import viewer as asking
from portal.domain.permissions import P
from portal.domain.plans import ActionState
from portal.models.teamwork import PlanAction
from portal.policies import rules
from portal.policies.ties import ties
from portal.queries.shapes import Tag, tag

NOT_YET = "Done, not checked yet"
# It concerns safety, or was carried from a step-down.
MUST = or_(PlanAction.concerns_safety, PlanAction.step_down_id.is_not(None))

# What `row_waits_for_viewer` reads of an action, besides its state.
COLUMNS = (PlanAction.family_id, PlanAction.owner_id, PlanAction.done_by_id, MUST.label("must"))


def tag_of(state: ActionState, *, must_be_checked: bool) -> Tag:
    """How an action stands; where it must be checked, it is not simply done."""
    found = tag(state)
    return Tag(NOT_YET, found.colour) if must_be_checked and state is ActionState.DONE else found


def waits_for_viewer(
    family_id: int, state: ActionState, *, must_be_checked: bool, owner_id: int | None, done_by_id: int | None
) -> bool:
    """Whether it must be checked and the viewer may: it is neither theirs nor was it recorded by them."""
    viewer = asking.current()
    if viewer is None or not must_be_checked or state is not ActionState.DONE or done_by_id == viewer.user_id:
        return False
    thing = PlanAction(family_id=family_id, owner_id=owner_id)  # made for the question, never stored
    return rules.allowed(viewer, P.ACTION_VERIFY, thing) and owner_id not in ties(viewer, family_id).member_ids


def row_waits_for_viewer(row: Any) -> bool:
    return waits_for_viewer(
        row.family_id, row.state, must_be_checked=row.must, owner_id=row.owner_id, done_by_id=row.done_by_id
    )
