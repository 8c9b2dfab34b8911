"""When organisations close, as the page shows it."""

from dataclasses import dataclass

from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.domain.dates import counted, near
from portal.facts import closures
from portal.facts.practice import calendar
from portal.models.people import Organisation


@dataclass(frozen=True)
class ClosureRow:
    id: int
    organisation: str
    name: str
    days: str
    working_days: str


def coming() -> list[ClosureRow]:
    """Those that have not ended, by their first day."""
    today, days = clock.today(), calendar()
    return [
        ClosureRow(
            each.id,
            each.organisation,
            each.name,
            f"{near(each.from_on, today)} to {near(each.to_on, today)}",
            counted(closures.length(each, days), "working day", "working days"),
        )
        for each in closures.still_to_come(today)
    ]


def organisations() -> list[tuple[int, str]]:
    return [
        (row.id, row.name)
        for row in db.session.execute(
            select(Organisation.id, Organisation.name)
            .where(Organisation.retired_at.is_(None))
            .order_by(Organisation.name)
        )
    ]
