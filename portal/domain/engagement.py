"""What people can say when asked whether they want early help."""

import enum

# The purpose that gates and pages ask about first; others are in the recorder’s own words.
EARLY_HELP = "{Early_help}"


class EngagementAnswer(enum.StrEnum):
    NOT_YET_ASKED = "not_yet_asked"
    AGREED = "agreed"
    PARTLY_AGREED = "partly_agreed"
    SAID_NO = "said_no"
    ASKED_TO_STOP = "asked_to_stop"
    OVERRIDDEN = "overridden"


class SharingBasis(enum.StrEnum):
    """On what ground something about the family is shared with an organisation."""

    PUBLIC_TASK = "public_task"
    LEGAL_OBLIGATION = "legal_obligation"
    VITAL_INTERESTS = "vital_interests"
    CONSENT = "consent"
