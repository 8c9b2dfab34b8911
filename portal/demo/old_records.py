"""Two families of long ago in the demonstration: one whose record is due to be destroyed, one that is on hold."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.demo import families, long_ago
from portal.demo.cast import Company
from portal.demo.families import Stage
from portal.demo.story import Story, read
from portal.domain.retention import years_after
from portal.models.families import Person
from portal.services import retention

# Ten years ago; the youngest was nearly grown up then.
OLD = Stage(long_ago.not_helped, (3700, 3900), 1)
GROWN = 16
COUNT = 2


def tell_all(company: Company, random: Random) -> Iterator[str]:
    """Yields each one's reference when it is told."""
    for number in range(1, COUNT + 1):
        story = families.begin(company, random, number, OLD)
        OLD.tell(story)
        _older(story)
        if number == COUNT:
            _hold(story)
        yield story.family.ref


def _older(story: Story) -> None:
    """As many years for all, so that they are as far apart as they were."""
    people = read(select(Person).where(Person.family_id == story.family.id, Person.date_of_birth.is_not(None)))
    born = max(person.date_of_birth or date.min for person in people)
    grown = years_after(story.decided, -GROWN)
    years = max(0, born.year - grown.year + 1)
    for person in people:
        if person.date_of_birth:
            person.date_of_birth = years_after(person.date_of_birth, -years)
    db.session.flush()


def _hold(story: Story) -> None:
    long_since = (clock.today() - story.decided).days - 60
    with story.by("manager", long_since) as viewer:
        retention.hold(
            story.family,
            why="A claim against the council is not settled. Legal services asked for it.",
            review_on=clock.today() + timedelta(days=180),
            by=viewer,
        )
