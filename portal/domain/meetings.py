"""The life of a meeting of the team around a family."""

import enum

from portal.domain.permissions import P
from portal.domain.workflow import Move, Workflow, of


class MeetingState(enum.StrEnum):
    ARRANGED = "arranged"
    HELD = "held"
    CANCELLED = "cancelled"
    RESCHEDULED = "rescheduled"


class Attendance(enum.StrEnum):
    ATTENDED = "attended"
    APOLOGIES = "apologies"
    ABSENT = "absent"


class Rater(enum.StrEnum):
    """Who says how far things have come."""

    PARENT = "parent"
    CHILD = "child"
    WORKER = "worker"


class AskedBy(enum.StrEnum):
    """Who wanted a meeting moved or called off."""

    FAMILY = "family"
    MEMBER = "member"
    COUNCIL = "council"


# What still stands: one that was called off or moved is listed, and counts for nothing.
STANDING = of(MeetingState.ARRANGED, MeetingState.HELD)

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
        Move(
            "reschedule",
            of(MeetingState.ARRANGED),
            MeetingState.RESCHEDULED,
            P.MEETING_ARRANGE,
            "meeting.rescheduled",
            needs=("asked_by", "ended_why"),
            notify=("meeting_invitees",),
        ),
        Move(
            "invite",
            of(MeetingState.ARRANGED),
            None,
            P.MEETING_ARRANGE,
            "meeting.invited",
            notify=("newly_invited",),
        ),
        Move(
            "cancel",
            of(MeetingState.ARRANGED),
            MeetingState.CANCELLED,
            P.MEETING_ARRANGE,
            "meeting.cancelled",
            needs=("asked_by", "ended_why"),
            notify=("meeting_invitees",),
        ),
    ),
)
