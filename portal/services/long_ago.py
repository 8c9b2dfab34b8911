"""Whether a day that lies far back was meant: somebody has to say so, and before anybody was born none was."""

from datetime import date, timedelta

from sqlalchemy import func, select

from portal.core.db import db
from portal.core.errors import FieldRefused
from portal.domain.dates import full
from portal.domain.standards import Standard
from portal.facts import practice
from portal.models.families import Person

LONG_AGO = "long_ago"
# A child is expected before it is born, and a parent whose birth is not known may have been met then.
EXPECTED = timedelta(days=366)


def demand_meant(
    family_id: int, on: date, *, field: str, known: date, what: str, standard: Standard, said: bool
) -> None:
    """Raises FieldRefused at `field` where nobody of the family was born or expected by then; at `long_ago` where it is
    more than the standard before the day that is known, told by `what`, and nobody has `said` that it is right."""
    if on >= known or on >= known - timedelta(days=practice.amount(standard)):
        return
    born = db.session.scalar(select(func.min(Person.date_of_birth)).where(Person.family_id == family_id))
    if born and on < born - EXPECTED:
        raise FieldRefused(field, f"Nobody of the {{family}} was born by {full(on)}. Check the year")
    if not said:
        raise FieldRefused(
            LONG_AGO, f"{full(on)} is long before {what}, {full(known)}. Check the year, or tick that the date is right"
        )
