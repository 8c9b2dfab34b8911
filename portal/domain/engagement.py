"""What people can say when asked whether they want early help."""

import enum
from datetime import date

from portal.domain.dates import age_words, years_old

# The purpose that gates and pages ask about first; others are in the recorder’s own words.
EARLY_HELP = "{Early_help}"


class EngagementAnswer(enum.StrEnum):
    NOT_YET_ASKED = "not_yet_asked"
    AGREED = "agreed"
    PARTLY_AGREED = "partly_agreed"
    SAID_NO = "said_no"
    ASKED_TO_STOP = "asked_to_stop"
    OVERRIDDEN = "overridden"


# Said without asking the person.
UNASKED = (EngagementAnswer.NOT_YET_ASKED, EngagementAnswer.OVERRIDDEN)

# What a worker ticks of a child, and what is asked where it is not ticked.
CAN_DECIDE = "This is a child who, in my judgement, can decide this"
SAY_IT_DECIDES = "{name} is a child. Tick that they can decide this, or choose an adult"
# The answer to who agreed under which it is asked why a service is told all the same.
ALL_THE_SAME = "Nobody, or somebody said no: it is shared all the same"


def too_young(name: str, born: date | None, today: date, youngest: int) -> str | None:
    """What is asked about a child below this age, in years, who is said to decide for themselves; None for others."""
    if born is None or years_old(born, today) >= youngest:
        return None
    return (
        f"{name} is {age_words(born, today)} old. Is this right? Tick that a child so young has decided this, or "
        "record what an adult said"
    )


class SharingBasis(enum.StrEnum):
    """On what ground something about the family is shared with an organisation."""

    PUBLIC_TASK = "public_task"
    LEGAL_OBLIGATION = "legal_obligation"
    VITAL_INTERESTS = "vital_interests"
    CONSENT = "consent"
