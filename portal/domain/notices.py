"""What people are told by message: which kinds at once, which in a digest, and what each person may choose."""

import enum
from collections.abc import Mapping

from portal.domain.event_kinds import E


class Notice(enum.StrEnum):
    """The kinds that a person chooses by. All but the last two are sent at once, unless they chose otherwise."""

    ASKED_TO_LEAD = "asked_to_lead"
    REMINDER = "reminder"
    ACTION_GIVEN = "action_given"
    STEP_DOWN_WAITS = "step_down_waits"
    FAMILY_SAYS = "family_says"
    FAMILY_STOPS = "family_stops"
    EMERGENCY = "emergency"
    DUE = "due"
    NEWS = "news"


class When(enum.StrEnum):
    AT_ONCE = "at_once"
    DIGEST = "digest"
    NEVER = "never"


NAMES: Mapping[Notice, str] = {
    Notice.ASKED_TO_LEAD: "You are asked to be {lead_professional:a}",
    Notice.REMINDER: "Somebody reminds you",
    Notice.ACTION_GIVEN: "{Action:a} is given to you, or {support_referral:a} to your service",
    Notice.STEP_DOWN_WAITS: "{Step_down:a} waits for you, or was sent back",
    Notice.FAMILY_SAYS: "A {family} says that support has stopped or is no longer wanted, or asks for a call",
    Notice.FAMILY_STOPS: "A {family} asks us to stop",
    Notice.EMERGENCY: "Somebody opened a {family} in an emergency: for {early_help_manager:many}",
    Notice.DUE: "Something of yours will be due, is due or is overdue",
    Notice.NEWS: "Everything else",
}
HINTS: Mapping[Notice, str] = {
    Notice.ASKED_TO_LEAD: "You choose when you are told, not whether",
    Notice.REMINDER: "You choose when you are told, not whether",
    Notice.EMERGENCY: "You choose when you are told, not whether",
    Notice.DUE: "Where it stays overdue, the {coordinator} is told, whatever you choose",
}
CHOICES: Mapping[When, str] = {
    When.AT_ONCE: "Immediately",
    When.DIGEST: "In the digest",
    When.NEVER: "Never",
}
CHOSE_NEVER = "They chose not to be told of this"
# What is told in a digest or not at all.
NEVER_AT_ONCE = frozenset({Notice.DUE, Notice.NEWS})
# Nobody can shut themselves off from what a person asks of them, nor managers from what was opened past their word.
NEVER_NEVER = frozenset({Notice.ASKED_TO_LEAD, Notice.REMINDER, Notice.EMERGENCY})
DEFAULTS: Mapping[Notice, When] = {each: When.DIGEST if each in NEVER_AT_ONCE else When.AT_ONCE for each in Notice}


def open_to(notice: Notice) -> list[When]:
    """What a person may choose for this kind: what is due, and news, come in the digest or never."""
    return [
        when
        for when in When
        if not (when is When.NEVER and notice in NEVER_NEVER) and not (when is When.AT_ONCE and notice in NEVER_AT_ONCE)
    ]


_KINDS: Mapping[tuple[E, str], Notice] = {
    (E.LEAD_NOMINATED, "nominee"): Notice.ASKED_TO_LEAD,
    (E.ACTION_REMINDED, "waited_for"): Notice.REMINDER,
    (E.CHECK_REMINDED, "waited_for"): Notice.REMINDER,
    (E.ACTION_PROPOSED, "action_owner"): Notice.ACTION_GIVEN,
    (E.ACTION_PASSED_ON, "action_owner"): Notice.ACTION_GIVEN,
    (E.ACTION_REOPENED, "action_owner"): Notice.ACTION_GIVEN,
    (E.OUTSTANDING_CARRIED, "action_owner"): Notice.ACTION_GIVEN,
    (E.REFERRAL_SENT, "receiving_service"): Notice.ACTION_GIVEN,
    (E.STEP_DOWN_PROPOSED, "coordinators"): Notice.STEP_DOWN_WAITS,
    (E.STEP_DOWN_REPLIED, "coordinators"): Notice.STEP_DOWN_WAITS,
    (E.STEP_DOWN_ASKED, "asked"): Notice.STEP_DOWN_WAITS,
    (E.STEP_DOWN_DECLINED, "social_worker"): Notice.STEP_DOWN_WAITS,
    (E.STEP_DOWN_STAY_ASKED, "social_care_manager"): Notice.STEP_DOWN_WAITS,
    (E.STEP_DOWN_GOES_ON, "social_worker"): Notice.STEP_DOWN_WAITS,
    (E.DECISION_PROPOSED, "other_manager"): Notice.STEP_DOWN_WAITS,
    # Nobody holds the family: both managers know on the same day, and whoever is named.
    (E.SOCIAL_WORK_CLOSED, "managers"): Notice.STEP_DOWN_WAITS,
    (E.HOLDER_NAMED, "holder"): Notice.STEP_DOWN_WAITS,
    (E.HOLDER_REOPENING_ASKED, "social_care_manager"): Notice.STEP_DOWN_WAITS,
    (E.EMERGENCY_OPENED, "early_help_managers"): Notice.EMERGENCY,
    (E.REFERRAL_STOP_REPORTED, "lead_professional"): Notice.FAMILY_SAYS,
    (E.REFERRAL_STOP_REPORTED, "coordinator"): Notice.FAMILY_SAYS,
    (E.REFERRAL_STOP_REPORTED, "check_owner"): Notice.FAMILY_SAYS,
    (E.LINK_ANSWERED, "lead_professional"): Notice.FAMILY_SAYS,
    (E.LINK_ANSWERED, "coordinator"): Notice.FAMILY_SAYS,
    (E.LINK_ANSWERED, "check_owner"): Notice.FAMILY_SAYS,
    (E.ENGAGEMENT_RECORDED, "lead_professional"): Notice.FAMILY_STOPS,
    (E.ENGAGEMENT_RECORDED, "coordinator"): Notice.FAMILY_STOPS,
    (E.ENGAGEMENT_FOR, "lead_professional"): Notice.FAMILY_STOPS,
    (E.ENGAGEMENT_FOR, "coordinator"): Notice.FAMILY_STOPS,
}


def notice_of(kind: E, rule: str) -> Notice:
    """Which kind of notice a message is, by the line of history it tells of and the rule by which it finds people."""
    return _KINDS.get((kind, rule), Notice.NEWS)
