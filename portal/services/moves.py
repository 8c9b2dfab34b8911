"""Every life is walked here, and nowhere else does a state change."""

import enum
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import inspect

from portal.core.db import UTCDateTime
from portal.core.errors import FieldRefused, Refused
from portal.domain.episodes import EPISODE
from portal.domain.event_kinds import E
from portal.domain.leads import LEAD
from portal.domain.meetings import MEETING
from portal.domain.plans import ACTION, NEED, PLAN
from portal.domain.step_downs import OUTSTANDING_ACTION, STEP_DOWN
from portal.domain.support import CHECK, REFERRAL, Source
from portal.domain.viewer import Viewer
from portal.domain.wording import MOVES
from portal.domain.workflow import Move, Workflow
from portal.models.following import FollowUpCheck, SupportReferral
from portal.models.handover import Episode, LeadAssignment, OutstandingAction, StepDown
from portal.models.record import Event
from portal.models.teamwork import ActionPlan, Meeting, PlanAction, PlanNeed
from portal.policies import rules
from portal.services import history
from portal.services.guards import GUARDS

LIFE_OF: Mapping[type[Any], Workflow] = {
    StepDown: STEP_DOWN,
    OutstandingAction: OUTSTANDING_ACTION,
    LeadAssignment: LEAD,
    Meeting: MEETING,
    Episode: EPISODE,
    ActionPlan: PLAN,
    PlanNeed: NEED,
    PlanAction: ACTION,
    SupportReferral: REFERRAL,
    FollowUpCheck: CHECK,
}


def walk(
    thing: Any,
    name: str,
    *,
    by: Viewer,
    data: Mapping[str, Any] | None = None,
    text: str | None = None,
    happened_on: date | None = None,
    source: Source | None = None,
    told_by: str | None = None,
    follows: bool = False,
    **values: Any,
) -> Event:
    """Make one move: permission, open state, what is needed, guards; then state, event and messages together.
    `values` are columns of the thing that the move sets. `follows`: the move is a consequence of another that
    this person was allowed to make (a check that its referral's answer closes), so no permission is asked.
    Raises NotAllowed, Refused (not open from this state) or FieldRefused (something needed is missing)."""
    life = LIFE_OF[type(thing)]
    move = life.move(name)
    if not follows:
        rules.demand(by, move.permission, thing)
    if thing.state not in move.sources:
        raise Refused(MOVES[life.name, name].refusal)
    _demand_needs(move, values, text)
    for guard in (*life.guards, *move.guards):
        GUARDS[guard](thing, values)

    columns = [column for column in values if hasattr(type(thing), column)]
    can_be_undone = move.undoable or history.is_in_one_click()
    before = as_it_is(thing, ["state", *columns]) if can_be_undone else None
    for column in columns:
        setattr(thing, column, values[column])
    if move.target is not None:
        thing.state = move.target
    details = dict(data or {})
    if rules.as_manager(by, move.permission):
        details["as_manager"] = True
    return history.record(
        E(move.event),
        thing,
        by=by,
        data=details,
        text=text,
        happened_on=happened_on,
        source=source,
        told_by=told_by,
        notify=move.notify,
        before=before,
    )


def demand_open(thing: Any, names: Iterable[str]) -> None:
    """Raises Refused, in the words of the first of these moves, where none of them can be made from the thing's
    state."""
    life = LIFE_OF[type(thing)]
    first, *_ = names = tuple(names)
    if not any(life.is_open(name, thing.state) for name in names):
        raise Refused(MOVES[life.name, first].refusal)


def as_it_is(thing: Any, columns: Iterable[str]) -> dict[str, Any]:
    """What these columns hold, as it can be kept with an event."""
    return {column: _plain(getattr(thing, column)) for column in columns}


def put_back(thing: Any, before: Mapping[str, Any]) -> None:
    """Give the columns what they held before, the state among them: the one way back along a move."""
    columns = inspect(type(thing)).columns
    for column, value in before.items():
        setattr(thing, column, _typed(value, columns[column].type))


def _plain(value: Any) -> Any:
    if isinstance(value, enum.Enum):
        return value.value
    return value.isoformat() if isinstance(value, date) else value


def _typed(value: Any, of: Any) -> Any:
    if value is None:
        return None
    words = getattr(of, "enum_class", None)
    if words is not None:
        return words(value)
    if isinstance(of, UTCDateTime):
        return datetime.fromisoformat(value)
    python = of.python_type
    return python.fromisoformat(value) if issubclass(python, date) else value


def _demand_needs(move: Move, values: Mapping[str, Any], text: str | None) -> None:
    for need in move.needs:
        given = text if need in ("note", "reason") else values.get(need)
        if given is None or (isinstance(given, str) and not given.strip()):
            raise FieldRefused(need, NEEDED.get(need, "Enter what is needed here"))


NEEDED: Mapping[str, str] = {
    "rationale": "Enter why you agree to this {step_down}",
    "agreed_by_name": "Enter who agreed",
    "agreed_on": "Enter the date they agreed",
    "decline_code": "Select why this {step_down} is not accepted",
    "decline_reason": "Enter why this {step_down} is not accepted",
    "plan_action_id": "Enter the action it is carried into",
    "protection_override": "Enter why these children go straight to {early_help}",
    "question": "Enter your question",
    "answer": "Enter the answer",
    "declined_then": "Select what happens now",
    "declined_then_words": "Enter what happens now, and who does it",
    "evidence": "Enter how you know it is completed",
    "drop_reason": "Enter why it is dropped",
    "answer_reason": "Enter why they cannot lead",
    "end_code": "Select why they stop leading",
    "ended_on": "Enter the date they stopped leading",
    "held_on": "Enter the date the meeting was held",
    "decisions": "Enter what was decided",
    "asked_by": "Select who asked for it",
    "ended_why": "Enter why",
    "met_reason": "Enter what is different now",
    "transferred_to": "Enter to whom it was passed on",
    "not_met_reason": "Enter what could not be provided, and who knows",
    "note": "Enter a note about what has happened",
    "reason": "Enter why",
    "in_the_way": "Enter why this cannot be done",
    "review_on": "Enter when to look at this again",
    "handed_back_reason": "Enter why this cannot be done",
    "what_changed": "Enter what has changed for the family",
    "dropped_reason": "Enter why it is no longer needed",
    "family_agreed": "Select whether the family agrees",
    "due_on": "Enter the date it is due",
    "owner_id": "Choose who will do this",
    "done_on": "Enter the date it was done",
    "sent_reason": "Enter what the service is asked for, and why",
    "safe_contact": "Enter how the service can safely reach the family",
    "state_on": "Enter the date",
    "state_source": "Select how you know",
    "declined_on": "Enter the date they said no",
    "declined_why": "Enter why you cannot take this on",
    "expected_on": "Enter when a place is expected",
    "interim": "Enter what helps the family until then",
    "booked_for": "Enter the first day",
    "confirmed_on": "Enter the date",
    "confirmed_source": "Select how you know",
    "stopped_on": "Enter when it stopped",
    "last_on": "Enter the last day",
    "ended_how": "Select how it ended",
    "helped": "Select what it did about the {need}",
    "waived_until": "Enter when to ask again",
    "started_on": "Enter the date support was first received",
    "started_source": "Select how you know that it started",
    "started_what": "Enter what they went to or received",
    "not_started_code": "Select why it will not happen",
    "need_now": "Select what happens to the need now",
    "need_now_words": "Enter what happens to the need now, and who sees to it",
    "waiting_on": "Enter whom we are waiting for",
    "next_on": "Enter when to check again",
    "method": "Select how you tried",
}
