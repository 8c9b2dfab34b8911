"""The lives of a support referral and of the checks that follow it until support has really started."""

import enum

from portal.domain.permissions import P
from portal.domain.workflow import Move, Workflow, of


class ReferralState(enum.StrEnum):
    INFORMATION_GIVEN = "information_given"
    SENT = "sent"
    RECEIVED = "received"
    ACCEPTED = "accepted"
    WAITING_LIST = "waiting_list"
    BOOKED = "booked"
    STARTED = "started"
    NOT_STARTED = "not_started"
    ENDED = "ended"


R = ReferralState
# Nobody knows yet whether support begins. Accepted is no success, and neither is a place on a list.
WAITING_REFERRALS = of(R.INFORMATION_GIVEN, R.SENT, R.RECEIVED, R.ACCEPTED, R.WAITING_LIST, R.BOOKED)
# A started one goes on until it ends.
OPEN_REFERRALS = WAITING_REFERRALS | {R.STARTED}

REFERRAL = Workflow(
    "referral",
    ReferralState,
    starts=(R.INFORMATION_GIVEN,),
    moves=(
        Move(
            "send",
            of(R.INFORMATION_GIVEN),
            R.SENT,
            P.REFERRAL_RECORD,
            "referral.sent",
            needs=("sent_reason", "safe_contact"),
            guards=("not_in_future",),
            notify=("receiving_service",),
        ),
        Move(
            "receive",
            of(R.INFORMATION_GIVEN, R.SENT),
            R.RECEIVED,
            P.REFERRAL_MOVE,
            "referral.received",
            needs=("state_on", "state_source"),
            guards=("not_in_future",),
        ),
        Move(
            "accept",
            of(R.INFORMATION_GIVEN, R.SENT, R.RECEIVED),
            R.ACCEPTED,
            P.REFERRAL_MOVE,
            "referral.accepted",
            needs=("state_on", "state_source"),
            guards=("not_in_future",),
        ),
        Move(
            "wait",
            of(R.INFORMATION_GIVEN, R.SENT, R.RECEIVED, R.ACCEPTED),
            R.WAITING_LIST,
            P.REFERRAL_MOVE,
            "referral.waiting_list",
            needs=("state_on", "state_source", "expected_on", "interim"),
            guards=("not_in_future",),
        ),
        Move(
            "wait_longer",
            of(R.WAITING_LIST),
            None,
            P.REFERRAL_MOVE,
            "referral.waits_longer",
            needs=("state_on", "state_source", "expected_on", "interim"),
            guards=("not_in_future",),
        ),
        Move(
            "book",
            of(R.INFORMATION_GIVEN, R.SENT, R.RECEIVED, R.ACCEPTED, R.WAITING_LIST),
            R.BOOKED,
            P.REFERRAL_MOVE,
            "referral.booked",
            needs=("state_on", "state_source", "booked_for"),
            guards=("not_in_future",),
        ),
        Move(
            "rebook",
            of(R.BOOKED),
            None,
            P.REFERRAL_MOVE,
            "referral.rebooked",
            needs=("state_on", "state_source", "booked_for"),
            guards=("not_in_future",),
        ),
        Move(
            "start",
            WAITING_REFERRALS,
            R.STARTED,
            P.REFERRAL_MOVE,
            "referral.started",
            needs=("started_on", "started_source", "started_what"),
            guards=("not_in_future",),
            notify=("lead_professional",),
        ),
        Move(
            "not_start",
            WAITING_REFERRALS,
            R.NOT_STARTED,
            P.REFERRAL_MOVE,
            "referral.not_started",
            needs=("not_started_code", "need_now"),
            guards=("not_in_future",),
            notify=("lead_professional",),
        ),
        Move(
            "confirm",
            of(R.STARTED),
            None,
            P.REFERRAL_MOVE,
            "referral.confirmed",
            needs=("confirmed_on", "confirmed_source"),
            guards=("not_in_future", "another_source"),
        ),
        # The family's own answer counted as no source: what is reported now stands in its place.
        Move(
            "report_start",
            of(R.STARTED),
            None,
            P.REFERRAL_MOVE,
            "referral.start_reported",
            needs=("state_on", "started_source"),
            guards=("not_in_future", "known_by_link_alone"),
        ),
        # The service says no. What becomes of the need is for those around the family to say.
        Move(
            "report_decline",
            of(R.SENT, R.RECEIVED, R.ACCEPTED, R.WAITING_LIST, R.BOOKED),
            None,
            P.REFERRAL_MOVE,
            "referral.decline_reported",
            needs=("declined_on", "declined_why"),
            guards=("not_in_future",),
            notify=("lead_professional", "coordinator", "check_owner"),
        ),
        # Something to ask about, and no end by itself.
        Move(
            "report_stop",
            of(R.STARTED),
            None,
            P.REFERRAL_MOVE,
            "referral.stop_reported",
            needs=("stopped_on", "state_source"),
            guards=("not_in_future",),
            notify=("lead_professional", "coordinator", "check_owner"),
        ),
        Move(
            "end",
            of(R.STARTED),
            R.ENDED,
            P.REFERRAL_MOVE,
            "referral.ended",
            needs=("last_on", "ended_how", "helped"),
            guards=("not_in_future", "not_before_start"),
            notify=("lead_professional", "asked_last"),
        ),
        # No other service is looked for any more.
        Move(
            "decide_need",
            of(R.NOT_STARTED),
            None,
            P.REFERRAL_MOVE,
            "referral.need_decided",
            needs=("need_now", "need_now_words"),
            guards=("service_sought",),
        ),
    ),
)
# Which moves say how things stand with the service, in the order in which it goes on.
FACTS = ("receive", "accept", "wait", "wait_longer", "book", "rebook")


class EndedHow(enum.StrEnum):
    COMPLETED = "completed"
    EARLY = "early"


class Helped(enum.StrEnum):
    """What support that ended did about the need it was for."""

    MET = "met"
    BETTER = "better"
    SAME = "same"
    WORSE = "worse"


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


# Until another service is suggested, the need waits for somebody; of these it is known what happens.
DECIDED = tuple(now for now in NeedNow if now is not NeedNow.ANOTHER_SERVICE)


class CheckState(enum.StrEnum):
    DUE = "due"
    DONE = "done"
    WAIVED = "waived"
    VOID = "void"


# Nobody has answered them yet, though some are put off.
STANDING_CHECKS = frozenset({CheckState.DUE, CheckState.WAIVED})


class CheckStage(enum.StrEnum):
    SIGNPOSTED = "signposted"
    SENT = "sent"
    ACCEPTED = "accepted"
    WAITING = "waiting"
    BOOKED = "booked"
    STARTED = "started"
    AFTER_NO = "after_no"
    AFTER_UNIVERSAL = "after_universal"
    # The family answered by its link, and somebody rings.
    CALL_BACK = "call_back"


class CheckOutcome(enum.StrEnum):
    HAPPENED = "happened"
    NOT_YET = "not_yet"
    NO_ANSWER = "no_answer"
    WILL_NOT = "will_not_happen"
    # Something else that was recorded of the support answers the question.
    GONE_ON = "gone_on"


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
        Move("gone_on", of(C.DUE), C.DONE, P.CHECK_RECORD, "check.gone_on"),
        Move("waive", of(C.DUE), C.WAIVED, P.CHECK_WAIVE, "check.waived", needs=("reason", "waived_until")),
        Move("due_again", of(C.WAIVED), C.DUE, P.CHECK_WAIVE, "check.due_again"),
        Move("void", of(C.DUE, C.WAIVED), C.VOID, P.CHECK_RECORD, "check.void"),
    ),
)
