"""Who is asking: bound once a request, read by the session's seat-belt."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime, timedelta

from portal.domain.roles import EVERY_FAMILY, ROLE_NAMES, Role
from portal.domain.standards import DEFAULTS, Standard

# How often it is written down that somebody is still here.
SEEN_EVERY = timedelta(minutes=1)


@dataclass(frozen=True)
class Viewer:
    """A signed-in person as they are at this request."""

    user_id: int
    name: str
    organisation_id: int
    organisation: str
    roles: frozenset[Role]
    social_care_team_id: int | None = None
    # Whether their organisation's sharing agreement is live today; council organisations need none.
    shares: bool = True
    # For how many calendar days social care still sees a family after its work there ended: a practice standard.
    looks_back: int = DEFAULTS[Standard.SOCIAL_CARE_REACH].amount
    session_id: int | None = None
    seen_at: datetime | None = None
    # When this session began, with what proved that it is them.
    signed_in_at: datetime | None = None
    # Whether anything is kept that they typed and did not send.
    left_unfinished: bool = False
    # False between the password and the second factor: nothing is open then but the pages that ask for it.
    proven: bool = True

    @property
    def account_id(self) -> int | None:
        """None for whoever acts without a sign-in: the family by its link."""
        return self.user_id or None

    @property
    def reaches_every_family(self) -> bool:
        return bool(self.roles & EVERY_FAMILY)

    @property
    def is_social_worker(self) -> bool:
        return bool(self.roles & {Role.SOCIAL_WORKER, Role.SOCIAL_CARE_MANAGER})

    @property
    def described(self) -> str:
        """Name and what they are, as history keeps it."""
        return f"{self.name}, {self.organisation}"

    @property
    def role_words(self) -> str:
        return ", ".join(words for role, words in ROLE_NAMES.items() if role in self.roles)


# A family that answers by its link: no account, no organisation, no roles.
THE_FAMILY = Viewer(0, "The family", 0, "", frozenset())
# Somebody of the council or a partner whose name the family's history does not tell.
A_COLLEAGUE = Viewer(0, "A colleague", 0, "", frozenset())
# What happens because a day has come, and nobody clicked.
THE_CLOCK = Viewer(0, "The portal", 0, "", frozenset())
# Who types a command on the machine that the portal runs on.
THE_SERVER = Viewer(0, "Whoever runs the server", 0, "", frozenset())

_bound: ContextVar[Viewer | None] = ContextVar("viewer", default=None)


def current() -> Viewer | None:
    """The person asking, or None where nobody is signed in."""
    return _bound.get()


@contextmanager
def asking(viewer: Viewer) -> Iterator[Viewer]:
    """Everything read inside is read as this person."""
    token = _bound.set(viewer)
    try:
        yield viewer
    finally:
        _bound.reset(token)
