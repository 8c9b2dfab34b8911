"""Days on which the council is closed: added with a name, taken out again. Nothing is due on them."""

from datetime import date, timedelta

from sqlalchemy import delete, select

from portal.core import clock
from portal.core.db import db
from portal.core.errors import FieldRefused, Refused
from portal.domain.administering import Act
from portal.domain.dates import full
from portal.domain.viewer import Viewer
from portal.models.record import ClosureDay
from portal.services import administration

SUBJECT = "closed days"
# Longer than any closure; a year typed wrong is not one.
LONGEST = 31
# A day of snow is added when it is over.
EARLIER = 31


def add(first: date, last: date, name: str, *, by: Viewer) -> list[date]:
    """Raises FieldRefused for days that are no such closure, and where one of them is in already."""
    if last < first:
        raise FieldRefused("last", "The last day must be on or after the first day")
    if (last - first).days >= LONGEST:
        raise FieldRefused("last", f"These must be {LONGEST} days or fewer. Add them in parts")
    if first < clock.today() - timedelta(days=EARLIER):
        raise FieldRefused("first", f"The first day must not be more than {EARLIER} days ago")
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    there = db.session.scalars(select(ClosureDay).where(ClosureDay.day.in_(days)).order_by(ClosureDay.day)).first()
    if there is not None:
        raise FieldRefused("first", f"{full(there.day)} is in already: {there.name}")
    db.session.add_all(ClosureDay(day=day, name=name) for day in days)
    administration.record(Act.DAYS_CLOSED, SUBJECT, called(first, last, name), by=by)
    return days


def take_out(first: date, last: date, *, by: Viewer) -> None:
    """What falls due on them is due on them again. Raises Refused where none of them is in."""
    there = list(
        db.session.scalars(select(ClosureDay).where(ClosureDay.day.between(first, last)).order_by(ClosureDay.day))
    )
    if not there:
        raise Refused("These days were taken out already.")
    db.session.execute(delete(ClosureDay).where(ClosureDay.day.between(first, last)))
    about = called(there[0].day, there[-1].day, there[0].name)
    administration.record(Act.DAYS_OPENED, SUBJECT, about, by=by)


def called(first: date, last: date, name: str) -> str:
    days = full(first) if first == last else f"{full(first)} to {full(last)}"
    return f"{name}, {days}"[:200]
