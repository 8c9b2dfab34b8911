"""The life of an early help episode."""

import enum
from datetime import date

from portal.domain.permissions import P
from portal.domain.workflow import Move, Workflow, of


class EpisodeState(enum.StrEnum):
    PREPARING = "preparing"
    ACTIVE = "active"
    ENDED_BEFORE_START = "ended_before_start"


# The Children Act 1989, before which nothing of today’s early help was begun: a date typed earlier is a slip.
EARLIEST_START = date(1989, 11, 16)
OPEN_EPISODES = of(EpisodeState.PREPARING, EpisodeState.ACTIVE)

EPISODE = Workflow(
    "episode",
    EpisodeState,
    # A family that was in early help before the portal came begins active.
    starts=(EpisodeState.PREPARING, EpisodeState.ACTIVE),
    moves=(
        Move("activate", of(EpisodeState.PREPARING), EpisodeState.ACTIVE, P.STEP_DOWN_COMPLETE, "episode.active"),
        Move(
            "end_before_start",
            of(EpisodeState.PREPARING),
            EpisodeState.ENDED_BEFORE_START,
            P.STEP_DOWN_SAID_NO,
            "episode.ended_before_start",
        ),
    ),
)


class Stage(enum.StrEnum):
    """Where a family stands, as lists show it; derived, never moved."""

    DRAFT = "draft"
    WAITING = "waiting"
    NOT_ACCEPTED = "not_accepted"
    PREPARING = "preparing"
    ACTIVE = "active"
    FOLLOWING_UP = "following_up"
    NOT_OPEN = "not_open"


# Why a family has no plan, where no episode is open.
WHY_NO_PLAN = {
    Stage.DRAFT: "The {step_down} is still being written.",
    Stage.WAITING: "The {step_down} is waiting to be accepted.",
    Stage.FOLLOWING_UP: "The family was told of support, and somebody checks whether it has started.",
    Stage.NOT_ACCEPTED: "The {step_down} was not accepted.",
    Stage.NOT_OPEN: "No {step_down} is under way for this family.",
}
