"""From which browser somebody asks, in words they know it by; never precise enough to follow anybody with."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

# The first that stands in what a browser says of itself: each also names those it wants to be taken for.
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("Windows", "Windows"),
    ("Android", "Android"),
    ("iPhone", "an iPhone"),
    ("iPad", "an iPad"),
    ("Macintosh", "a Mac"),
    ("CrOS", "a Chromebook"),
    ("Linux", "Linux"),
)
_asked: ContextVar[str] = ContextVar("browser", default="")


@contextmanager
def asked_from(user_agent: str) -> Iterator[None]:
    """What is done inside is done from the browser that says this of itself."""
    token = _asked.set(user_agent)
    try:
        yield
    finally:
        _asked.reset(token)


def current() -> str | None:
    """Firefox on Windows; None where it is none that is known."""
    browser, system = _first(_BROWSERS), _first(_SYSTEMS)
    if browser is None:
        return None
    return f"{browser} on {system}" if system else browser


def _first(marks: tuple[tuple[str, str], ...]) -> str | None:
    return next((name for mark, name in marks if mark in _asked.get()), None)
