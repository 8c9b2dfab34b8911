"""The portal killed at random while people write: what was answered is there once, what was not is there once when it
is sent again, and the log is whole."""

import os
import random
import re
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import requests
from bs4 import BeautifulSoup
from sqlalchemy import func, select

from portal.core.db import db, writing
from portal.models.families import Note
from portal.models.people import User
from portal.models.record import Audit, AuditKind, Event
from portal.queries import log_check
from portal.services import seals
from tests.support.people import PASSWORD, Council, Team, an_active_family
from tests.support.server import HOST

PROJECT = Path(__file__).parents[2]
KILLS = 200 if os.environ.get("PORTAL_SOAK") else 2
SHORTEST, LONGEST = 0.05, 0.5
# A machine that has much else to do gives it little.
PATIENCE = 600


@dataclass
class Writer:
    """One person who writes notes, one after the other, and knows which of them were answered."""

    user: User
    page: str
    browser: requests.Session = field(default_factory=requests.Session)
    answered: list[str] = field(default_factory=list)
    unanswered: dict[str, str] | None = None
    faults: list[str] = field(default_factory=list)
    # Set once something was answered: a busy machine takes its time.
    begun: threading.Event = field(default_factory=threading.Event)

    def sign_in(self, base: str) -> None:
        fields = self._form(base + "/sign-in") | {"email": self.user.email, "password": PASSWORD}
        assert self.browser.post(f"{base}/sign-in", fields, allow_redirects=False).status_code == 303

    def write(self, base: str) -> None:
        """Until nobody answers any more."""
        try:
            while True:
                if self.unanswered is None:
                    text = f"{self.user.name} {len(self.answered)}"
                    self.unanswered = self._form(base + self.page) | {"text": text, "audience": "team"}
                answer = self.browser.post(base + self.page, self.unanswered, allow_redirects=False)
                if answer.status_code != 303:
                    self.faults.append(answer.text)
                    return
                self.answered.append(self.unanswered["text"])
                self.unanswered = None
                self.begun.set()
        except requests.RequestException:
            return

    def _form(self, address: str) -> dict[str, str]:
        page = BeautifulSoup(self.browser.get(address).text, "lxml")
        form = page.select_one("main form")
        assert form is not None, page.get_text()
        return {str(each["name"]): str(each.get("value", "")) for each in form.select("input[type=hidden]")}


def started(url: str) -> tuple[subprocess.Popen[str], str]:
    portal = subprocess.Popen(
        [sys.executable, "-m", "tests.soak.server_process", url], cwd=PROJECT, stdout=subprocess.PIPE, text=True
    )
    assert portal.stdout is not None
    port = portal.stdout.readline().strip()
    assert re.fullmatch(r"\d+", port)
    return portal, f"http://{HOST}:{port}"


def written(council: Council, team: Team) -> Counter[str]:
    with council.behind_the_scenes():
        return Counter(note.text for note in db.session.scalars(select(Note).where(Note.family_id == team.family.id)))


def test_nothing_answered_is_lost_nothing_is_written_twice_and_the_log_is_whole(
    council: Council, record_property: Callable[[str, object], None]
) -> None:
    team, url = an_active_family(council), council.app.config["SQLALCHEMY_DATABASE_URI"]
    page = f"/families/{team.ref}/notes/new"
    writers = [Writer(council.lead, page), Writer(council.partner, page)]
    chance = random.Random(7)  # which moment is hit differs from run to run in any case

    for _kill in range(KILLS):
        portal, base = started(url)
        for writer in writers:
            if not writer.browser.cookies:
                writer.sign_in(base)
        writers[0].begun.clear()
        at_work = [threading.Thread(target=writer.write, args=[base]) for writer in writers]
        for each in at_work:
            each.start()
        try:
            assert writers[0].begun.wait(PATIENCE)
            threading.Event().wait(chance.uniform(SHORTEST, LONGEST))
        finally:
            portal.send_signal(signal.SIGKILL)
            portal.communicate()
        for each in at_work:
            each.join()

    found = written(council, team)
    answered = {text for writer in writers for text in writer.answered}
    record_property("kills", KILLS)
    record_property("answered", len(answered))
    assert answered
    assert not [fault for writer in writers for fault in writer.faults]
    assert not {text: times for text, times in found.items() if times > 1}
    assert answered <= set(found)
    assert len(set(found) - answered) <= len(writers), "more was written than was on its way when it ended"
    _assert_recorded(council, len(found))


def _assert_recorded(council: Council, notes: int) -> None:
    """One line of history and one row of the log for each, and the chain holds."""
    with council.behind_the_scenes():
        lines = select(func.count()).select_from(Event).where(Event.kind == "note.written")
        rows = select(func.count()).select_from(Audit).where(Audit.kind == AuditKind.CHANGE)
        assert (db.session.scalar(lines), db.session.scalar(rows)) == (notes, notes)
    with council.app.app_context(), writing():
        seals.seal()
        db.session.commit()
        log = log_check.check([])
        db.session.rollback()
    assert log.whole, log.faults
