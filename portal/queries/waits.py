"""Every open thing with whom it waits on and since when: as a table to be narrowed, and in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Date, Integer, Row, Select, Subquery, and_, bindparam, or_, select, union_all

from portal.core.db import db
from portal.core.kept import kept
from portal.domain.dates import Calendar, counted, near
from portal.domain.viewer import Viewer
from portal.domain.waiting import BY_A_DAY, OF_CHECKS, REMINDABLE, WAITS, Stage, Wait
from portal.domain.words import Word, say
from portal.models.families import Family
from portal.queries import next_steps, waits_of_step_downs, waits_of_work
from portal.queries.shapes import Due, due

_LETTERS: Mapping[Wait, str] = {
    Wait.ANSWER_LEAD: "L",
    Wait.RECORD_LEAD: "L",
    Wait.WRITE_UP: "M",
    Wait.ACTION: "A",
    Wait.BLOCKED: "A",
    Wait.HANDED_BACK: "A",
    **dict.fromkeys(OF_CHECKS, "C"),
}
_OF_SUPPORT = frozenset({Stage.SUGGESTED, Stage.SENT, Stage.ACCEPTED, Stage.WAITING_LIST, Stage.INSTEAD})
NOBODY = "somebody"


@dataclass(frozen=True)
class Waits:
    """One open thing in words: what it is, whom it waits on to do what, how long and since when, and where it is
    seen. `mine`: it waits on who looks, and `href` is where it is done; `task` says what that is. `remindable`: its
    reference, where somebody could be reminded of it. `rings`: a family is to be rung; `note` says where it is not."""

    what: str
    task: str
    href: str
    family: str
    family_ref: str
    on: str
    waiting: str
    since: str
    due: Due | None
    organisation: str
    stage: Stage
    mine: bool
    remindable: str | None
    rings: bool = False
    note: str | None = None


@cache
def table() -> Subquery:
    """Of kind, id, family_id, family, who, who_id, organisation, since, due, text, other_id, coordinator_id, lead_id.
    What social work is still writing is not among them."""
    return union_all(
        *waits_of_step_downs.step_downs(),
        *waits_of_step_downs.leads(),
        *waits_of_step_downs.preparing(),
        *waits_of_work.plans(),
        *waits_of_work.support(),
    ).subquery("waits")


def already(waits: Subquery, today: Any, overdue: Any) -> ColumnElement[bool]:
    """What is due on a day is waited for once that day has gone by, `overdue` being the latest that has; everything
    else from the day it came to be so."""
    dated = waits.c.kind.in_([kind.value for kind in BY_A_DAY])
    return or_(and_(dated, waits.c.since <= overdue), and_(~dated, waits.c.since <= today))


def of_family(family_id: int, viewer: Viewer, words: Mapping[str, Word], today: date, days: Calendar) -> list[Waits]:
    """What one family waits for, the longest first; in one statement."""
    given = {"family": family_id, "today": today, "overdue": days.latest_overdue(today)}
    return [in_words(row, viewer, words, today, days) for row in db.session.execute(_of_family(), given)]


@kept
def _of_family() -> Select[Any]:
    waits, of_day = table(), [bindparam(name, type_=Date()) for name in ("today", "overdue")]
    return (
        select(waits)
        .where(waits.c.family_id == bindparam("family", type_=Integer()), already(waits, *of_day))
        .order_by(waits.c.since, waits.c.kind, waits.c.id)
    )


def in_words(
    row: Row[Any], viewer: Viewer, words: Mapping[str, Word], today: date, days: Calendar, *, mine: bool | None = None
) -> Waits:
    """The council's words go in before what people wrote. `mine`: whether it waits on the viewer, where more than
    their own number says so."""
    kind = Wait(row.kind)
    waiting, ref = WAITS[kind], _ref(kind, row)
    own = row.who_id == viewer.user_id if mine is None else mine
    # Whom an action with something in its way waits on is as it was written, whoever reads it and does it.
    on = row.who if kind is Wait.BLOCKED else next_steps.who(row.who, row.who_id, viewer, words) or NOBODY
    to_do = say(waiting.to_do, words)
    waited = max(days.working_days_between(row.since, today), 0)
    return Waits(
        what=say(waiting.what, words).replace("{ref}", ref).replace("{text}", row.text or ""),
        task=_as_a_task(say(waiting.own, words)),
        href=_address(waiting.page if own else waiting.look, row, ref),
        family=row.family,
        family_ref=f"{Family.ref_prefix}-{row.family_id}",
        on=on,
        waiting=f"{_how_long(waited)} on {on} {to_do}",
        since="today" if row.since == today else near(row.since, today),
        due=due(row.due, today, days),
        organisation=say(row.organisation, words),
        stage=waiting.stage,
        mine=own,
        remindable=ref if kind in REMINDABLE else None,
        rings=kind is Wait.CALL_BACK,
    )


def _how_long(waited: int) -> str:
    """The day it began stands behind it, so that nothing is said of less than a day."""
    return f"waiting {counted(waited, 'working day', 'working days')}" if waited else "waiting"


def _as_a_task(to_do: str) -> str:
    """To answer it: Answer it."""
    task = to_do.removeprefix("to ")
    return task[:1].upper() + task[1:]


def _ref(kind: Wait, row: Row[Any]) -> str:
    """By which it is called: its own, or that of the step-down it belongs to."""
    letter = "R" if WAITS[kind].stage in _OF_SUPPORT else _LETTERS.get(kind, "S")
    return f"{letter}-{row.id}"


def _address(page: str, row: Row[Any], ref: str) -> str:
    family = f"{Family.ref_prefix}-{row.family_id}"
    return page.replace("<family>", family).replace("<other>", f"S-{row.other_id}").replace("<ref>", ref)
