"""A spreadsheet of families in a test: its lines, and what was taken in of them."""

from collections.abc import Callable

from click.testing import Result
from sqlalchemy import func, select

from portal.core.db import db
from portal.models.families import Family
from portal.models.record import Event
from tests.support.people import Council

HEAD = "Our ref,Family,First name,Last name,Child/Adult,DOB,Relationship,PR,School,Start date,Lead,Review date"
MOTHER = "EH-1,The O’Neill family,Siobhán,O’Neill,adult,4/5/1990,mother,yes,,1/3/2024,{lead},"
CHILD = "EH-1,,Child1,O’Neill,child,2017-03-01,,,Hillside,,,"
GOOD = ("EH-2,The Good family,Ann,Good,child,1/1/2015,,,,,,",)

TakeIn = Callable[..., Result]


def count(council: Council, *models: type) -> list[int]:
    with council.behind_the_scenes():
        return [db.session.execute(select(func.count()).select_from(model)).scalar_one() for model in models]


def the_family(council: Council, reference: str = "EH-1") -> Family:
    with council.behind_the_scenes():
        return db.session.scalars(select(Family).where(Family.council_reference == reference)).one()


def told_of(council: Council, kind: str = "family.brought_up_to_date") -> list[str]:
    with council.behind_the_scenes():
        return [
            (event.data | (event.private or {}))["what"]
            for event in db.session.scalars(select(Event).where(Event.kind == kind))
        ]
