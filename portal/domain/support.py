"""The lives of a support referral and of the checks that follow it until support has really started."""

import enum

from portal.domain.permissions import P
from portal.domain.workflow import Move, Workflow, of


class ReferralState(enum.StrEnum):
    INFORMATION_GIVEN = "information_given"
    STARTED = "started"
    NOT_STARTED = "not_started"


R = ReferralState
# A started one goes on until it ends.
OPEN_REFERRALS = of(R.INFORMATION_GIVEN, R.STARTED)

REFERRAL = Workflow(
    "referral",
    ReferralState,
    starts=(R.INFORMATION_GIVEN,),
    moves=(
        Move(
            "start",
            of(R.INFORMATION_GIVEN),
            R.STARTED,
            P.CHECK_RECORD,
            "referral.started",
            needs=("started_on", "started_source", "started_what"),
            guards=("not_in_future",),
            notify=("lead_professional",),
        ),
        Move(
            "not_start",
            of(R.INFORMATION_GIVEN),
            R.NOT_STARTED,
            P.CHECK_RECORD,
            "referral.not_started",
            needs=("not_started_code", "need_now"),
            notify=("lead_professional",),
        ),
    ),
)


class HowGiven(enum.StrEnum):
    SAID = "said"
    LEAFLET = "leaflet"
    MESSAGE = "message"
    RANG_TOGETHER = "rang_together"


class Source(enum.StrEnum):
    """How a fact is known. `family` is the family's own word."""

    FAMILY = "family"
    PROVIDER = "provider"
    SEEN = "seen"
    TOLD = "as_told"


class NotStarted(enum.StrEnum):
    DECLINED_BY_SERVICE = "declined_by_service"
    NOT_ELIGIBLE = "not_eligible"
    NO_CAPACITY = "no_capacity"
    COULD_NOT_REACH = "could_not_reach"
    CHOSE_SOMETHING_ELSE = "chose_something_else"
    NO_LONGER_NEEDED = "no_longer_needed"
    TRAVEL = "travel"
    LANGUAGE = "language"
    NOT_SAFE = "not_safe"
    WITHDRAWN = "withdrawn"


class NeedNow(enum.StrEnum):
    """What happens to a need when the support it waited for will not come."""

    ANOTHER_SERVICE = "another_service"
    ANOTHER_ROUTE = "another_route"
    FAMILY_MANAGING = "family_managing"
    NOT_MET = "not_met"


class CheckState(enum.StrEnum):
    DUE = "due"
    DONE = "done"
    VOID = "void"


class CheckStage(enum.StrEnum):
    SIGNPOSTED = "signposted"
    STARTED = "started"
    AFTER_NO = "after_no"


class CheckOutcome(enum.StrEnum):
    HAPPENED = "happened"
    NOT_YET = "not_yet"
    NO_ANSWER = "no_answer"
    WILL_NOT = "will_not_happen"


class Method(enum.StrEnum):
    """How somebody was tried or met."""

    CALL = "call"
    TEXT = "text"
    VISIT = "visit"
    EMAIL = "email"
    LETTER = "letter"
    MEETING = "meeting"


class Escalation(enum.StrEnum):
    SOCIAL_CARE_MANAGER = "social_care_manager"
    EARLY_HELP_MANAGER = "early_help_manager"


C = CheckState
CHECK = Workflow(
    "check",
    CheckState,
    starts=(C.DUE,),
    moves=(
        Move("happened", of(C.DUE), C.DONE, P.CHECK_RECORD, "check.happened"),
        Move("not_yet", of(C.DUE), C.DONE, P.CHECK_RECORD, "check.not_yet", needs=("waiting_on", "next_on")),
        Move("no_answer", of(C.DUE), C.DONE, P.CHECK_RECORD, "check.no_answer", needs=("method",)),
        Move("will_not", of(C.DUE), C.DONE, P.CHECK_RECORD, "check.will_not_happen"),
        Move("void", of(C.DUE), C.VOID, P.CHECK_RECORD, "check.void"),
    ),
)
QUESTIONS = {
    CheckStage.SIGNPOSTED: "Did you manage to get through? Would it help if we rang with you?",
    CheckStage.STARTED: "Is it still going?",
    CheckStage.AFTER_NO: "How are things now? Would you like some help after all?",
}
