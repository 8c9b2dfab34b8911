"""Which organisations close for long enough, and soon enough, that cover is asked for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select

from portal.core.db import db
from portal.domain.dates import Calendar
from portal.domain.standards import Standard
from portal.facts import practice
from portal.models.people import Organisation, OrganisationClosure


@dataclass(frozen=True)
class Closure:
    """Days on which an organisation's people do not work."""

    id: int
    organisation_id: int
    organisation: str
    name: str
    from_on: date
    to_on: date


def still_to_come(today: date) -> Sequence[Closure]:
    """Every closure that has not ended, by its first day."""
    rows = db.session.execute(
        select(
            OrganisationClosure.id,
            OrganisationClosure.organisation_id,
            Organisation.name.label("organisation"),
            OrganisationClosure.name,
            OrganisationClosure.from_on,
            OrganisationClosure.to_on,
        )
        .join(Organisation, Organisation.id == OrganisationClosure.organisation_id)
        .where(OrganisationClosure.withdrawn_at.is_(None), OrganisationClosure.to_on >= today)
        .order_by(OrganisationClosure.from_on, Organisation.name, OrganisationClosure.id)
    ).all()
    return [Closure(*row) for row in rows]


def length(closure: Closure, days: Calendar) -> int:
    """Working days on which they are closed, as the council counts them."""
    return days.working_days_within(closure.from_on - timedelta(days=1), closure.to_on)


def asking(today: date, days: Calendar | None = None, *, organisation_id: int | None = None) -> list[Closure]:
    """Those for which cover is asked now: long by the council's standard, and near by it, or begun. One statement
    where nobody closes."""
    coming = [
        each for each in still_to_come(today) if organisation_id is None or each.organisation_id == organisation_id
    ]
    if not coming:
        return []
    least, notice = practice.amount(Standard.CLOSURE_LENGTH), practice.amount(Standard.CLOSURE_NOTICE)
    days = days or practice.calendar()
    horizon = days.working_days_after(today, notice)
    return [each for each in coming if each.from_on <= horizon and length(each, days) >= least]
