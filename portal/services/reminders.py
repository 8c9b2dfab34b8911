"""Reminders that a person sends to whom something waits on, and takes back while nobody has got them."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import aliased

from portal.core import clock
from portal.core.db import db
from portal.core.errors import Refused
from portal.domain.event_kinds import E
from portal.domain.permissions import P
from portal.domain.reminders import (
    CLICK,
    LINES_OF,
    MOST,
    NOBODY_CHOSEN,
    NOT_THERE,
    NOT_YOURS,
    REMINDED,
    TOO_LATE,
    TOO_MANY,
    nothing_sent_words,
    sent_words,
)
from portal.domain.undo import WINDOW
from portal.domain.viewer import Viewer
from portal.facts import reminding
from portal.facts.reminding import Waiting
from portal.models.record import Event
from portal.policies import rules
from portal.services import history, summary
from portal.services.undo import cancel_notices


@dataclass(frozen=True)
class Sent:
    """What one click sent: the lines it wrote, and in words to how many people, and of what none was sent."""

    events: list[Event]
    words: str


def send(refs: Iterable[str], *, by: Viewer) -> Sent:
    """Remind whoever each of these waits on, in ten minutes. Of the rest it is said why not. Raises Refused where none
    could be sent."""
    wanted = list(dict.fromkeys(refs))
    if not wanted:
        raise Refused(NOBODY_CHOSEN)
    if len(wanted) > MOST:
        raise Refused(TOO_MANY)
    for family_id in reminding.families_of(wanted):
        summary.lock(family_id)
    found = reminding.of(wanted, by)
    reasons = {each.ref: _why_not(each, by) for each in found}
    click = secrets.token_urlsafe(12)
    told = [each for each in found if reasons[each.ref] is None]
    events = [_remind(each, click, by=by) for each in told]
    left = {ref: why for ref in wanted if (why := reasons.get(ref, NOT_THERE))}
    if not events:
        raise Refused(nothing_sent_words(left))
    people = {each.user_id: each.who for each in told}
    return Sent(events, sent_words(people.values(), left))


def _why_not(each: Waiting, by: Viewer) -> str | None:
    return each.why_not if rules.allowed(by, P.REMIND, each.thing) else NOT_YOURS


def _remind(each: Waiting, click: str, *, by: Viewer) -> Event:
    return history.record(
        LINES_OF[each.thing.ref_prefix],
        each.thing,
        by=by,
        data={"what": each.what, "whom": each.who, CLICK: click},
        notify=("waited_for",),
    )


def take_back(event: Event, *, by: Viewer) -> int:
    """Every reminder of the same click, so that nobody gets it; how many. Raises Refused once it is too late."""
    sent = [each for each in _lately(by) if event.data.get(CLICK) == each.data[CLICK]]
    if not sent:
        raise Refused(TOO_LATE)
    for family_id in sorted({each.family_id for each in sent}):
        summary.lock(family_id)
    things = {each.ref: each.thing for each in reminding.of([each.subject for each in sent], by)}
    for each in sent:
        cancel_notices(each)
        history.record(E.REMINDER_TAKEN_BACK, things[each.subject], by=by, data=each.data, undoes_id=each.id)
    return len(sent)


def _lately(by: Viewer) -> list[Event]:
    """What this person sent within the minutes of undo and has not taken back."""
    back = aliased(Event)
    return list(
        db.session.scalars(
            select(Event)
            .where(
                Event.actor_id == by.user_id,
                Event.kind.in_(REMINDED),
                Event.recorded_at >= clock.now() - WINDOW,
                ~select(back.id).where(back.family_id == Event.family_id, back.undoes_id == Event.id).exists(),
            )
            .order_by(Event.id)
        )
    )
