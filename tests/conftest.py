"""One real database for each test process, emptied between tests; real requests; figures that must agree."""

import gc
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from pathlib import Path

import hypothesis
import pytest
import time_machine
from flask import Flask
from sqlalchemy import event, select

from portal import create_app
from portal.core import clock
from portal.core.config import Settings
from portal.core.db import db
from portal.models.families import Family
from portal.policies.scope import unscoped
from portal.services import summary
from portal.web.pages import rendering
from tests.support import databases
from tests.support.keys import KEY
from tests.support.people import Council, found_council
from tests.support.web import SignIn, sign_in_with

# A loaded machine is slow: no test of ours measures time. The same examples each time keep a red run repeatable.
hypothesis.settings.register_profile(
    "portal", deadline=None, derandomize=True, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("portal")

# A Wednesday with no bank holiday for weeks, in summer time: London's clocks are not UTC's.
ORDINARY_DAY = date(2026, 10, 7)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database", choices=["sqlite", "postgresql"], default="sqlite", help="which real database")
    parser.addoption("--today", type=date.fromisoformat, default=ORDINARY_DAY, help="the day of every test")


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    """A date worked out while tests are collected would be of another day than theirs: there is no clock yet."""

    def no_clock() -> datetime:
        raise AssertionError("what day it is, is known inside a test alone")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock, "now", no_clock)
        return (yield)


@pytest.fixture(autouse=True)
def ordinary_day(request: pytest.FixtureRequest) -> Iterator[None]:
    """Each test begins at ten in the morning in London; the clock goes on, and a test may travel further."""
    at = datetime.combine(request.config.getoption("--today"), time(10), clock.LONDON)
    with time_machine.travel(at.astimezone(UTC), tick=True):
        yield


@pytest.fixture(scope="session")
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    with databases.fresh(request.config.getoption("--database")) as url:
        yield url


@pytest.fixture(scope="session")
def settings(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings(
        environment="test",
        secret_key="a test needs no secret, only thirty-two characters",
        database_url=database_url,
        field_keys=KEY,
        password_memory_kib=64,
        instance_folder=Path(tmp_path_factory.mktemp("instance")),
    )


@pytest.fixture(scope="session")
def migrated(settings: Settings) -> Flask:
    app = create_app(settings)
    databases.migrate(app)
    # What has been made by now stays to the end: looking through it again and again was a sixth of what tests take.
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", _refuse_while_rendering)
    return app


def _refuse_while_rendering(*_: object) -> None:
    assert not rendering.get(), "a template asked the database"


@pytest.fixture
def app(migrated: Flask) -> Iterator[Flask]:
    """The portal with an empty database. Afterwards every family's summary must equal a recount."""
    databases.empty(migrated)
    yield migrated
    with migrated.app_context(), unscoped("recount after a test"):
        families = db.session.scalars(select(Family.id)).all()
        wrong = {family: summary.differences(family) for family in families}
    assert not {family: found for family, found in wrong.items() if found}


@pytest.fixture
def council(app: Flask) -> Council:
    return found_council(app)


@pytest.fixture
def sign_in(app: Flask) -> SignIn:
    """sign_in(person) gives that person's browser: .get, .submit, .post."""
    return sign_in_with(app)
