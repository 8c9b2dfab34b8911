"""One round of the worker: what the clock asks for, then letter by letter what is to be sent, a transaction a step."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import structlog
from sqlalchemy.exc import SQLAlchemyError

from portal.core import clock
from portal.core.config import Settings
from portal.core.db import db, reading, writing
from portal.core.errors import Refused
from portal.domain.log import Head
from portal.queries.notices import Nothing
from portal.services import by_the_clock, digests, forgetting, outbox, seals, summary, unfollowed
from portal.services.by_the_clock import ByTheClock
from portal.services.link_messages import Later
from portal.services.outbox import Claimed
from portal.worker import letters
from portal.worker.post import Letter, NotTaken, Post

log = structlog.get_logger()
NIGHT = "Nobody is written to at night"
FAULT = "The portal could not write it: the log says more"
# Half of what is promised: a row of the log is sealed within a minute.
SEALED_EVERY = timedelta(seconds=30)


@dataclass
class Round:
    """What one round did."""

    checks_made: int = 0
    by_the_clock: int = 0
    handed_over: int = 0
    digests: int = 0
    sent: int = 0
    withheld: int = 0
    not_sent: int = 0
    forgotten: int = 0

    @property
    def did_something(self) -> bool:
        return any(vars(self).values())


@dataclass
class Worker:
    """Everything it does can be done twice, by two at once, and be cut off anywhere. Its steps are methods of their
    own, each with a transaction of its own, so that a test can end the process between any two."""

    settings: Settings
    post: Post
    stopped: Callable[[], bool] = lambda: False
    sealed_at: datetime | None = None

    def run_once(self) -> Round:
        """Until nothing is due. Stopped meanwhile, it finishes the letter in hand."""
        done = Round()
        self._seal()
        self._follow_up(done)
        for each in self.waits_for_the_clock():
            if self.stopped():
                break
            done.by_the_clock += self.do_by_the_clock(each)
        while not self.stopped() and self.hand_over():
            done.handed_over += 1
        done.digests = self.begin_digests()
        while not self.stopped() and (claimed := self.claim()):
            self._deliver(claimed, done)
            self._seal()
        while not self.stopped() and (gone := self.forget()):
            done.forgotten += gone
        return done

    def _seal(self) -> None:
        """What the log has gained, and tell the new head to a second place: no count of the round, nobody waits for
        it."""
        now = clock.now()
        if self.sealed_at is not None and now - self.sealed_at < SEALED_EVERY:
            return
        self.sealed_at = now
        while not self.stopped() and (head := self.seal()):
            self._copy(head)

    def _copy(self, head: Head) -> None:
        log.info("audit sealed", head=str(head))
        if not self.settings.audit_heads:
            return
        try:
            with Path(self.settings.audit_heads).open("a", encoding="utf-8") as file:
                file.write(f"{head}\n")
        except OSError as fault:
            log.warning("head not copied", fault=type(fault).__name__)

    def _follow_up(self, done: Round) -> None:
        last: int | None = 0
        while not self.stopped() and last is not None:
            swept = self.sweep(last)
            done.checks_made += swept.checks
            last = swept.last_family

    def _deliver(self, claimed: Claimed, done: Round) -> None:
        try:
            letter = self.write(claimed)
        except SQLAlchemyError:
            raise  # the database is away: the lease runs out, and it is tried again
        except Exception as fault:  # noqa: BLE001  (one letter that cannot be written must not hold up the others)
            log.warning("letter not written", delivery=claimed.id, fault=type(fault).__name__)
            self.settle(claimed, lambda: outbox.not_sent(claimed, FAULT, for_good=False))
            done.not_sent += 1
            return
        if isinstance(letter, Later):
            until = letter.until
            self.settle(claimed, lambda: outbox.put_off(claimed, until, NIGHT))
            return
        if isinstance(letter, Nothing):
            self.settle(claimed, lambda: outbox.withheld(claimed, letter.why))
            done.withheld += 1
            return
        try:
            answer = self.send(letter)
        except NotTaken as refusal:
            log.warning("letter not taken", delivery=claimed.id, attempt=claimed.attempt, why=refusal.words)
            words, for_good = refusal.words, refusal.for_good
            self.settle(claimed, lambda: outbox.not_sent(claimed, words, for_good=for_good))
            done.not_sent += 1
            return
        self.settle(claimed, lambda: outbox.sent(claimed, answer))
        done.sent += 1

    def seal(self) -> Head | None:
        """The next rows of the log."""
        with writing():
            head = seals.seal()
            _commit()
        return head

    def sweep(self, after: int) -> unfollowed.Swept:
        """Checks that are missing, for a batch of families."""
        with writing():
            swept = unfollowed.make_checks(after)
            _commit()
        return swept

    def waits_for_the_clock(self) -> list[ByTheClock]:
        """What happens because a day has come, and has not happened yet."""
        with reading():
            found = by_the_clock.waiting()
            db.session.rollback()
            db.session.remove()
        return found

    def do_by_the_clock(self, what: ByTheClock) -> bool:
        """One of these. False where it was done meanwhile, or cannot be done."""
        with writing():
            try:
                done = by_the_clock.do(what)
            except Refused as refusal:
                log.warning("not done by the clock", ref=what.ref, why=type(refusal).__name__)
                db.session.rollback()
                summary.forget_changed()
                done = False
            _commit()
        return done

    def begin_digests(self) -> int:
        """Today's, where no worker has begun them."""
        with writing():
            begun = digests.begin()
            _commit()
        return begun

    def hand_over(self) -> bool:
        """One message to its recipients. False where none is due."""
        with writing():
            found = outbox.hand_over()
            _commit()
        return found

    def claim(self) -> Claimed | None:
        """One delivery into this worker's hands, committed before anything is sent."""
        with writing():
            claimed = outbox.claim()
            _commit()
        return claimed

    def write(self, claimed: Claimed) -> Letter | Nothing | Later:
        """What a letter says, read as its recipient; a family's link is stored as its hash before it leaves the house.
        No transaction stays open while the letter is on its way."""
        try:
            with writing():
                letter = letters.write(claimed.id, self.settings)
                _commit()
            return letter
        finally:
            db.session.rollback()
            db.session.remove()

    def send(self, letter: Letter) -> str:
        """Out of the house."""
        return self.post(letter)

    def forget(self) -> int:
        """Some of what was kept long enough."""
        with writing():
            gone = forgetting.forget()
            _commit()
        return gone

    def settle(self, claimed: Claimed, note: Callable[[], None]) -> None:
        """Write down what came of it."""
        with writing():
            note()
            _commit()


def _commit() -> None:
    summary.recount_changed()
    db.session.commit()
    db.session.remove()
