"""Why a family out of reach is opened all the same, and for how long."""

import enum
from collections.abc import Mapping
from datetime import timedelta


class Emergency(enum.StrEnum):
    CHILD_AT_RISK = "child_at_risk"
    ADULT_AT_RISK = "adult_at_risk"
    ASKED = "asked"
    NOBODY_THERE = "nobody_there"


WORDS: Mapping[Emergency, str] = {
    Emergency.CHILD_AT_RISK: "A child may be at risk of harm now",
    Emergency.ADULT_AT_RISK: "An adult may be at risk of harm now",
    Emergency.ASKED: "Police, a hospital or the emergency duty team ask about them now",
    Emergency.NOBODY_THERE: "Something cannot wait, and nobody who may see them can be reached",
}
HOURS = (1, 4, 24)
# So often within so long, whether it opened anything or not.
MOST, WITHIN = 10, timedelta(hours=1)
# What administrators are told where no manager may look into an opening: the kind of message, and the rule under which
# the outbox holds it until it is sent.
UNWATCHED = UNWATCHED_RULE = "emergency.unwatched"
UNWATCHED_CALLED = "That an opening in an emergency is nobody’s to look into"
NOT_OPENED = "Nothing can be opened with this reference. Check that it is right, or ring the number below"


def lengths(longest: int) -> list[int]:
    """The hours that are offered, none beyond the longest that the installation allows."""
    return [hours for hours in HOURS if hours <= longest] or [longest]
