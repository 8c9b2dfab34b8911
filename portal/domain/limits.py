"""How often something may be done before it has to wait: named, so that each limit stands in one place."""

import enum
from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True)
class Pace:
    """So many times within so long."""

    times: int
    within: timedelta


class Limit(enum.StrEnum):
    """What is counted. Of whom it is counted, whoever asks says: an account from an address, a link, a person."""

    SIGN_IN = "sign_in"
    OWN_PASSWORD = "own_password"  # noqa: S105  (the name of a limit)
    RESET = "reset"
    LINK_ANSWER = "link_answer"
    SECOND_FACTOR = "second_factor"
    SEARCH = "search"
    EXPORT = "export"


PACES: dict[Limit, tuple[Pace, ...]] = {
    Limit.SIGN_IN: (Pace(10, timedelta(minutes=5)),),
    Limit.OWN_PASSWORD: (Pace(10, timedelta(minutes=5)),),
    Limit.RESET: (Pace(5, timedelta(days=1)),),
    Limit.LINK_ANSWER: (Pace(10, timedelta(hours=1)),),
    Limit.SECOND_FACTOR: (Pace(5, timedelta(minutes=5)), Pace(50, timedelta(days=1))),
    Limit.SEARCH: (Pace(60, timedelta(minutes=1)),),
    Limit.EXPORT: (Pace(20, timedelta(days=1)),),
}


def kept_for(limit: Limit) -> timedelta:
    """After so long it counts no more."""
    return max(pace.within for pace in PACES[limit])
