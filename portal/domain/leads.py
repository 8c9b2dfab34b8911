"""The life of a lead professional's assignment, and what is decided where nobody can be found."""

import enum
from collections.abc import Sequence
from datetime import date

from portal.domain.dates import Calendar
from portal.domain.permissions import P
from portal.domain.workflow import Move, Workflow, of


class LeadState(enum.StrEnum):
    NOMINATED = "nominated"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    ENDED = "ended"


class EndCode(enum.StrEnum):
    """Why somebody stops leading."""

    LEFT_ROLE = "left_role"
    ORGANISATION_CHANGED = "organisation_changed"
    PARENT_ASKED = "parent_asked"
    CHILD_ASKED = "child_asked"
    CASELOAD = "caseload"
    OTHER = "other"
    # Only where they led for the time being and somebody follows: never asked for.
    TIME_BEING = "time_being"
    # Only where early help ended before it began: never asked for.
    NOT_BEGUN = "not_begun"


# How it is known that somebody leads who was asked before the portal came.
KNOWN_BEFORE, OF_A_FILE = "as was known before", "as the spreadsheet says"
# What somebody can say.
END_CODES = tuple(code for code in EndCode if code not in (EndCode.TIME_BEING, EndCode.NOT_BEGUN))


class NotFound(enum.StrEnum):
    """What the manager decides where no lead can be found."""

    COUNCIL_WORKER = "council_worker"
    SINGLE_AGENCY = "single_agency"
    STAYS = "stays_with_social_care"


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
            guards=("may_lead",),
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
        Move(
            "accept_told",
            of(LeadState.NOMINATED),
            LeadState.ACCEPTED,
            P.LEAD_NOMINATE,
            "lead.accepted",
            guards=("without_sign_in", "may_lead"),
            notify=("coordinator", "social_worker"),
        ),
        Move(
            "decline_told",
            of(LeadState.NOMINATED),
            LeadState.DECLINED,
            P.LEAD_NOMINATE,
            "lead.declined",
            needs=("answer_reason",),
            guards=("without_sign_in",),
            notify=("coordinator",),
        ),
        Move(
            "withdraw",
            of(LeadState.NOMINATED),
            LeadState.WITHDRAWN,
            P.LEAD_NOMINATE,
            "lead.withdrawn",
            notify=("nominee",),
        ),
        # By the clock, once: they can still answer, and the coordinator asks on.
        Move(
            "come_back",
            of(LeadState.NOMINATED),
            None,
            P.LEAD_NOMINATE,
            "lead.unanswered",
            notify=("coordinators",),
        ),
        # Goes on leading until a successor has accepted.
        Move(
            "leave",
            of(LeadState.ACCEPTED),
            None,
            P.LEAD_END,
            "lead.leaving",
            needs=("end_code",),
            notify=("coordinator",),
        ),
        Move(
            "end",
            of(LeadState.ACCEPTED),
            LeadState.ENDED,
            P.LEAD_END,
            "lead.ended",
            needs=("end_code", "ended_on"),
            guards=("not_in_future",),
            notify=("coordinator", "lead_professional"),
        ),
    ),
)


def not_found_on(missing_since: date, declined: Sequence[date], days: Calendar, *, declines: int, limit: int) -> date:
    """The day from which no lead is found: the last of so many declines, or so many working days without a lead,
    whichever is sooner."""
    by_time = days.working_days_after(missing_since, limit)
    by_answers = sorted(declined)[declines - 1] if len(declined) >= declines else by_time
    return min(by_time, by_answers)


def missing_too_long_since(today: date, days: Calendar, limit: int) -> date:
    """The latest day on which a family can have lost its lead, or begun without, for that to be too long today: so
    that a query can ask `missing_since <= …`."""
    day = today
    while days.working_days_after(day, limit) > today:
        day = date.fromordinal(day.toordinal() - 1)
    return day
