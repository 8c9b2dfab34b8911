"""Logs as JSON lines: events, ids and counts; never names, notes or addresses."""

import logging
import sys
from collections.abc import Mapping

import structlog

HIDDEN = "…"


def configure() -> None:
    """Write structured lines to standard error, one JSON object each, times in UTC. Once a process: loggers that
    were used already keep what they were given."""
    if structlog.is_configured():
        return
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    logging.getLogger().addHandler(LibraryLines())


class LibraryLines(logging.Handler):
    """What a library has to say, as a line of the same kind: its sentence with the numbers in it, and never a text that
    was put into it, which may be an address, a name or what somebody sent."""

    def emit(self, record: logging.LogRecord) -> None:
        kind = record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else None
        structlog.get_logger().log(
            record.levelno,
            sentence(record),
            library=record.name,
            where=f"{record.module}:{record.lineno}",
            **({"kind": kind} if kind else {}),
        )


def sentence(record: logging.LogRecord) -> str:
    """A sentence without places for values may have had them put in already: then only where it stands is told."""
    given = record.args
    if not given:
        return "said by a library"
    try:
        if isinstance(given, Mapping):
            return str(record.msg) % {name: _harmless(value) for name, value in given.items()}
        return str(record.msg) % tuple(_harmless(value) for value in given)
    except (TypeError, ValueError):
        return str(record.msg)


def _harmless(value: object) -> object:
    return value if isinstance(value, int | float) else HIDDEN
