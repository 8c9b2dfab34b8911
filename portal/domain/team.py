"""Why somebody leaves a team, and what a team can lack."""

import enum
from collections.abc import Mapping


class LeftWhy(enum.StrEnum):
    WORK_DONE = "work_done"
    TAKEN_OVER = "taken_over"
    LEFT_JOB = "left_job"
    FAMILY_ASKED = "family_asked"
    OTHER = "other"


LEFT_WHY: Mapping[LeftWhy, str] = {
    LeftWhy.WORK_DONE: "Their work with the family is done",
    LeftWhy.TAKEN_OVER: "A colleague takes over from them",
    LeftWhy.LEFT_JOB: "They left their job or their organisation",
    LeftWhy.FAMILY_ASKED: "The family asked for it",
    LeftWhy.OTHER: "Something else",
}


class TeamLacks(enum.StrEnum):
    """What every team needs, in the order it is said."""

    LEAD = "lead"
    ORGANISATIONS = "organisations"
    MEETING = "meeting"
    FAMILY_HEARD = "family_heard"
    NEXT_REVIEW = "next_review"


LACKS: Mapping[TeamLacks, str] = {
    TeamLacks.LEAD: "{lead_professional:a} who accepted",
    TeamLacks.ORGANISATIONS: "live {action:many} of two or more organisations",
    TeamLacks.MEETING: "a meeting: the last one is too long ago, or the first one is late",
    TeamLacks.FAMILY_HEARD: "the family at the last meeting, or what they think",
    TeamLacks.NEXT_REVIEW: "a date for the next meeting",
}
