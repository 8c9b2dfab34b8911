"""The one next step of a family, as a sentence: what is most urgent, and whom it waits on."""

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date


class Next(enum.StrEnum):
    """Kinds of next step, those that matter more first where two are due on one day."""

    NAME_HOLDER = "name_holder"
    REOPEN_SOCIAL_WORK = "reopen_social_work"
    STOP_ASKED = "stop_asked"
    CALL_BACK = "call_back"
    ASK_LEAD = "ask_lead"
    ANSWER_LEAD = "answer_lead"
    CONFIRM_STAY = "confirm_stay"
    ANSWER_QUESTION = "answer_question"
    SETTLE_DECLINE = "settle_decline"
    RECORD_LEAD = "record_lead"
    ANSWER_STEP_DOWN = "answer_step_down"
    SEND_STEP_DOWN = "send_step_down"
    ARRANGE_MEETING = "arrange_meeting"
    WRITE_UP_STEP_DOWN = "write_up_step_down"
    WRITE_UP_FIRST_TEAM = "write_up_first_team"
    WRITE_UP_REVIEW = "write_up_review"
    CHECK_SAID_NO = "check_said_no"
    CHECK = "check"
    CHECK_AFTER_NO = "check_after_no"
    CHECK_AFTER_UNIVERSAL = "check_after_universal"
    CHECK_GOES_ON = "check_goes_on"
    INSTEAD = "suggest_instead"
    ACTION_BACK = "action_back"
    ACTION = "action"
    ACTION_BLOCKED = "action_blocked"
    PUT_IN_FORCE = "put_in_force"
    SETTLE_OUTSTANDING = "settle_outstanding"
    COVER_NEEDS = "cover_needs"
    CONFIRM = "confirm"
    ARRANGE_NEXT = "arrange_next"
    PUT_OFF = "put_off"


# Of these steps whoever they wait on can be reminded.
OF_CHECKS = frozenset(
    {
        Next.CALL_BACK,
        Next.CHECK_SAID_NO,
        Next.CHECK,
        Next.CHECK_AFTER_NO,
        Next.CHECK_AFTER_UNIVERSAL,
        Next.CHECK_GOES_ON,
    }
)
OF_ACTIONS = frozenset({Next.ACTION, Next.ACTION_BLOCKED})
REMINDABLE = OF_CHECKS | OF_ACTIONS
# {text} is what people wrote: an action's words, a service's name.
SENTENCES: Mapping[Next, str] = {
    Next.NAME_HOLDER: "Say who holds this family: social work has closed, and nobody does",
    Next.REOPEN_SOCIAL_WORK: "Open social work again: nobody holds this family, and {early_help} asked for it",
    Next.STOP_ASKED: "{text} asked us to stop: say what is ended and what happens now",
    Next.CALL_BACK: "Ring the family, which answered by its link: {text}",
    Next.ASK_LEAD: "Ask somebody to be the {lead_professional}",
    Next.ANSWER_LEAD: "Answer whether they will be the {lead_professional}",
    Next.CONFIRM_STAY: "Agree, or not, that the family stays with social care",
    Next.ANSWER_QUESTION: "Answer the question about the {step_down}",
    Next.SETTLE_DECLINE: "Say what happens now: the {step_down} was not accepted",
    Next.RECORD_LEAD: "Ask {text} whether they will be the {lead_professional}, and record the answer",
    Next.ANSWER_STEP_DOWN: "Accept the {step_down}, or say why not",
    Next.SEND_STEP_DOWN: "Finish and send the {step_down}",
    Next.ARRANGE_MEETING: "Arrange the {step_down_meeting}",
    Next.WRITE_UP_STEP_DOWN: "Hold the {step_down_meeting} and write it up",
    Next.WRITE_UP_FIRST_TEAM: "Hold the {first_team_meeting} and write it up",
    Next.WRITE_UP_REVIEW: "Hold the review and write it up",
    Next.CHECK_SAID_NO: "Say what happens now, the service said no: {text}",
    Next.CHECK: "Check whether support has started: {text}",
    Next.CHECK_AFTER_NO: "Ask how things are now: the family said no to {early_help}",
    Next.CHECK_AFTER_UNIVERSAL: "Ask how things are, and whether the family found what it needs",
    Next.CHECK_GOES_ON: "Check whether support is still going: {text}",
    Next.INSTEAD: "Suggest another service instead of {text}: the {need} is still open",
    Next.ACTION_BACK: "Choose who does this instead, it was handed back: {text}",
    Next.ACTION: "{text}",
    Next.ACTION_BLOCKED: "See whether this can go on, something is in its way: {text}",
    Next.PUT_IN_FORCE: "Put the {plan} in force",
    Next.SETTLE_OUTSTANDING: "Settle each outstanding action of the {step_down}",
    Next.COVER_NEEDS: "Agree something for each need that the {step_down} leaves",
    Next.CONFIRM: "Confirm that the {step_down} is complete",
    Next.ARRANGE_NEXT: "Arrange the next meeting of the {team}",
    Next.PUT_OFF: "Put off until {text}",
}
# In the place of the first, where whoever answered is not to be rung.
NOT_TO_BE_RUNG = "The family answered by its link, and is not to be rung: {text}"
RANK = {kind: place for place, kind in enumerate(Next)}
# Before everything, whenever it is due: nobody holds the family.
FIRST = frozenset({Next.NAME_HOLDER, Next.REOPEN_SOCIAL_WORK})


@dataclass(frozen=True)
class Step:
    """Who may be a person's name or, in braces, a concept: {coordinator:many}."""

    kind: Next
    subject: str
    who: str | None
    who_id: int | None
    due_on: date | None
    text: str | None = None


def most_urgent(steps: list[Step]) -> Step | None:
    """The earliest due first; what has no date comes after what has one, unless nobody leads or holds. A check that is
    put off comes last: until its day nobody can do anything about it."""

    def order(step: Step) -> tuple[int, date, int, str]:
        return (
            0 if step.kind in FIRST else 3 if step.kind is Next.PUT_OFF else 1 if step.due_on else 2,
            step.due_on or date.max,
            RANK[step.kind],
            step.subject,
        )

    return min(steps, key=order, default=None)
