"""A Chromium, the portal on this machine, and a calendar that can be turned: journeys take weeks."""

import os
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import structlog
import time_machine
from flask import Flask
from playwright.sync_api import Browser, BrowserContext

from portal.models.people import User
from portal.queries import policy_reports
from tests.journeys.driver import Someone, Watch, photograph
from tests.support import browser as chromium
from tests.support import canaries
from tests.support.axe import assert_accessible
from tests.support.server import serve

LONDON = ZoneInfo("Europe/London")
# Within the weeks that follow lie a change of the clocks and Easter.
FIRST_DAY = date(2026, 3, 2)
NUMBERS = re.compile(r"\d+")


@pytest.fixture(scope="session")
def browser_type_launch_args() -> chromium.LaunchArguments:
    return chromium.launch_arguments()


class Days:
    """The portal's calendar. The clock of the browser goes on as it is."""

    def __init__(self, traveller: time_machine.Traveller) -> None:
        self._traveller = traveller

    def turn_to(self, day: date, at: time = time(9, 30)) -> None:
        self._traveller.move_to(datetime.combine(day, at, LONDON))

    def go_on(self) -> None:
        """To the next day, when nothing waits to be taken back any more."""
        self._traveller.shift(timedelta(days=1))


@pytest.fixture(autouse=True)
def days() -> Iterator[Days]:
    """Begun before the portal is set up, and over after its figures were counted again."""
    with time_machine.travel(datetime.combine(FIRST_DAY, time(9, 30), LONDON), tick=True) as traveller:
        yield Days(traveller)


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    with serve(app) as base:
        yield base
    with app.app_context():
        assert policy_reports.newest() == [], "the policy of a page held something back"


@pytest.fixture
def watch(address: str) -> Watch:
    return Watch(address)


@pytest.fixture(autouse=True)
def nothing_is_told(app: Flask, days: Days, watch: Watch) -> Iterator[None]:
    """Whoever travels in a journey is a canary: none of them is met again in a log, an address, a letter or a title."""
    with structlog.testing.capture_logs() as lines:
        yield
        days.go_on()
        letters = canaries.letters(app)
    places = {
        "log": "\n".join(map(repr, lines)),
        "addresses": "\n".join(watch.addresses),
        "titles": "\n".join(watch.titles),
        "letters": "\n".join(letters),
    }
    assert canaries.sightings(app, places) == []


Sits = Callable[..., Someone]


@pytest.fixture
def sits(browser: Browser, watch: Watch, checks: "Checks") -> Iterator[Sits]:
    """sits(user) puts this person at a browser of their own; every page that comes with script is checked."""
    contexts: list[BrowserContext] = []

    def sit(user: User, *, scripted: bool = True, checked: bool = True) -> Someone:
        context = _context(browser, scripted=scripted)
        contexts.append(context)
        return Someone(user, context, watch, scripted=scripted, check=checks.check if checked else None)

    yield sit
    for context in contexts:
        context.close()


def _context(browser: Browser, *, scripted: bool) -> BrowserContext:
    return browser.new_context(
        java_script_enabled=scripted,
        viewport={"width": 1280, "height": 900},
        locale="en-GB",
        timezone_id="Europe/London",
        reduced_motion="reduce",
    )


class Checks:
    """What axe says of each page, wide and narrow. Without script it cannot look, and need not: the page that is sent
    is the same one."""

    def __init__(self) -> None:
        self.pictures = 0
        self.seen: defaultdict[str, set[str]] = defaultdict(set)

    def check(self, person: Someone) -> None:
        if not person.scripted:
            return
        # Not again what differs from pages of its kind that were checked in its words alone, or in how many there are.
        parts = set(re.findall(r'<\w+|(?:class|role|type|aria-\w+)="[^"]*"', NUMBERS.sub("", person.page.content())))
        seen = self.seen[NUMBERS.sub("", person.path)]
        if parts <= seen:
            return
        seen |= parts
        assert_accessible(person.page)
        self._photograph(person)

    def _photograph(self, person: Someone) -> None:
        folder = os.environ.get("JOURNEY_SHOTS")
        if folder:
            Path(folder).mkdir(parents=True, exist_ok=True)
            self.pictures += 1
            photograph(person, Path(folder), self.pictures)


@pytest.fixture(scope="session")
def checks() -> Checks:
    """Of all journeys together: what one has checked need not be checked by the next."""
    return Checks()
