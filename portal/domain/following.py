"""How a support referral is followed, as data: what is asked at each stage, when, and again after how long."""

from collections.abc import Mapping
from dataclasses import dataclass

from portal.domain.standards import Standard
from portal.domain.support import CheckStage, ReferralState

S = CheckStage


@dataclass(frozen=True)
class Rule:
    """One stage. `after` counts from the date that `since` names, a column of the referral; `no_later` names a date
    that is not waited past. `again`: how long after a check that was answered the next one is due. `question` is put to
    the family, `short` stands in lists."""

    question: str
    short: str
    after: Standard
    since: str
    again: Standard
    no_later: str | None = None


# Lifecycles 5 and 6. The numbers are practice standards, which a council changes.
POLICY: Mapping[CheckStage, Rule] = {
    S.SIGNPOSTED: Rule(
        "Did you manage to get through? Would it help if we rang with you?",
        "Has it started?",
        Standard.SIGNPOSTED,
        "given_on",
        Standard.RETRY,
    ),
    S.SENT: Rule(
        "Has the service been in touch?",
        "Has the service been in touch?",
        Standard.SENT,
        "state_on",
        Standard.RETRY,
    ),
    S.ACCEPTED: Rule(
        "Has somebody of the service met you?",
        "Has the family been met?",
        Standard.ACCEPTED,
        "state_on",
        Standard.RETRY,
    ),
    S.WAITING: Rule(
        "Are you still on the list? Is the help for the time being there? Has anything got worse?",
        "Still on the list?",
        Standard.WAITING,
        "state_on",
        Standard.WAITING,
        no_later="expected_on",
    ),
    S.BOOKED: Rule(
        "Did it start?",
        "Did it start?",
        Standard.BOOKED,
        "booked_for",
        Standard.RETRY,
    ),
    S.STARTED: Rule(
        "Is it still going?",
        "Is it still going?",
        Standard.STARTED,
        "started_on",
        Standard.STARTED,
    ),
}
FOLLOWED_AS: Mapping[ReferralState, CheckStage] = {
    ReferralState.INFORMATION_GIVEN: S.SIGNPOSTED,
    ReferralState.SENT: S.SENT,
    ReferralState.RECEIVED: S.SENT,
    ReferralState.ACCEPTED: S.ACCEPTED,
    ReferralState.WAITING_LIST: S.WAITING,
    ReferralState.BOOKED: S.BOOKED,
    ReferralState.STARTED: S.STARTED,
}


@dataclass(frozen=True)
class Afterwards:
    """How things are once a step-down has ended. `title` names the check, `about` goes on in a sentence of history;
    `after`: how long after the end it is due."""

    question: str
    title: str
    about: str
    after: Standard


AFTERWARDS: Mapping[CheckStage, Afterwards] = {
    S.AFTER_NO: Afterwards(
        "How are things now? Would you like some help after all?",
        "After the family said no",
        "how things are after the family said no",
        Standard.AFTER_NO,
    ),
    S.AFTER_UNIVERSAL: Afterwards(
        "How are things? Did you find what you need?",
        "With universal services",
        "how things are with universal services",
        Standard.AFTER_UNIVERSAL,
    ),
}
CALL_BACK = "You answered us: how are things, and what would help?"
BEFORE_IT_STARTS = frozenset(POLICY) - {S.STARTED}
# Of these, once the service said no: whether it has been in touch is known then.
AFTER_A_NO = "The service said no: what happens now?"


def asks(stage: CheckStage, *, said_no: bool = False) -> str:
    """The question that is put to the family. `said_no`: the service cannot take them on, as it said itself."""
    if stage in AFTERWARDS:
        return AFTERWARDS[stage].question
    if said_no and stage in BEFORE_IT_STARTS:
        return AFTER_A_NO
    return CALL_BACK if stage is S.CALL_BACK else POLICY[stage].question


def in_short(stage: CheckStage, *, said_no: bool = False) -> str:
    """The same for a list."""
    if stage in AFTERWARDS:
        return "How are things?"
    if said_no and stage in BEFORE_IT_STARTS:
        return AFTER_A_NO
    return "Ring them: they answered" if stage is S.CALL_BACK else POLICY[stage].short
