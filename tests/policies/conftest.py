"""What tests of reach and rules begin with."""

import pytest

from tests.support.people import Council
from tests.support.scenes import Scene, a_scene


@pytest.fixture
def scene(council: Council) -> Scene:
    return a_scene(council)
