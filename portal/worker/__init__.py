"""The worker: what happens by the clock and not by a click. It sends what the outbox holds, one transaction a step."""

from portal.worker.command import register

__all__ = ["register"]
