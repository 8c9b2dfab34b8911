"""The main job without a line of script: what it needs are links and forms."""

from portal.models.people import User
from tests.journeys.conftest import Days, Sits
from tests.journeys.driver import Someone
from tests.journeys.way import Way
from tests.journeys.whole_way import walk
from tests.support.people import Council


def test_a_family_travels_the_whole_way_without_script(council: Council, days: Days, sits: Sits) -> None:
    def sit(user: User) -> Someone:
        return sits(user, scripted=False)

    walk(Way(council, days, sit))
