"""What tests of the gate begin with."""

import pytest

from portal.models.teamwork import PlanAction
from tests.support.people import Council, Team, an_action, an_active_family


@pytest.fixture
def team(council: Council) -> Team:
    return an_active_family(council)


@pytest.fixture
def action(council: Council, team: Team) -> PlanAction:
    return an_action(council, team)
