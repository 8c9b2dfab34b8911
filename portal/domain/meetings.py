"""The life of a meeting of the team around a family."""

import enum

from portal.domain.permissions import P
from portal.domain.workflow import Move, Workflow, of


class MeetingState(enum.StrEnum):
    ARRANGED = "arranged"
    HELD = "held"


class Attendance(enum.StrEnum):
    ATTENDED = "attended"
    APOLOGIES = "apologies"
    ABSENT = "absent"


MEETING = Workflow(
    "meeting",
    MeetingState,
    starts=(MeetingState.ARRANGED,),
    moves=(
        Move(
            "hold",
            of(MeetingState.ARRANGED),
            MeetingState.HELD,
            P.MEETING_WRITE_UP,
            "meeting.held",
            needs=("held_on", "decisions"),
            guards=("not_in_future", "family_heard"),
        ),
    ),
)
