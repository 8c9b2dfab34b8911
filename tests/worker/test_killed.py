"""Workers killed between any two steps, and four at once: nothing is lost, and nothing arrives twice but the one in
flight, with the same Message-ID."""

import subprocess
import sys
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path

from portal.core import clock
from portal.core.db import db
from portal.domain.event_kinds import E
from portal.domain.sending import LEASE
from portal.models.messages import DeliveryStatus
from portal.models.record import OutboxMessage
from tests.support.log import look, verify
from tests.support.mail_server import MailServer, mail_server
from tests.support.people import Council, an_action, an_active_family
from tests.support.post import deliveries
from tests.support.worker_process import STEPS

PROJECT = Path(__file__).parents[2]
KILLS = [(step, when) for step in STEPS for when in ("before", "after")]
# Killed here, the letter has left the house and nobody has written so down.
IN_FLIGHT = {("send", "after"), ("settle", "before")}


def messages(council: Council, count: int) -> None:
    """So many actions just given to the partner."""
    team = an_active_family(council)
    actions = [an_action(council, team, what=f"Action {number}") for number in range(count)]
    with council.behind_the_scenes():
        for action in actions:
            db.session.add(
                OutboxMessage(
                    family_id=team.family.id,
                    kind=E.ACTION_PROPOSED,
                    rule="action_owner",
                    subject=action.ref,
                    made_at=clock.now(),
                    due_at=clock.now(),
                    expires_at=clock.now() + timedelta(days=7),
                )
            )


def work(council: Council, server: MailServer, *jobs: str) -> None:
    url = council.app.config["SQLALCHEMY_DATABASE_URI"]
    done = subprocess.run(
        [sys.executable, "-m", "tests.support.worker_process", url, str(server.port), *jobs],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def in_the_evening() -> datetime:
    """When no digest is begun: each letter is one of the messages."""
    return clock.now().astimezone(clock.LONDON).replace(hour=20, minute=30)


def job(step: str, when: str, at: datetime) -> str:
    return f"{step}:{when}:{at.isoformat()}"


class TestAWorkerKilled:
    def test_between_any_two_steps_loses_nothing_and_sends_only_the_one_in_flight_twice(self, council: Council) -> None:
        messages(council, len(KILLS) + 2)
        at, jobs = in_the_evening(), []
        for step, when in [*KILLS, ("none", "none")]:
            at += LEASE + timedelta(seconds=30)  # what the one before had in hand is free again
            jobs.append(job(step, when, at))

        with mail_server() as server:
            work(council, server, *jobs)

        sent = Counter(letter["Message-ID"] for letter in server.taken)
        subjects = {(letter["Message-ID"], letter["Subject"]) for letter in server.taken}
        assert len(sent) == len(subjects) == len(KILLS) + 2
        assert sum(sent.values()) - len(sent) == len(IN_FLIGHT)
        assert {each.status for each in deliveries(council.app)} == {DeliveryStatus.SENT}


class TestDigests:
    """Of the lead and the partner, on a Monday morning."""

    MORNING = datetime(2026, 10, 12, 8, tzinfo=clock.LONDON)

    def some(self, council: Council) -> None:
        team = an_active_family(council)
        for member in (team.lead, team.partner):
            an_action(council, team, owner=member)

    def test_are_begun_once_and_lose_nothing_wherever_a_worker_is_killed(self, council: Council) -> None:
        self.some(council)
        at, jobs = self.MORNING, []
        for step, when in (
            ("begin_digests", "before"),
            ("begin_digests", "after"),
            ("write", "after"),
            ("send", "after"),
            ("none", "none"),
        ):
            at += LEASE + timedelta(seconds=30)
            jobs.append(job(step, when, at))

        with mail_server() as server:
            work(council, server, *jobs)

        sent = Counter(letter["To"] for letter in server.taken)
        assert sorted(sent) == sorted([council.lead.email, council.partner.email])
        assert sum(sent.values()) == 3
        assert len({letter["Message-ID"] for letter in server.taken}) == 2
        assert {each.status for each in deliveries(council.app)} == {DeliveryStatus.SENT}

    def test_are_sent_once_by_four_workers(self, council: Council) -> None:
        self.some(council)

        with mail_server() as server:
            work(council, server, "--at-once", *[job("none", "none", self.MORNING)] * 4)

        assert sorted(letter["To"] for letter in server.taken) == sorted([council.lead.email, council.partner.email])


class TestFourWorkersAtOnce:
    def test_send_each_message_once(self, council: Council) -> None:
        messages(council, 40)
        now = in_the_evening()

        with mail_server() as server:
            work(council, server, "--at-once", *[job("none", "none", now)] * 4)

        assert len(server.taken) == 40
        assert len({letter["Message-ID"] for letter in server.taken}) == 40
        assert len(deliveries(council.app)) == 40


class TestSealingTheLog:
    def test_each_row_is_sealed_once_by_four_and_wherever_one_is_killed(self, council: Council) -> None:
        look(council, council.partner, *range(1, 41))
        now = in_the_evening()

        with mail_server() as server:
            work(council, server, job("seal", "before", now), job("seal", "after", now))
            work(council, server, "--at-once", *[job("none", "none", now)] * 4)

        found = verify(council.app)
        assert "40 rows in 6 seals read." in found.output
        assert "wait to be sealed" not in found.output
        assert found.exit_code == 0, found.output
