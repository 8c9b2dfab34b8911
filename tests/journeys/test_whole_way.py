"""The main job, end to end, by real people's permissions: with script, and without."""

import pytest

from portal.models.people import User
from tests.journeys.conftest import Days, Sits
from tests.journeys.driver import Someone
from tests.journeys.way import Way
from tests.journeys.whole_way import walk
from tests.support.people import Council

LONG = 1500


@pytest.mark.parametrize("scripted", [True, False], ids=["with-script", "without-script"])
def test_a_family_travels_the_whole_way(council: Council, days: Days, sits: Sits, scripted: bool) -> None:
    def sit(user: User) -> Someone:
        return sits(user, scripted=scripted)

    way = Way(council, days, sit)
    walk(way)
    assert way.words.count > LONG
