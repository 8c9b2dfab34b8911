"""Logs as JSON lines: events, ids and counts; never names, notes or addresses."""

import logging
import sys

import structlog


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
