"""The main job, end to end, by real people's permissions."""

from tests.journeys.conftest import Days, Sits
from tests.journeys.way import Way
from tests.journeys.whole_way import walk
from tests.support.people import Council

LONG = 1500


def test_a_family_travels_the_whole_way(council: Council, days: Days, sits: Sits) -> None:
    way = Way(council, days, sits)
    walk(way)
    assert way.words.count > LONG
