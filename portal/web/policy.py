"""What a route asks of the person at the door."""

from dataclasses import dataclass
from typing import Any

from portal.domain.permissions import P


@dataclass(frozen=True)
class Policy:
    """A permission, and the kind of thing the address names; without one the page belongs to no family."""

    permission: P
    model: type[Any] | None = None
    # What is recorded on the page: where none of these moves is open any more it is not shown, and says why.
    moves: tuple[str, ...] = ()
    # Only this person's unfinished form is touched: no key, no lock, no line in the log.
    unfinished: bool = False


@dataclass(frozen=True)
class SignedIn:
    """Any signed-in person; nothing of a family is shown."""

    reason: str
    unfinished: bool = False


@dataclass(frozen=True)
class Anyone:
    """No sign-in needed. `changes`: though it is only asked for, something is changed: who comes back from another
    site brings a form that they never saw here."""

    reason: str
    changes: bool = False


@dataclass(frozen=True)
class ByLink:
    """Whoever holds a link: a family's, or one to set a password. No sign-in counts here, not even one that this
    browser has."""

    reason: str


@dataclass(frozen=True)
class ByBrowser:
    """A browser by itself, without anybody's doing: nothing of a person is read, shown or changed."""

    reason: str


@dataclass(frozen=True)
class Proving:
    """Whoever gave the right password and has not yet proven that it is them. Nothing else is open to them."""

    reason: str


Door = Policy | SignedIn | Anyone | ByLink | ByBrowser | Proving
