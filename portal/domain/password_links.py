"""The link by which somebody sets their password: why it is sent, how long it opens something, and what is written."""

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta


class Why(enum.StrEnum):
    INVITED = "account.invited"
    FORGOTTEN = "account.forgotten"


@dataclass(frozen=True)
class Words:
    """What its email says; `service` and `council` are filled in. It holds no name."""

    subject: str
    text: str


# The rule under which the outbox holds it until it is sent.
RULE = "password_link"
CALLED = "A link to set a password"
LIVES: Mapping[Why, timedelta] = {Why.INVITED: timedelta(days=7), Why.FORGOTTEN: timedelta(hours=1)}
WORDS: Mapping[Why, Words] = {
    Why.INVITED: Words(
        "You are invited to the {service}",
        "{council} has made an account for you in the {service}. Set a password with the link below, then sign in with "
        "this email address. The link works for 7 days, once",
    ),
    Why.FORGOTTEN: Words(
        "Set a new password for the {service}",
        "Somebody, most likely you, asked to set a new password for the {service}. The link below works for 1 hour, "
        "once. If it was not you, do nothing: your password stays as it is",
    ),
}
GONE = "This link does not work any more. Each works once, and only for a while."
