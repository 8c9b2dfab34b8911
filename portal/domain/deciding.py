"""What the managers of both sides decide together about a step-down: to waive a gate for a time, or how it goes on."""

import enum
from dataclasses import dataclass
from datetime import date

from portal.domain.step_downs import Destination, Gate

# Lifecycles 1: these alone may be waived; agreement, a lead and the outstanding actions never.
WAIVABLE = (Gate.MEETING, Gate.FAMILY_MET, Gate.NEEDS, Gate.FIRST_TEAM)


class Side(enum.StrEnum):
    """For whom a manager speaks. A decision needs one of each, and they are two people."""

    EARLY_HELP = "early_help"
    SOCIAL_CARE = "social_care"


class Together(enum.StrEnum):
    """What can be decided: the first at any time, the others once a step-down is past its standard."""

    WAIVE = "waive"
    NEW_DATE = "new_date"
    OTHER_DESTINATION = "other_destination"
    NOT_REACHED = "not_reached"
    STAYS = "stays"


@dataclass(frozen=True)
class Proposal:
    """What one manager would do, until when, and why."""

    kind: Together
    until: date
    reason: str
    gate: Gate | None = None
    destination: Destination | None = None
