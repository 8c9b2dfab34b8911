"""python -m bench.doorway: what session, gate and look add to a page, in statements and in computing.

What is the page's own is what its view does, the loading of what its address names, what a form saves, and the
transaction in which it reads: a connection is taken and given back with or without a session. All else
between the request and its answer is the session's (the cookie read and written, who is behind it), the gate's (which
door, who stands at it in what tie to the family, whether they may) or the look's (the row of it, committed)."""

import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from statistics import median
from typing import Any
from unittest.mock import patch

from flask import Flask
from sqlalchemy import event

from bench.floor import NOT_COUNTED
from bench.pages import FAMILIES, UPDATE, answer, browser_of, hidden_in, people, request
from bench.place import council, machine
from portal.core.db import db
from portal.core.kept import KeepingSession
from portal.services import remember
from portal.web import gate, submissions

ROUNDS = 60
PAGE, SESSION, GATE, LOOK = "page", "session", "gate", "look"
# Who is at work from where such a function is entered until it is left.
WHO = (
    (gate, "who_asks", SESSION),
    (KeepingSession, "connection", PAGE),
    (KeepingSession, "rollback", PAGE),
    (gate, "load", PAGE),
    (gate, "recount_changed", PAGE),
    (submissions, "answered_before", PAGE),
    (submissions, "commit", PAGE),
    (remember, "before_sending", LOOK),
    (remember, "within_change", LOOK),
    (remember, "was_here", LOOK),
)


class Shares:
    """Seconds of computing and statements, by who was at work."""

    def __init__(self) -> None:
        self.at_work = [PAGE]
        self.seconds: dict[str, float] = defaultdict(float)
        self.statements: Counter[str] = Counter()
        self.since = time.process_time()

    def _now(self) -> None:
        now = time.process_time()
        self.seconds[self.at_work[-1]] += now - self.since
        self.since = now

    def of(self, who: str, work: Callable[..., Any]) -> Callable[..., Any]:
        """The same work, put to somebody's share."""

        def done(*given: Any, **named: Any) -> Any:
            self._now()
            self.at_work.append(who)
            try:
                return work(*given, **named)
            finally:
                self._now()
                self.at_work.pop()

        return done

    def note(self, _connection: Any, _cursor: Any, sql: str, *_rest: Any) -> None:
        if not sql.lstrip().upper().startswith(NOT_COUNTED):
            self.statements[self.at_work[-1]] += 1


@contextmanager
def shared(app: Flask) -> Iterator[Shares]:
    """Everything of one request, while this lasts, by who is at work."""
    shares, enter = Shares(), gate.enter
    with app.app_context():
        engine = db.engine

    def entered(policy: Any, view: Any, *rest: Any) -> Any:
        return enter(policy, shares.of(PAGE, view), *rest)

    with ExitStack() as stack:
        stack.enter_context(patch.object(gate, "enter", shares.of(GATE, entered)))
        for place, name, who in WHO:
            stack.enter_context(patch.object(place, name, shares.of(who, getattr(place, name))))
        for name in ("open_session", "save_session"):
            work = getattr(app.session_interface, name)
            stack.enter_context(patch.object(app.session_interface, name, shares.of(SESSION, work)))
        event.listen(engine, "before_cursor_execute", shares.note)
        stack.callback(event.remove, engine, "before_cursor_execute", shares.note)
        yield shares


def say(name: str, rounds: list[Shares]) -> None:
    """The median of each, and what the three add to what is the page's own."""
    took = {who: median(each.seconds[who] for each in rounds) for who in (PAGE, SESSION, GATE, LOOK)}
    added = took[SESSION] + took[GATE] + took[LOOK]
    parts = ", ".join(f"{who} {took[who] * 1000:.2f} ms and {rounds[-1].statements[who]}" for who in took)
    statements = sum(rounds[-1].statements[who] for who in (SESSION, GATE, LOOK))
    print(f"{name}: {added / took[PAGE]:.1%} and {statements} statements more ({parts})")


def page(app: Flask, name: str, path: str, user_id: int) -> None:
    environ = request(browser_of(app, user_id), path)
    answer(app, dict(environ))
    rounds = []
    for _ in range(ROUNDS):
        with shared(app) as shares:
            answer(app, dict(environ))
            rounds.append(shares)
    say(name, rounds)


def update(app: Flask, name: str, path: str, user_id: int) -> None:
    """A form just opened is sent: what opening it took is not in it."""
    client, rounds = browser_of(app, user_id), []
    for _ in range(ROUNDS):
        sent = request(client, path, {**hidden_in(client.get(path).text), **UPDATE})
        with shared(app) as shares:
            answer(app, sent, "303")
            rounds.append(shares)
    say(name, rounds)


def main() -> None:
    with council(FAMILIES) as (app, _):
        coordinator, action = people(app)
        print(f"{machine()}; SQLite")
        page(app, "worklist", "/families", coordinator.id)
        page(app, "family", f"/families/F-{action.family_id}", action.user_id)
        update(app, "update of an action", f"/actions/A-{action.id}/update", action.user_id)


if __name__ == "__main__":
    main()
