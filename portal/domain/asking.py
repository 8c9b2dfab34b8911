"""The question that a family answers by itself: how it is asked, what can be said, and when nobody is asked."""

import enum
from collections.abc import Mapping
from datetime import datetime, time, timedelta

from portal.domain.dates import LONDON, to_utc


class LinkWay(enum.StrEnum):
    """How a link reaches somebody."""

    EMAIL = "email"
    TEXT = "text"
    PRINT = "print"


class Said(enum.StrEnum):
    """What a family can say about support that was suggested."""

    YES = "yes"
    NOT_YET = "not_yet"
    STOPPED = "stopped"
    NOT_WANTED = "not_wanted"
    NOT_SURE = "not_sure"


class AskedEnd(enum.StrEnum):
    """Why nobody can answer any more, before its days are over."""

    REVOKED = "revoked"
    ASKED_AGAIN = "asked_again"


class NotPut(enum.StrEnum):
    """Why a question that nobody ended is put to nobody, as things are now: its links open nothing."""

    OVER = "over"
    DIED = "died"
    NEVER = "never"
    APART = "apart"
    NO_WAY = "no_way"


# In the middle of a sentence, below the name of whoever was asked.
WHY_NOT_PUT: Mapping[NotPut, str] = {
    NotPut.OVER: "what became of this support is known",
    NotPut.DIED: "this person has died",
    NotPut.NEVER: "this person must never be contacted",
    NotPut.APART: "somebody in this family is to be kept apart",
    NotPut.NO_WAY: "this way is no longer recorded as safe for this person",
}


def instead(why: NotPut) -> str:
    """What is to be done where a link opens nothing."""
    if why is NotPut.OVER:
        return "Nothing more is asked about this support"
    return "Somebody has to ask the family another way"


LINK_LIVES = timedelta(days=14)
LONGEST_WORDS = 500
# Nobody is written to at night.
FROM, UNTIL = time(8), time(20)
# What an answer is called in the record of workers.
SAID = {
    Said.YES: "Yes, it has started",
    Said.NOT_YET: "Not yet",
    Said.STOPPED: "It started but has stopped",
    Said.NOT_WANTED: "I no longer want it",
    Said.NOT_SURE: "I am not sure",
}
CALL_ME = "Please call me"


# The rules under which the outbox holds a link that is still to be sent.
LINK, REMINDER = "family_link", "family_link_reminder"
RULES = (LINK, REMINDER)
REMINDED_AT = time(10)
# No name, no service, no word that names a problem: it is read on a locked screen. Within one text message.
MESSAGE = "{council}: one question for you, 1 minute: {link}. Or call {phone}"
SUBJECT = "{council}: one question for you"


def not_at_night(instant: datetime) -> datetime:
    """That instant, or eight in the morning in London where it lies between eight in the evening and then."""
    local = instant.astimezone(LONDON)
    if FROM <= local.time() < UNTIL:
        return instant
    day = local.date() if local.time() < FROM else local.date() + timedelta(days=1)
    return to_utc(day, FROM)
