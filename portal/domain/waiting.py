"""What an open thing waits for, and at which stage that is: the words of every list of waiting."""

import enum
from collections.abc import Mapping
from dataclasses import dataclass


class Stage(enum.StrEnum):
    """Where time goes by: between one thing that happens to a family and the next."""

    STEP_DOWN = "step_down"
    LEAD = "lead"
    PREPARING = "preparing"
    MEETING = "meeting"
    ACTION = "action"
    SUGGESTED = "suggested"
    SENT = "sent"
    ACCEPTED = "accepted"
    WAITING_LIST = "waiting_list"
    INSTEAD = "instead"
    CHECK = "check"
    AGREEMENT = "agreement"


STAGES: Mapping[Stage, str] = {
    Stage.STEP_DOWN: "{Step_down:a} to be answered",
    Stage.LEAD: "Somebody to lead",
    Stage.PREPARING: "{Step_down:a} to be completed",
    Stage.MEETING: "A meeting to be written up",
    Stage.ACTION: "{Action:a} that is overdue",
    Stage.SUGGESTED: "Support that was only suggested",
    Stage.SENT: "The service to accept",
    Stage.ACCEPTED: "Support that was accepted to begin",
    Stage.WAITING_LIST: "A service’s waiting list",
    Stage.INSTEAD: "What happens instead of support that will not start",
    Stage.CHECK: "{Follow_up_check:a} that is overdue",
    Stage.AGREEMENT: "What happens after somebody asked us to stop",
}


class Wait(enum.StrEnum):
    """Kinds of open things. Those of support are called as its states are."""

    NAME_HOLDER = "name_holder"
    REOPEN = "reopen"
    ANSWER_STEP_DOWN = "answer_step_down"
    ANSWER_QUESTION = "answer_question"
    SETTLE_DECLINE = "settle_decline"
    CONFIRM_STAY = "confirm_stay"
    ASK_LEAD = "ask_lead"
    ANSWER_LEAD = "answer_lead"
    RECORD_LEAD = "record_lead"
    OUTSTANDING = "outstanding"
    ARRANGE_MEETING = "arrange_meeting"
    COMPLETE = "complete"
    PUT_IN_FORCE = "put_in_force"
    WRITE_UP = "write_up"
    ARRANGE_NEXT = "arrange_next"
    ACTION = "action"
    BLOCKED = "blocked"
    HANDED_BACK = "handed_back"
    INFORMATION_GIVEN = "information_given"
    SENT = "sent"
    RECEIVED = "received"
    ACCEPTED = "accepted"
    WAITING_LIST = "waiting_list"
    BOOKED = "booked"
    SAID_NO = "said_no"
    INSTEAD = "suggest_instead"
    CALL_BACK = "call_back"
    CHECK = "check"
    CHECK_AFTER_NO = "check_after_no"
    CHECK_AFTER_UNIVERSAL = "check_after_universal"
    STOP_ASKED = "stop_asked"


@dataclass(frozen=True)
class Waiting:
    """`what` waits on somebody `to_do` something; {text} is what people wrote, {ref} a reference. It is done on `page`,
    and others see it on `look`: <ref>, <family> and <other> (what it belongs to) stand for references. `own`: what
    whoever has it does, where that is something else."""

    stage: Stage
    what: str
    to_do: str
    page: str
    look: str
    own: str


def _on(stage: Stage, what: str, to_do: str, page: str, look: str | None = None, *, own: str | None = None) -> Waiting:
    return Waiting(stage, what, to_do, page, look or page, own or to_do)


_STEP_DOWN, _REFERRAL, _CHECK = "/step-downs/<ref>", "/referrals/<ref>", "/checks/<ref>"
_FAMILY, _ACTION, _MEETING = "/families/<family>", "/actions/<ref>", "/meetings/<ref>"
WAITS: Mapping[Wait, Waiting] = {
    Wait.NAME_HOLDER: _on(
        Stage.STEP_DOWN, "Nobody holds this family", "to say who holds it", f"{_FAMILY}/holder", _FAMILY
    ),
    Wait.REOPEN: _on(
        Stage.STEP_DOWN,
        "Nobody holds this family",
        "to open social work again",
        f"{_FAMILY}/social-work-open",
        _FAMILY,
    ),
    Wait.ANSWER_STEP_DOWN: _on(Stage.STEP_DOWN, "{Step_down} {ref}", "to accept it, or say why not", _STEP_DOWN),
    Wait.ANSWER_QUESTION: _on(
        Stage.STEP_DOWN, "A question about {ref}", "to answer it", f"{_STEP_DOWN}/answer", _STEP_DOWN
    ),
    Wait.SETTLE_DECLINE: _on(
        Stage.STEP_DOWN,
        "{ref}, which was not accepted",
        "to say what happens now",
        f"{_STEP_DOWN}/what-now",
        _STEP_DOWN,
    ),
    Wait.CONFIRM_STAY: _on(
        Stage.STEP_DOWN,
        "That the family stays with social care",
        "to agree, or not",
        f"{_STEP_DOWN}/stays",
        _STEP_DOWN,
    ),
    Wait.ASK_LEAD: _on(
        Stage.LEAD, "{Lead_professional:a} is missing", "to ask somebody", f"{_FAMILY}/team/lead", f"{_FAMILY}/team"
    ),
    Wait.ANSWER_LEAD: _on(
        Stage.LEAD, "{Lead_professional:a}", "to answer whether they lead", "/nominations/<ref>", f"{_FAMILY}/team"
    ),
    Wait.RECORD_LEAD: _on(
        Stage.LEAD,
        "{Lead_professional:a}: {text} was asked",
        "to record the answer",
        "/nominations/<ref>/as-told",
        f"{_FAMILY}/team",
    ),
    Wait.OUTSTANDING: _on(
        Stage.PREPARING, "Outstanding from social work: {text}", "to settle it", "/step-downs/<other>"
    ),
    Wait.ARRANGE_MEETING: _on(
        Stage.PREPARING, "The {step_down_meeting}", "to arrange it", f"{_FAMILY}/meetings/new", _STEP_DOWN
    ),
    Wait.COMPLETE: _on(Stage.PREPARING, "{Step_down} {ref}", "to confirm that it is complete", _STEP_DOWN),
    Wait.PUT_IN_FORCE: _on(Stage.PREPARING, "The {plan}", "to put it in force", f"{_FAMILY}/plan"),
    Wait.WRITE_UP: _on(Stage.MEETING, "The meeting {ref}", "to write it up", f"{_MEETING}/write-up", _MEETING),
    Wait.ARRANGE_NEXT: _on(
        Stage.MEETING, "The next meeting of the {team}", "to arrange it", f"{_FAMILY}/meetings/new", _FAMILY
    ),
    Wait.ACTION: _on(Stage.ACTION, "{text}", "to do it", f"{_ACTION}/update", _ACTION),
    Wait.BLOCKED: _on(
        Stage.ACTION,
        "{text}, which has something in its way",
        "to clear the way",
        f"{_ACTION}/update",
        _ACTION,
        own="to see whether it can go on",
    ),
    Wait.HANDED_BACK: _on(
        Stage.ACTION, "{text}, which was handed back", "to choose who does it", f"{_ACTION}/owner", _ACTION
    ),
    Wait.INFORMATION_GIVEN: _on(
        Stage.SUGGESTED, "{text}, which was only suggested", "to find out whether it has begun", _REFERRAL
    ),
    Wait.SENT: _on(Stage.SENT, "{text}", "to say that it has arrived", _REFERRAL),
    Wait.RECEIVED: _on(Stage.SENT, "{text}", "to accept", _REFERRAL),
    Wait.ACCEPTED: _on(Stage.ACCEPTED, "{text}", "to begin", _REFERRAL),
    Wait.WAITING_LIST: _on(Stage.WAITING_LIST, "{text}", "to give a place", _REFERRAL),
    Wait.BOOKED: _on(Stage.ACCEPTED, "{text}, which has its first day", "to begin", _REFERRAL),
    Wait.SAID_NO: _on(Stage.INSTEAD, "{text} said no", "to say what happens instead", _REFERRAL),
    Wait.INSTEAD: _on(
        Stage.INSTEAD,
        "{text}, which did not start",
        "to suggest another service, or say what happens instead",
        _REFERRAL,
    ),
    Wait.CALL_BACK: _on(Stage.CHECK, "A call to the family, which answered about {text}", "to ring them", _CHECK),
    Wait.CHECK: _on(Stage.CHECK, "How it stands with {text}", "to ask", _CHECK),
    Wait.CHECK_AFTER_NO: _on(Stage.CHECK, "How things are after the family said no", "to ask", _CHECK),
    Wait.CHECK_AFTER_UNIVERSAL: _on(Stage.CHECK, "How things are with universal services", "to ask", _CHECK),
    Wait.STOP_ASKED: _on(
        Stage.AGREEMENT,
        "{text} asked us to stop",
        "to say what happens now",
        f"{_FAMILY}/agreement/stop",
        f"{_FAMILY}/agreement",
    ),
}
# What is due on a day is waited for only once that day has gone by.
OF_CHECKS = frozenset({Wait.CALL_BACK, Wait.CHECK, Wait.CHECK_AFTER_NO, Wait.CHECK_AFTER_UNIVERSAL})
BY_A_DAY = OF_CHECKS | {Wait.ACTION, Wait.HANDED_BACK, Wait.WRITE_UP, Wait.ARRANGE_NEXT}
# Somebody could be reminded of these.
REMINDABLE = OF_CHECKS | {Wait.ACTION, Wait.BLOCKED}
KINDS_OF: Mapping[Stage, tuple[Wait, ...]] = {
    stage: tuple(kind for kind, waiting in WAITS.items() if waiting.stage is stage) for stage in Stage
}
