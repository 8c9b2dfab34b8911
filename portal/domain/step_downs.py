"""The life of a step-down: how a family is handed over from social care to early help."""

import enum

from portal.domain.permissions import P
from portal.domain.workflow import Move, Workflow, of


class StepDownState(enum.StrEnum):
    DRAFT = "draft"
    PROPOSED = "proposed"
    MORE_INFORMATION = "more_information"
    ACCEPTED = "accepted"
    COMPLETED = "completed"
    DECLINED = "declined"
    FAMILY_SAID_NO = "family_said_no"
    STAYS = "stays_with_social_care"


S = StepDownState
OPEN = of(S.DRAFT, S.PROPOSED, S.MORE_INFORMATION, S.ACCEPTED)

STEP_DOWN = Workflow(
    "step_down",
    StepDownState,
    starts=(S.DRAFT,),
    moves=(
        Move("edit", of(S.DRAFT), None, P.STEP_DOWN_EDIT, "step_down.changed"),
        Move(
            "override_protection",
            of(S.DRAFT),
            None,
            P.STEP_DOWN_AGREE,
            "step_down.protection_overridden",
            needs=("protection_override",),
        ),
        Move(
            "agree", of(S.DRAFT), None, P.STEP_DOWN_AGREE, "step_down.agreed", needs=("rationale",), guards=("whole",)
        ),
        Move(
            "agree_as_told",
            of(S.DRAFT),
            None,
            P.STEP_DOWN_AGREE_AS_TOLD,
            "step_down.agreed_as_told",
            needs=("rationale", "agreed_by_name", "agreed_on"),
            guards=("whole", "not_in_future"),
            notify=("social_care_manager",),
        ),
        Move(
            "propose",
            of(S.DRAFT),
            S.PROPOSED,
            P.STEP_DOWN_PROPOSE,
            "step_down.proposed",
            guards=("whole", "agreed_by_manager"),
            notify=("coordinators",),
        ),
        Move(
            "ask",
            of(S.PROPOSED),
            S.MORE_INFORMATION,
            P.STEP_DOWN_ANSWER,
            "step_down.asked",
            needs=("question",),
            notify=("asked",),
        ),
        Move(
            "reply",
            of(S.MORE_INFORMATION),
            S.PROPOSED,
            P.STEP_DOWN_REPLY,
            "step_down.replied",
            needs=("answer",),
            notify=("coordinators",),
        ),
        Move("accept", of(S.PROPOSED), S.ACCEPTED, P.STEP_DOWN_ANSWER, "step_down.accepted", notify=("social_worker",)),
        Move(
            "decline",
            of(S.PROPOSED),
            S.DECLINED,
            P.STEP_DOWN_ANSWER,
            "step_down.declined",
            needs=("decline_code", "decline_reason"),
            notify=("social_worker",),
        ),
        Move(
            "settle_decline",
            of(S.DECLINED),
            None,
            P.STEP_DOWN_SETTLE_DECLINE,
            "step_down.decline_settled",
            needs=("declined_then", "declined_then_words"),
            guards=("decline_not_settled",),
            notify=("coordinator",),
        ),
        Move(
            "family_says_no",
            OPEN,
            S.FAMILY_SAID_NO,
            P.STEP_DOWN_SAID_NO,
            "step_down.family_said_no",
            needs=("reason",),
            notify=("reviewer", "watcher", "coordinators", "social_worker"),
        ),
        Move(
            "ask_to_stay",
            OPEN,
            None,
            P.STEP_DOWN_STAY_ASK,
            "step_down.stay_asked",
            needs=("reason",),
            notify=("social_care_manager",),
        ),
        Move(
            "stay",
            OPEN,
            S.STAYS,
            P.STEP_DOWN_AGREE,
            "step_down.stays",
            needs=("reason",),
            notify=("coordinators", "social_worker"),
        ),
        Move(
            "stay_as_decided",
            OPEN,
            S.STAYS,
            P.STEP_DOWN_STAY_ASK,
            "step_down.stays_as_decided",
            needs=("reason",),
            guards=("both_decided_to_stay",),
            notify=("coordinators", "social_worker"),
        ),
        Move(
            "go_on",
            OPEN,
            None,
            P.STEP_DOWN_AGREE,
            "step_down.goes_on",
            needs=("reason",),
            notify=("social_worker",),
        ),
        Move(
            "complete",
            of(S.ACCEPTED),
            S.COMPLETED,
            P.STEP_DOWN_COMPLETE,
            "step_down.completed",
            guards=("every_gate_holds",),
            notify=("lead_professional", "coordinator"),
        ),
    ),
)


class Origin(enum.StrEnum):
    """Where in social care the child was. Child protection needs the social care manager's override."""

    ASSESSMENT = "assessment"
    CHILD_IN_NEED = "child_in_need"
    CHILD_PROTECTION = "child_protection"
    FRONT_DOOR = "front_door"
    FAMILY_HELP = "family_help"


class Destination(enum.StrEnum):
    TEAM = "team_around_the_family"
    SAME_WORKER = "same_worker"
    SINGLE_AGENCY = "single_agency"
    UNIVERSAL = "universal"


class Gate(enum.IntEnum):
    """What has to hold before responsibility moves (lifecycles 1)."""

    AGREEMENT = 0
    LEAD = 1
    MEETING = 2
    OUTSTANDING = 3
    FAMILY_MET = 4
    NEEDS = 5
    FIRST_TEAM = 6
    CHECKS = 7


G = Gate
GATES_OF: dict[Destination, tuple[Gate, ...]] = {
    Destination.TEAM: (G.AGREEMENT, G.LEAD, G.MEETING, G.OUTSTANDING, G.FAMILY_MET, G.NEEDS, G.FIRST_TEAM, G.CHECKS),
    Destination.SAME_WORKER: (G.AGREEMENT, G.OUTSTANDING, G.NEEDS, G.CHECKS),
    Destination.SINGLE_AGENCY: (G.AGREEMENT, G.LEAD, G.OUTSTANDING, G.FAMILY_MET, G.CHECKS),
    Destination.UNIVERSAL: (G.AGREEMENT, G.OUTSTANDING, G.CHECKS),
}


def needs_lead(destination: Destination | None) -> bool:
    """Whether somebody has to be named while accepting: where gate 1 applies."""
    return destination is not None and Gate.LEAD in GATES_OF[destination]


class OutstandingState(enum.StrEnum):
    OUTSTANDING = "outstanding"
    CARRIED = "carried"
    COMPLETED = "completed"
    DROPPED = "dropped"


O = OutstandingState  # noqa: E741  (reads as the states do in the table below)
OUTSTANDING_ACTION = Workflow(
    "outstanding_action",
    OutstandingState,
    starts=(O.OUTSTANDING,),
    moves=(
        Move(
            "carry",
            of(O.OUTSTANDING),
            O.CARRIED,
            P.OUTSTANDING_SETTLE,
            "outstanding.carried",
            needs=("plan_action_id",),
            guards=("step_down_accepted",),
            notify=("action_owner",),
        ),
        Move(
            "complete",
            of(O.OUTSTANDING),
            O.COMPLETED,
            P.OUTSTANDING_SETTLE,
            "outstanding.completed",
            needs=("evidence",),
            guards=("step_down_accepted",),
        ),
        Move(
            "drop",
            of(O.OUTSTANDING),
            O.DROPPED,
            P.OUTSTANDING_SETTLE,
            "outstanding.dropped",
            needs=("drop_reason",),
            guards=("step_down_accepted", "safety_not_dropped_alone"),
            notify=("lead_professional",),
        ),
    ),
)


class NeedOutcome(enum.StrEnum):
    """How a need stood when social work looked back at it."""

    MET = "met"
    LEFT = "left"


class ChildOutcome(enum.StrEnum):
    """How a step-down that is complete ended for one child of it."""

    HANDED_OVER = "handed_over"
    GOES_ON = "goes_on"


class ViewKnown(enum.StrEnum):
    SAID = "said"
    DRAWN = "drawn"
    OBSERVED = "observed"
    UNBORN = "unborn"


class DeclineCode(enum.StrEnum):
    STILL_STATUTORY = "still_statutory"
    NOT_ENOUGH_KNOWN = "not_enough_known"
    FAMILY_NOT_ASKED = "family_not_asked"
    OTHER_AREA = "other_area"
    ANOTHER_ROUTE = "another_route"
    OTHER = "other"


class DeclinedThen(enum.StrEnum):
    """What social work does with a step-down that was not accepted."""

    AGAIN = "again"
    ANOTHER_ROUTE = "another_route"
    STAYS_OPEN = "stays_open"


def is_unsettled(state: StepDownState, then: DeclinedThen | None) -> bool:
    """Whether social work still holds what it handed over: open, or not accepted and not said what happens now."""
    return state in OPEN or (state is StepDownState.DECLINED and then is None)


class NoKind(enum.StrEnum):
    """Why early help does not begin with a family: two different things, never counted as one."""

    SAID_NO = "said_no"
    NOT_REACHED = "not_reached"


class StayNow(enum.StrEnum):
    """What happens now to a family that stays with social care."""

    SAME_WORKER = "same_worker"
    OTHER_WORKER = "other_worker"
    NEW_STEP_DOWN = "new_step_down"
    CLOSING = "closing"


class HolderAnswer(enum.StrEnum):
    """What the early help manager says where nobody holds a family."""

    NAMED = "named"
    REOPEN = "reopen"
