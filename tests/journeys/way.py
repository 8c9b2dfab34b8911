"""The family that travels, the people who take part, and what they come to know on the way."""

# ruff: noqa: RUF001  (names in another script than Latin)

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from portal import demo
from portal.core.db import db
from portal.domain import hsds
from portal.models.people import User
from portal.services import directory
from tests.journeys.conftest import Days
from tests.journeys.driver import Someone
from tests.journeys.prose import prose
from tests.support.people import Council, a_family, an_action, an_active_family

MOTHER, FATHER, GRANDMOTHER = "Siobhán O’Neill", "Дмитро Ковальчук", "فاطمة الزهراء"
DAUGHTER, SON = "Síofra O'Neill", "Тарас O’Neill-Ковальчук"
FAMILY = "The O’Neill and Ковальчук family"
# As people type: straight and curved apostrophes, marks that mean something in HTML, another script.
LETTER = "Answer the housing association's letter about the arrears (“final notice” of 24 February)"
BEDS = "Fetch the 2 beds & mattresses from O’Hara's garage to Дмитро’s flat"
LOCK = "See that a new lock is on the door of the first home, as the police asked: ref. <AP-117>"
COURSE = "Book a place on the parenting course that Siobhán asked about in the autumn"
MORNINGS, TALKING, MONEY = "Getting to school on time", "Talking without shouting", "Rent and letters under control"
BREAKFAST, WEEKLY = "Keep two places at breakfast club", "Sit down with Siobhán & her letters each week"
SERVICE = "Money advice"
ASKED = "Did you manage to get through? Would it help if we rang with you?"
START = "Start a step-down"
DECISION = date(2026, 2, 26)
# Day by day, with weekends and the hand-over between people between them.
WRITTEN, RESUMED, ACCEPTED, LED, VISITED = (date(2026, 3, day) for day in (2, 3, 4, 5, 6))
MEETING, ANSWERED, PLANNED = (date(2026, 3, day) for day in (12, 13, 16))
FIRST_CHECK, SECOND_CHECK, STARTED = date(2026, 3, 13), date(2026, 3, 20), date(2026, 3, 26)
THIRD_CHECK = FIRST_TEAM = date(2026, 3, 30)  # after the clocks have changed
CONFIRMED = date(2026, 4, 1)


@dataclass
class Words:
    """What is written in the journey, so that its length can be told and every word found again."""

    said: list[str] = field(default_factory=list)

    def __call__(self, subject: str, words: int, *, start: int = 0) -> str:
        text = prose(subject, words, start=start)
        self.said.append(text)
        return text

    @property
    def count(self) -> int:
        return sum(len(text.split()) for text in self.said)


@dataclass
class Way:
    """Who takes part, and the references they come to know."""

    council: Council
    days: Days
    sit: Callable[[User], Someone]
    words: Words = field(default_factory=Words)
    step_down: str = ""
    family: str = ""
    meeting: str = ""

    def __post_init__(self) -> None:
        _awkward_names(self.council)
        _directory(self.council)
        _lead_is_busy(self.council)
        self.social_worker = self.sit(self.council.social_worker)
        self.manager = self.sit(self.council.social_care_manager)
        self.coordinator = self.sit(self.council.coordinator)
        self.lead = self.sit(self.council.lead)
        self.partner = self.sit(self.council.partner)
        self.second = self.sit(self.council.partner_other_organisation)

    @property
    def lines(self) -> list[str]:
        """Everything that was written in the step-down so far, paragraph by paragraph."""
        return [line for text in self.words.said for line in text.splitlines() if line]


def social_worker_holds(me: Someone) -> None:
    """Read on the family's page."""
    for child in (DAUGHTER, SON):
        me.reads(f"{child}: Social worker: Sam Social")


def waits_on(way: Way, whom: str) -> None:
    """Read by the social worker on the step-down's page."""
    me = way.social_worker.open(f"/step-downs/{way.step_down}")
    me.reads("What has to be in place", f"Waiting on {whom} since")
    me.is_not_offered("Confirm the step-down is complete")


def _awkward_names(council: Council) -> None:
    with council.behind_the_scenes():
        for user, name in ((council.lead, "Zoë D’Arcy"), (council.partner_other_organisation, "Sinéad O'Hara-Šťastná")):
            db.session.get_one(User, user.id).name = user.name = name


def _directory(council: Council) -> None:
    published = Path(demo.__path__[0]) / "services.json"
    with council.behind_the_scenes():
        directory.take_in([hsds.read(published.read_text(encoding="utf-8"))])


def _lead_is_busy(council: Council) -> None:
    """With one family already, and late with one action there."""
    team = an_active_family(council, a_family(council, name="Abbott"))
    an_action(council, team, owner=team.lead, due_on=date(2026, 2, 20))
