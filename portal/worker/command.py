"""flask portal worker: runs until it is stopped, or once for a scheduler."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click
import structlog
from flask import Flask, current_app
from flask.cli import with_appcontext
from sqlalchemy.exc import OperationalError

from portal import readiness
from portal.core.config import Settings
from portal.core.db import db
from portal.worker import post
from portal.worker.loop import Worker

log = structlog.get_logger()
SECONDS_BETWEEN = 10


@click.command("worker")
@click.option("--once", is_flag=True, help="Do what is due, then end: for a scheduler that calls again.")
@with_appcontext
def worker(once: bool) -> None:
    """Send what the outbox holds and do what the clock asks for. Several may run, on several machines."""
    settings: Settings = current_app.config["PORTAL"]
    try:
        sends = post.of_settings(settings)
    except post.NoPost as missing:
        raise click.ClickException(str(missing)) from None
    readiness.demand(current_app)
    with _told_to_end() as ending:
        run(Worker(settings, sends, ending.is_set), ending, once=once)


@contextmanager
def _told_to_end() -> Iterator[threading.Event]:
    """Set when the machine asks the process to end: the letter in hand is finished first."""
    ending = threading.Event()
    signals = (signal.SIGTERM, signal.SIGINT) if threading.current_thread() is threading.main_thread() else ()
    before = {each: signal.signal(each, lambda *_: ending.set()) for each in signals}
    try:
        yield ending
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


def run(of: Worker, ending: threading.Event, *, once: bool) -> None:
    """Round after round. A database that is away ends one round, not the worker."""
    while not ending.is_set():
        try:
            done = of.run_once()
        except OperationalError as fault:
            if once:
                raise
            log.warning("database away", fault=type(fault).__name__)
            db.session.remove()
        else:
            if done.did_something:
                log.info("round", **vars(done))
        if once:
            return
        ending.wait(SECONDS_BETWEEN)


def register(app: Flask) -> None:
    """Beside the portal's other commands."""
    group: Any = app.cli.commands["portal"]
    group.add_command(worker)
