"""Where coordinators and leads begin: what needs them today, on whom else things wait, and the days ahead."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Subquery, case, not_, or_, select

from portal.core import clock
from portal.core.db import db
from portal.domain.dates import Calendar
from portal.domain.roles import Role
from portal.domain.viewer import Viewer
from portal.domain.waiting import Wait
from portal.domain.words import Word
from portal.facts import practice
from portal.models.record import FamilySummary
from portal.queries import changed, reminders, ringing, standing, waits, week
from portal.queries.changed import Changed
from portal.queries.reminders import Reminder
from portal.queries.standing import Standing
from portal.queries.waits import Waits
from portal.queries.week import Week

MOST = 10


@dataclass(frozen=True)
class Home:
    """At most ten of each; `more_needs`, `more_waits`: there are others. `reminders`: of what waits, by reference."""

    needs: list[Waits]
    more_needs: bool
    waiting: list[Waits]
    more_waits: bool
    reminders: Mapping[str, Reminder]
    week: Week
    changed: Changed


def of(viewer: Viewer, words: Mapping[str, Word]) -> Home:
    """Nine statements, two more where somebody could be reminded and where families are to be rung, however many."""
    today, days = clock.today(), practice.calendar()
    who, table = standing.of(viewer, today), waits.table()
    needs = [row for row in _needs(table, who, today) if row.kind == Wait.CALL_BACK or days.due(row.due) <= today]
    waiting = _waiting(table, who, today, days)
    on_others = ringing.on_lines(
        [waits.in_words(row, viewer, words, today, days, mine=False) for row in waiting[:MOST]]
    )
    return Home(
        needs=ringing.on_lines([waits.in_words(row, viewer, words, today, days, mine=True) for row in needs[:MOST]]),
        more_needs=len(needs) > MOST,
        waiting=on_others,
        more_waits=len(waiting) > MOST,
        reminders=reminders.of((each.remindable for each in on_others if each.remindable), viewer),
        week=week.of(table, who, today, days),
        changed=changed.of(viewer, who, words),
    )


def _needs(table: Subquery, who: Standing, today: date) -> list[Any]:
    """What waits on this person: families that answered and are to be rung, from that moment; then what is due, the
    longest overdue first. A date on a day off, which is due later, comes last here."""
    call = table.c.kind == Wait.CALL_BACK.value
    return list(
        db.session.execute(
            select(table)
            .where(or_(call, table.c.due <= today), who.waited_for(table.c))
            .order_by(case((call, 0), else_=1), table.c.due, table.c.family_id, table.c.kind, table.c.id)
            .limit(MOST + 1)
        )
    )


def _waiting(table: Subquery, who: Standing, today: date, days: Calendar) -> list[Any]:
    return list(
        db.session.execute(
            select(table)
            .where(
                who.holds(table.c),
                not_(who.waited_for(table.c)),
                waits.already(table, today, days.latest_overdue(today)),
            )
            .order_by(table.c.since, table.c.family_id, table.c.kind, table.c.id)
            .limit(MOST + 1)
        )
    )


def leads_somebody(viewer: Viewer) -> bool:
    """A family that is open."""
    led = select(FamilySummary.family_id).where(FamilySummary.lead_user_id == viewer.user_id, FamilySummary.open)
    return Role.PARTNER in viewer.roles and db.session.execute(led.limit(1)).first() is not None
