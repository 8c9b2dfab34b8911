"""Take back a change that was just made: what was before is put back, nobody is told of it, and history says so."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.core.errors import Refused
from portal.domain.event_kinds import E
from portal.domain.reminders import CHANGES_NOTHING
from portal.domain.undo import NOT_UNDOABLE, Latest, why_not
from portal.domain.viewer import Viewer
from portal.models.record import Event, OutboxMessage
from portal.models.teamwork import PlanAction, TeamMember
from portal.services import history, team
from portal.services.actions import BEGUN_WITH
from portal.services.moves import put_back

# What can be taken back, by the letter of its reference. Whatever else becomes undoable joins here.
UNDOABLE: Mapping[str, type[Any]] = {PlanAction.ref_prefix: PlanAction}


def undo(event: Event, *, by: Viewer) -> Event:
    """Undo one change, with what it began with where one click made two. Raises Refused where it is too late, where
    somebody changed the thing since, or where it was undone already."""
    prefix, _, number = event.subject.partition("-")
    if event.before is None or prefix not in UNDOABLE:
        raise Refused(NOT_UNDOABLE)
    refusal = why_not_now(event)
    if refusal:
        raise Refused(refusal)
    model = UNDOABLE[prefix]
    thing = db.session.execute(select(model).where(model.id == int(number)).with_for_update()).scalar_one()
    return [take_back(each, thing, by=by) for each in _with_its_beginning(event)][-1]


def why_not_now(event: Event) -> str | None:
    """Why a change that could be taken back no longer can; None where it still can."""
    return why_not(event.id, event.recorded_at, latest=_latest(event), now=clock.now())


def _with_its_beginning(event: Event) -> list[Event]:
    """The change, and the one it began with, the latest first."""
    first = event.data.get(BEGUN_WITH)
    return [event, *([db.session.get_one(Event, first)] if first else [])]


def take_back(event: Event, thing: Any, *, by: Viewer, to: Mapping[str, Any] | None = None) -> Event:
    """Whether it still can be was asked before. `to`: what is put back, where that is not what stood before."""
    put_back(thing, event.before or {} if to is None else to)
    cancel_notices(event)
    if event.kind in BESIDES:
        BESIDES[event.kind](event)
    return history.record(E.CHANGE_UNDONE, thing, by=by, data={**event.data, "undone": event.kind}, undoes_id=event.id)


def cancel_notices(event: Event) -> None:
    """Nobody is told of what this line tells."""
    unsent = select(OutboxMessage).where(OutboxMessage.event_id == event.id, OutboxMessage.sent_at.is_(None))
    for message in db.session.scalars(unsent.with_for_update()):
        db.session.delete(message)


def _latest(event: Event) -> Latest:
    """The latest line about the thing; where this change was undone already, the line that says so."""
    row = db.session.execute(
        select(Event.id, Event.undoes_id, Event.actor_name, Event.recorded_at)
        .where(
            Event.family_id == event.family_id,
            Event.subject == event.subject,
            Event.kind.not_in(CHANGES_NOTHING),
        )
        .order_by((Event.undoes_id == event.id).desc().nulls_last(), Event.id.desc())
        .limit(1)
    ).one()
    return Latest(row.id, row.undoes_id, row.actor_name, row.recorded_at)


def _leave_again(event: Event) -> None:
    """Who came to the team for this alone sees the family no longer."""
    member = db.session.get(TeamMember, event.data.get("joined") or 0)
    if member is not None and member.left_on is None:
        team.leave(member)


# What a kind of change did besides, and how that is taken back.
BESIDES: Mapping[E, Callable[[Event], None]] = {E.ACTION_PASSED_ON: _leave_again}
