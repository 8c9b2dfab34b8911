"""The life of a lead professional's assignment."""

import enum

from portal.domain.permissions import P
from portal.domain.workflow import Move, Workflow, of


class LeadState(enum.StrEnum):
    NOMINATED = "nominated"
    ACCEPTED = "accepted"
    DECLINED = "declined"


LEAD = Workflow(
    "lead",
    LeadState,
    starts=(LeadState.NOMINATED,),
    moves=(
        Move(
            "accept",
            of(LeadState.NOMINATED),
            LeadState.ACCEPTED,
            P.LEAD_ANSWER,
            "lead.accepted",
            guards=("organisation_shares",),
            notify=("coordinator", "social_worker"),
        ),
        Move(
            "decline",
            of(LeadState.NOMINATED),
            LeadState.DECLINED,
            P.LEAD_ANSWER,
            "lead.declined",
            needs=("answer_reason",),
            notify=("coordinator",),
        ),
    ),
)
