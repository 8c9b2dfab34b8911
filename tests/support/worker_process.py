"""Workers in processes of their own, each of which can end itself without a word between two steps.

python -m tests.support.worker_process DATABASE MAIL_PORT [--at-once] JOB...

A job is STEP:WHEN:INSTANT, where STEP is a method of the worker and WHEN is before or after, or none:none:INSTANT to
work until nothing is due. Each is done by a fork of this process, one after the other or all at once."""

import os
import signal
import sys
import traceback
from datetime import datetime
from pathlib import Path
from typing import Any

import time_machine

from portal import create_app
from portal.core.config import Settings
from portal.services import seals, unfollowed
from portal.worker import post
from portal.worker.loop import Worker
from tests.support.keys import KEY

STEPS = ("hand_over", "claim", "write", "send", "settle")


def _settings(database_url: str, port: int) -> Settings:
    return Settings(
        environment="test",
        secret_key="a test needs no secret, only thirty-two characters",
        database_url=database_url,
        field_keys=KEY,
        mail="smtp",
        mail_from="earlyhelp@council.example",
        smtp_host="127.0.0.1",
        smtp_port=port,
        smtp_security="none",
        instance_folder=Path("/nowhere"),
    )


def _ends_at(worker: Worker, step: str, when: str) -> None:
    goes_on = getattr(worker, step)

    def ending(*args: Any) -> Any:
        if when == "after":
            goes_on(*args)
        os.kill(os.getpid(), signal.SIGKILL)

    setattr(worker, step, ending)


def _work(settings: Settings, job: str) -> None:
    step, when, instant = job.split(":", 2)
    with time_machine.travel(datetime.fromisoformat(instant), tick=True):
        app = create_app(settings)
        unfollowed.BATCH = seals.BATCH = 7  # so that workers meet, each with batches of its own
        with app.app_context():
            worker = Worker(settings, post.of_settings(settings))
            if step != "none":
                _ends_at(worker, step, when)
            worker.run_once()


def _begin(settings: Settings, job: str) -> int:
    process = os.fork()
    if process:
        return process
    try:
        _work(settings, job)
        os._exit(0)
    finally:  # what went wrong is said, and nothing of the parent goes on here
        traceback.print_exc()
        os._exit(1)


def main() -> None:
    database_url, port, *jobs = sys.argv[1:]
    settings = _settings(database_url, int(port))
    create_app(settings)  # what the first portal of a process works out, no fork has to
    at_once = jobs[0] == "--at-once"
    running: list[int] = []
    for job in jobs[at_once:]:
        running.append(_begin(settings, job))
        if not at_once:
            _expect(running.pop(), killed=not job.startswith("none"))
    for process in running:
        _expect(process, killed=False)


def _expect(process: int, *, killed: bool) -> None:
    _, status = os.waitpid(process, 0)
    if os.waitstatus_to_exitcode(status) != (-signal.SIGKILL if killed else 0):
        sys.exit(f"A worker ended with {os.waitstatus_to_exitcode(status)}")


if __name__ == "__main__":
    main()
