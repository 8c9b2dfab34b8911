"""How many missing checks the worker makes in a second, against one bare INSERT ... SELECT; what a second run costs."""

import argparse
import multiprocessing
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy import func, insert, select

from bench.floor import watched
from bench.place import council, machine
from portal.core import clock
from portal.core.config import Settings
from portal.core.db import db, writing
from portal.domain.episodes import Stage
from portal.domain.roles import Role
from portal.domain.support import HowGiven, ReferralState
from portal.models.families import CoordinatorAssignment, Family
from portal.models.following import FollowUpCheck, SupportReferral
from portal.models.people import User, UserRole
from portal.models.record import FamilySummary
from portal.policies.scope import unscoped
from portal.services import unfollowed
from portal.worker.loop import Worker

DAYS = 90  # over which support was suggested
SOME = 10
WORKERS = 2
# The least that could be done: the rows themselves, with one owner and one date for all.
BARE = """
    INSERT INTO follow_up_check
        (family_id, referral_id, stage, state, due_on, owner_id, hand_named, unanswered, version)
    SELECT family_id, id, 'signposted', 'due', given_on, recorded_by_id, {no}, 0, 1 FROM support_referral
    WHERE id > {first}
"""


def add_families(count: int) -> None:
    """Each was suggested something, and nobody was told to ask. The half have a coordinator, the others a social
    worker."""
    with writing(), unscoped("a measurement arranges its world"):
        workers, coordinators = _with_role(Role.SOCIAL_WORKER), _with_role(Role.COORDINATOR)
        first = (db.session.scalar(select(func.max(Family.id))) or 0) + 1
        ids, today, now = range(first, first + count), clock.today(), clock.now()

        def rows(of: Callable[[int], dict[str, Any]], wanted: Callable[[int], bool] = lambda _: True) -> Any:
            return [of(each) for each in ids if wanted(each)]

        def has_worker(each: int) -> bool:
            return bool(each % 2)

        def family(each: int) -> dict[str, Any]:
            worker = workers[each % len(workers)] if has_worker(each) else None
            added = {"added_by_id": workers[0], "added_at": now, "restricted": False, "version": 1}
            return {"id": each, "name": f"Family {each}", "social_worker_id": worker, **added}

        def coordinator(each: int) -> dict[str, Any]:
            return {"family_id": each, "user_id": coordinators[each % len(coordinators)], "from_on": today}

        def referral(each: int) -> dict[str, Any]:
            day = today - timedelta(days=each % DAYS)
            return {"family_id": each, **SUGGESTED, "given_on": day, "recorded_by_id": workers[0], "recorded_at": now}

        def summary(each: int) -> dict[str, Any]:
            counts = {"supports": 1, "supports_waiting": 1, "unfollowed": 1}
            return {"family_id": each, "open": True, "stage": Stage.FOLLOWING_UP, **counts}

        db.session.execute(insert(Family), rows(family))
        db.session.execute(insert(CoordinatorAssignment), rows(coordinator, lambda each: not has_worker(each)))
        db.session.execute(insert(SupportReferral), rows(referral))
        db.session.execute(insert(FamilySummary), rows(summary))
        db.session.commit()
    _tidy()


def _tidy() -> None:
    """As PostgreSQL does by itself after many changes."""
    if db.engine.dialect.name == "postgresql":
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")


SUGGESTED = {
    "version": 1,
    "need_text": "Somewhere to go",
    "service_name": "Stay and play",
    "state": ReferralState.INFORMATION_GIVEN,
    "how_given": HowGiven.LEAFLET,
    "recorded_by_name": "Sam Social",
    "already_receiving": False,
}


def _with_role(role: Role) -> list[int]:
    return list(db.session.scalars(select(User.id).join(UserRole).where(UserRole.role == role).order_by(User.id)))


def floor(first: int) -> float:
    """Seconds that one bare statement takes for the same rows, which come after this one; taken back."""
    no = "false" if db.engine.dialect.name == "postgresql" else "0"
    with writing(), db.engine.connect() as connection:
        began = time.perf_counter()
        connection.exec_driver_sql(BARE.format(no=no, first=first))
        took = time.perf_counter() - began
        connection.rollback()
    return took


def sweep(worker: Worker) -> tuple[int, int]:
    """Checks made, and batches."""
    made, batches = 0, 0
    last: int | None = 0
    while last is not None:
        swept = worker.sweep(last)
        made, batches, last = made + swept.checks, batches + 1, swept.last_family
    return made, batches


@contextmanager
def touched() -> Iterator[list[int]]:
    """What the database did inside: steps of SQLite's machine, blocks that PostgreSQL looked at."""
    counted = [0]
    if db.engine.dialect.name == "postgresql":
        before = _blocks()
        yield counted
        counted[0] = _blocks() - before
        return

    def count() -> int:
        counted[0] += 1
        return 0

    raw: Any = db.session.connection().connection.driver_connection
    db.session.remove()  # one process has one connection: the next transaction gets it again
    raw.set_progress_handler(count, 1)
    yield counted
    raw.set_progress_handler(None, 1)


def _blocks() -> int:
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("SELECT pg_sleep(1.2)")  # what a session did is told a second later at most
        read = "SELECT blks_hit + blks_read FROM pg_stat_database WHERE datname = current_database()"
        return int(connection.exec_driver_sql(read).scalar_one())


def sweep_together(app: Flask) -> int:
    """Checks made by two workers, a process each, that begin at once: as on a machine of two cores."""
    db.session.remove()
    db.engine.dispose()
    context = multiprocessing.get_context("fork")
    with context.Pool(WORKERS) as workers:
        return sum(made for made, _ in workers.map(_sweep_of, [app.config["PORTAL"]] * WORKERS, chunksize=1))


def _sweep_of(settings: Settings) -> tuple[int, int]:
    return sweep(Worker(settings, lambda _letter: ""))


def measure(app: Flask, families: int) -> None:
    worker = Worker(app.config["PORTAL"], lambda _letter: "")
    unit = "blocks" if db.engine.dialect.name == "postgresql" else "steps"
    add_families(SOME)
    sweep(worker)  # statements are written and understood
    with unscoped("a measurement looks where its rows begin"):
        first = db.session.scalar(select(func.max(SupportReferral.id))) or 0
    add_families(families)
    least = floor(first)
    with watched(app) as statements:
        began, worked = time.perf_counter(), time.process_time()
        made, batches = sweep(worker)
        took, cpu = time.perf_counter() - began, time.process_time() - worked
    assert made == families, f"{made:,} checks for {families:,} families"
    print(
        f"{db.engine.dialect.name}: {made:,} checks in {took:.2f} s ({cpu:.2f} s of them computing in this process), "
        f"{made / took:,.0f} a second; {batches} batches, {len(statements) / batches:.1f} statements each"
    )
    print(f"  floor: one bare INSERT ... SELECT {families / least:,.0f} a second; the sweep takes {took / least:.1f} ×")
    if db.engine.dialect.name == "postgresql":  # where one waits for the disk or the driver, another goes on
        add_families(families)
        began = time.perf_counter()
        made = sweep_together(app)
        took = time.perf_counter() - began
        assert made == families, f"{made:,} checks for {families:,} families"
        print(f"  {WORKERS} workers at once: {made / took:,.0f} a second, their start included")
    _tidy()
    with touched() as nothing:
        sweep(worker)
    add_families(SOME)
    with touched() as some:
        made, _ = sweep(worker)
    print(f"  again with nothing new: {nothing[0]:,} {unit}; with {made} new: {some[0]:,} {unit}")
    with unscoped("a measurement counts what is there"):
        there = db.session.scalar(select(func.count()).select_from(FollowUpCheck))
    print(f"  There are now {there:,} checks.")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--families", type=int, default=40_000)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], action="append")
    given = parser.parse_args()
    print(f"{machine()}; batches of {unfollowed.BATCH:,} families; {clock.today()}")
    for database in given.database or ["sqlite", "postgresql"]:
        with council(0, database) as (app, _folder), app.app_context():
            measure(app, given.families)


if __name__ == "__main__":
    main()
