"""What people can say when asked whether they want early help."""

import enum


class EngagementAnswer(enum.StrEnum):
    NOT_YET_ASKED = "not_yet_asked"
    AGREED = "agreed"
    PARTLY_AGREED = "partly_agreed"
    SAID_NO = "said_no"
    ASKED_TO_STOP = "asked_to_stop"
    OVERRIDDEN = "overridden"
