"""Whether messages are written at all: the demonstration writes none."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_held: ContextVar[bool] = ContextVar("mail_held", default=False)


def is_held() -> bool:
    return _held.get()


@contextmanager
def held(yes: bool = True) -> Iterator[None]:
    """Inside, nothing is put into the outbox when `yes`."""
    token = _held.set(yes)
    try:
        yield
    finally:
        _held.reset(token)
