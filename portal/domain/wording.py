"""One table of words for states, moves and choices; concept names in braces are the council's own."""

from collections.abc import Mapping

from portal.domain.asking import LinkWay
from portal.domain.deciding import Side, Together
from portal.domain.engagement import EngagementAnswer, SharingBasis
from portal.domain.episodes import EpisodeState, Stage
from portal.domain.labels import Colour, Label, Wording
from portal.domain.leads import EndCode, LeadState, NotFound
from portal.domain.meetings import AskedBy, Attendance, MeetingState, Rater
from portal.domain.move_words import ON_THE_WAY, MoveWords
from portal.domain.plans import ActionState, FamilyAgrees, NeedState, PlanState, Review
from portal.domain.step_downs import (
    ChildOutcome,
    DeclineCode,
    DeclinedThen,
    Destination,
    HolderAnswer,
    NeedOutcome,
    NoKind,
    Origin,
    OutstandingState,
    StayNow,
    StepDownState,
    ViewKnown,
)
from portal.domain.support import (
    CheckOutcome,
    CheckState,
    EndedHow,
    Escalation,
    Helped,
    HowGiven,
    Method,
    NeedNow,
    NotStarted,
    ReferralState,
    Source,
)
from portal.domain.support_words import OF_SUPPORT

STATES: Wording[Label] = Wording(
    (StepDownState.DRAFT, Label("Draft", Colour.GREY)),
    (StepDownState.PROPOSED, Label("Waiting to be accepted", Colour.YELLOW)),
    (StepDownState.MORE_INFORMATION, Label("Sent back with a question", Colour.ORANGE)),
    (StepDownState.ACCEPTED, Label("Accepted", Colour.BLUE)),
    (StepDownState.COMPLETED, Label("Complete")),
    (StepDownState.DECLINED, Label("Not accepted", Colour.ORANGE)),
    (StepDownState.FAMILY_SAID_NO, Label("Family said no, or was not reached", Colour.ORANGE)),
    (StepDownState.STAYS, Label("Stays with social care")),
    (OutstandingState.OUTSTANDING, Label("Still to settle", Colour.YELLOW)),
    (OutstandingState.CARRIED, Label("Carried into the {plan}")),
    (OutstandingState.COMPLETED, Label("Completed")),
    (OutstandingState.DROPPED, Label("Dropped")),
    (LeadState.NOMINATED, Label("Asked", Colour.YELLOW)),
    (LeadState.ACCEPTED, Label("Leads")),
    (LeadState.DECLINED, Label("Cannot lead")),
    (LeadState.WITHDRAWN, Label("No longer asked")),
    (LeadState.ENDED, Label("Led until then")),
    (MeetingState.ARRANGED, Label("Arranged", Colour.BLUE)),
    (MeetingState.HELD, Label("Held")),
    (MeetingState.CANCELLED, Label("Cancelled", Colour.GREY)),
    (MeetingState.RESCHEDULED, Label("Moved to another day", Colour.GREY)),
    (EpisodeState.PREPARING, Label("Preparing", Colour.BLUE)),
    (EpisodeState.ACTIVE, Label("Active")),
    (EpisodeState.ENDED_BEFORE_START, Label("Ended before it started")),
    (PlanState.DRAFT, Label("Draft", Colour.GREY)),
    (PlanState.IN_FORCE, Label("In force")),
    (PlanState.REPLACED, Label("Earlier version")),
    (NeedState.OPEN, Label("Open")),
    (NeedState.MET, Label("Met")),
    (NeedState.TRANSFERRED, Label("Passed on")),
    (NeedState.NOT_MET, Label("Could not be met")),
    (ActionState.PROPOSED, Label("Proposed", Colour.YELLOW)),
    (ActionState.AGREED, Label("Agreed")),
    (ActionState.IN_PROGRESS, Label("In progress", Colour.BLUE)),
    (ActionState.BLOCKED, Label("Blocked", Colour.ORANGE)),
    (ActionState.DONE, Label("Done")),
    (ActionState.VERIFIED, Label("Checked")),
    (ActionState.HANDED_BACK, Label("Handed back", Colour.ORANGE)),
    (ActionState.NO_LONGER_NEEDED, Label("No longer needed")),
    (ReferralState.INFORMATION_GIVEN, Label("Suggested", Colour.YELLOW)),
    (ReferralState.SENT, Label("Sent to the service", Colour.YELLOW)),
    (ReferralState.RECEIVED, Label("Received by the service", Colour.YELLOW)),
    (ReferralState.ACCEPTED, Label("Accepted by the service", Colour.YELLOW)),
    (ReferralState.WAITING_LIST, Label("On a waiting list", Colour.ORANGE)),
    (ReferralState.BOOKED, Label("Booked", Colour.BLUE)),
    (ReferralState.STARTED, Label("Started (reported)", Colour.GREEN)),
    (ReferralState.NOT_STARTED, Label("Did not start")),
    (ReferralState.ENDED, Label("Ended")),
    (CheckState.DUE, Label("Due", Colour.YELLOW)),
    (CheckState.DONE, Label("Done")),
    (CheckState.WAIVED, Label("Not asked for now", Colour.GREY)),
    (CheckState.VOID, Label("No longer needed")),
    (Stage.DRAFT, Label("Being written", Colour.GREY)),
    (Stage.WAITING, Label("Waiting to be accepted", Colour.YELLOW)),
    (Stage.NOT_ACCEPTED, Label("Not accepted", Colour.ORANGE)),
    (Stage.PREPARING, Label("Preparing", Colour.BLUE)),
    (Stage.ACTIVE, Label("Active")),
    (Stage.FOLLOWING_UP, Label("Following up", Colour.BLUE)),
    (Stage.NOT_OPEN, Label("Not open", Colour.GREY)),
)


MOVES: Mapping[tuple[str, str], MoveWords] = {
    **ON_THE_WAY,
    ("step_down", "edit"): MoveWords(
        "Save and continue", "Saved", "This {step_down} has been sent, so what it says can no longer be changed."
    ),
    ("step_down", "agree"): MoveWords(
        "Agree to this {step_down}",
        "You agreed to this {step_down}. It can be sent now",
        "This {step_down} is no longer a draft, so there is nothing to agree to.",
    ),
    ("step_down", "agree_as_told"): MoveWords(
        "Write down that they agreed",
        "Their agreement is written down and listed for them. The {step_down} can be sent now",
        "This {step_down} is no longer a draft, so there is nothing to agree to.",
    ),
    ("step_down", "propose"): MoveWords(
        "Send this {step_down}", "{Step_down} sent", "This {step_down} was already sent, or has ended."
    ),
    ("step_down", "accept"): MoveWords(
        "Accept this {step_down}", "{Step_down} accepted", "This {step_down} is no longer waiting to be accepted."
    ),
    ("step_down", "decline"): MoveWords(
        "Do not accept",
        "The {social_worker} has been told why",
        "This {step_down} is no longer waiting to be accepted.",
    ),
    ("step_down", "complete"): MoveWords(
        "Confirm the {step_down} is complete",
        "The {step_down} is complete. Responsibility has moved",
        "This {step_down} cannot be confirmed: it is not accepted, or is already complete.",
    ),
    ("outstanding_action", "carry"): MoveWords(
        "Carry into the {plan}", "Carried into the {plan}", "This outstanding action was already settled."
    ),
    ("outstanding_action", "complete"): MoveWords(
        "Completed", "Recorded as completed", "This outstanding action was already settled."
    ),
    ("outstanding_action", "drop"): MoveWords("Drop", "Dropped", "This outstanding action was already settled."),
    ("lead", "accept"): MoveWords(
        "I will lead", "You are the {lead_professional} now", "This request has already been answered."
    ),
    ("lead", "decline"): MoveWords(
        "I cannot lead",
        "Thank you. The {coordinator} will ask somebody else",
        "This request has already been answered.",
    ),
    ("lead", "accept_told"): MoveWords(
        "They will lead", "Recorded. They are the {lead_professional} now", "This request has already been answered."
    ),
    ("lead", "decline_told"): MoveWords(
        "They cannot lead", "Recorded. You can ask somebody else", "This request has already been answered."
    ),
    ("lead", "withdraw"): MoveWords(
        "Withdraw this request",
        "The request is withdrawn. You can ask somebody else",
        "This request has already been answered, or was withdrawn.",
    ),
    ("lead", "come_back"): MoveWords(
        "Not answered in time", "The {coordinator} is told", "This request has already been answered."
    ),
    ("lead", "leave"): MoveWords(
        "Lead until somebody else has accepted",
        "Recorded. They lead until somebody else has accepted",
        "They are no longer the {lead_professional}, so there is nothing to end.",
    ),
    ("lead", "end"): MoveWords(
        "Stop leading",
        "Recorded. The family has no {lead_professional} now",
        "They are no longer the {lead_professional}, so there is nothing to end.",
    ),
    ("meeting", "hold"): MoveWords(
        "Save the write-up",
        "Meeting written up",
        "This meeting has already been written up.",
    ),
    ("meeting", "reschedule"): MoveWords(
        "Move the meeting",
        "Meeting moved",
        "This meeting cannot be moved: it has been written up, moved or cancelled already.",
    ),
    ("meeting", "invite"): MoveWords(
        "Change who is invited",
        "Who is invited is changed",
        "Who is invited cannot be changed: this meeting has been written up, moved or cancelled already.",
    ),
    ("meeting", "cancel"): MoveWords(
        "Cancel the meeting",
        "Meeting cancelled",
        "This meeting cannot be cancelled: it has been written up, moved or cancelled already.",
    ),
    ("episode", "activate"): MoveWords("Begin", "{Early_help} is active", "{Early_help} is already active."),
    ("episode", "end_before_start"): MoveWords(
        "End", "{Early_help} ended before it started", "{Early_help} has begun, or ended already."
    ),
    ("plan", "put_in_force"): MoveWords(
        "Put the {plan} in force", "The {plan} is in force", "This {plan} is already in force."
    ),
    ("plan", "replace"): MoveWords(
        "Replace this version", "Replaced by the next version", "This version of the {plan} is not in force."
    ),
    ("need", "met"): MoveWords("Record that it is met", "Recorded as met", "This need is no longer open."),
    ("need", "transfer"): MoveWords(
        "Record that it was passed on", "Recorded as passed on", "This need is no longer open."
    ),
    ("need", "reopen"): MoveWords("Open it again", "The {need} is open again", "This need is open already."),
    ("need", "not_met"): MoveWords(
        "Record that it could not be met", "Recorded as a need that could not be met", "This need is no longer open."
    ),
    ("action", "agree"): MoveWords("Agree", "Agreed", "This action has already been agreed."),
    ("action", "start"): MoveWords(
        "Save as in progress", "Update saved", "This action is already going on, or is done."
    ),
    ("action", "note"): MoveWords("Save as in progress", "Update saved", "This action is already done."),
    ("action", "block"): MoveWords(
        "Something is in the way",
        "Recorded: something is in the way",
        "This {action} is not open any more, so nothing can be in its way.",
    ),
    ("action", "keep_blocked"): MoveWords(
        "Something is still in the way",
        "Recorded: something is still in the way",
        "Nothing is recorded as being in the way of this {action}.",
    ),
    ("action", "unblock"): MoveWords(
        "Save as in progress", "Update saved", "Nothing is recorded as being in the way of this {action}."
    ),
    ("action", "do"): MoveWords(
        "Mark as done", "Marked as done", "This {action} is already done, or is not open any more."
    ),
    ("action", "hand_back"): MoveWords(
        "I cannot do this",
        "Handed back. The {lead_professional} is told",
        "This {action} is not open any more, so it cannot be handed back.",
    ),
    ("action", "verify"): MoveWords(
        "Save the check", "Recorded as checked", "Only {action:a} that is done, and not checked yet, can be checked."
    ),
    ("action", "reopen"): MoveWords("Open it again", "Open again", "Only {action:a} that is done can be opened again."),
    ("action", "drop"): MoveWords(
        "Save as no longer needed", "Recorded as no longer needed", "This {action} is done, or was dropped already."
    ),
    ("action", "move_due"): MoveWords(
        "Change the date", "Date changed", "This {action} is not open any more, so its date stays as it is."
    ),
    ("action", "pass_on_asked"): MoveWords(
        "Change who does it", "Passed on", "This {action} is not open any more, so it cannot be passed on."
    ),
    ("action", "pass_on"): MoveWords(
        "Change who does it", "Passed on", "This {action} is not open any more, so it cannot be passed on."
    ),
    **OF_SUPPORT,
}

CHOICES: Wording[str] = Wording(
    (Origin.ASSESSMENT, "An assessment"),
    (Origin.CHILD_IN_NEED, "A child in need plan"),
    (Origin.CHILD_PROTECTION, "A child protection plan"),
    (Origin.FRONT_DOOR, "The {front_door}"),
    (Origin.FAMILY_HELP, "Family Help"),
    (Destination.TEAM, "A {team}"),
    (Destination.SAME_WORKER, "The same worker goes on (Family Help)"),
    (Destination.SINGLE_AGENCY, "One agency, with a named person"),
    (Destination.UNIVERSAL, "Universal services, with follow-up"),
    (ViewKnown.SAID, "They said it"),
    (ViewKnown.DRAWN, "They drew or played it"),
    (ViewKnown.OBSERVED, "Somebody saw it"),
    (ViewKnown.UNBORN, "Not born yet: the parents’ plans and worries"),
    (ChildOutcome.HANDED_OVER, "Handed over to {early_help}"),
    (ChildOutcome.GOES_ON, "Left out: goes on in a linked {step_down}"),
    (NeedOutcome.MET, "Met"),
    (NeedOutcome.LEFT, "Left for {early_help}"),
    (EngagementAnswer.AGREED, "Agreed"),
    (EngagementAnswer.PARTLY_AGREED, "Agreed to part of it"),
    (EngagementAnswer.SAID_NO, "Said no for now"),
    (EngagementAnswer.ASKED_TO_STOP, "Asked us to stop"),
    (EngagementAnswer.OVERRIDDEN, "Did not agree: going ahead to keep somebody safe"),
    (EngagementAnswer.NOT_YET_ASKED, "Not asked yet"),
    (SharingBasis.PUBLIC_TASK, "The council’s public task"),
    (SharingBasis.LEGAL_OBLIGATION, "A legal obligation"),
    (SharingBasis.VITAL_INTERESTS, "To keep somebody safe (vital interests)"),
    (SharingBasis.CONSENT, "Consent"),
    (Side.EARLY_HELP, "{early_help}"),
    (Side.SOCIAL_CARE, "social care"),
    (Together.WAIVE, "Go on for now without something that is missing"),
    (Together.NEW_DATE, "A new date by which it has to be complete"),
    (Together.OTHER_DESTINATION, "The family goes somewhere else"),
    (Together.NOT_REACHED, "We have not been able to reach the family: go the way of a family that cannot be reached"),
    (Together.STAYS, "The family stays with social care"),
    (DeclineCode.STILL_STATUTORY, "The needs still meet the threshold for social care"),
    (DeclineCode.NOT_ENOUGH_KNOWN, "Not enough is known yet"),
    (DeclineCode.FAMILY_NOT_ASKED, "The family has not been asked"),
    (DeclineCode.OTHER_AREA, "The family lives in another area"),
    (DeclineCode.ANOTHER_ROUTE, "Another route fits the family better"),
    (DeclineCode.OTHER, "Another reason"),
    (DeclinedThen.AGAIN, "It is put right and sent again"),
    (DeclinedThen.ANOTHER_ROUTE, "Another route"),
    (DeclinedThen.STAYS_OPEN, "It stays open to social care"),
    (NoKind.SAID_NO, "The family said no for now"),
    (NoKind.NOT_REACHED, "We have not been able to reach the family"),
    (StayNow.SAME_WORKER, "The same {social_worker} goes on"),
    (StayNow.OTHER_WORKER, "Another {social_worker} goes on"),
    (StayNow.NEW_STEP_DOWN, "A new {step_down} is written"),
    (StayNow.CLOSING, "Social work closes, and the family does not want {early_help}"),
    (HolderAnswer.NAMED, "Somebody holds the family for now"),
    (HolderAnswer.REOPEN, "Social work should be opened again"),
    (FamilyAgrees.AGREES, "The family agrees"),
    (FamilyAgrees.DISAGREES, "The family does not agree"),
    (FamilyAgrees.NOT_ASKED, "The family has not been asked yet"),
    (Review.BETTER, "Better"),
    (Review.SAME, "The same"),
    (Review.WORSE, "Worse"),
    (EndCode.LEFT_ROLE, "They are leaving their role"),
    (EndCode.ORGANISATION_CHANGED, "Another organisation works with the family now"),
    (EndCode.PARENT_ASKED, "A parent asked for somebody else"),
    (EndCode.CHILD_ASKED, "A child asked for somebody else"),
    (EndCode.CASELOAD, "They lead too many families"),
    (EndCode.OTHER, "Another reason"),
    (EndCode.TIME_BEING, "They led for the time being"),
    (EndCode.NOT_BEGUN, "{Early_help} ended before it began"),
    (NotFound.COUNCIL_WORKER, "A council worker leads for the time being"),
    (NotFound.SINGLE_AGENCY, "One agency, with a named person"),
    (NotFound.STAYS, "The family stays with social care"),
    (Attendance.ATTENDED, "Came"),
    (Attendance.APOLOGIES, "Apologies, with a report"),
    (Attendance.ABSENT, "Did not come"),
    (Rater.PARENT, "Parent"),
    (Rater.CHILD, "Child"),
    (Rater.WORKER, "Worker"),
    (AskedBy.FAMILY, "The family"),
    (AskedBy.MEMBER, "Somebody on the {team}"),
    (AskedBy.COUNCIL, "The council"),
    (HowGiven.SAID, "Told them about it"),
    (HowGiven.LEAFLET, "Gave a leaflet or address"),
    (HowGiven.MESSAGE, "Sent a message"),
    (HowGiven.RANG_TOGETHER, "Rang the service together"),
    (Source.FAMILY, "The family said so"),
    (Source.PROVIDER, "The service said so"),
    (Source.SEEN, "I saw it myself"),
    (Source.TOLD, "Another worker said so"),
    (NotStarted.DECLINED_BY_SERVICE, "The service could not take them on"),
    (NotStarted.NOT_ELIGIBLE, "They are not eligible"),
    (NotStarted.NO_CAPACITY, "The service has no room"),
    (NotStarted.COULD_NOT_REACH, "The service could not reach the family"),
    (NotStarted.CHOSE_SOMETHING_ELSE, "The family chose something else"),
    (NotStarted.NO_LONGER_NEEDED, "It is no longer needed"),
    (NotStarted.TRAVEL, "Travel takes too long or costs too much"),
    (NotStarted.LANGUAGE, "It is not offered in a language they use"),
    (NotStarted.NOT_SAFE, "It is not safe to attend"),
    (NotStarted.WITHDRAWN, "We withdrew it"),
    (NeedNow.ANOTHER_SERVICE, "Another service will be suggested"),
    (NeedNow.ANOTHER_ROUTE, "It will be met another way"),
    (NeedNow.FAMILY_MANAGING, "The family is managing"),
    (NeedNow.NOT_MET, "It cannot be met"),
    (EndedHow.COMPLETED, "It was completed"),
    (EndedHow.EARLY, "It ended early"),
    (Helped.MET, "It did all that was hoped for"),
    (Helped.BETTER, "Better, and not all that was hoped for"),
    (Helped.SAME, "No different"),
    (Helped.WORSE, "Worse"),
    (CheckOutcome.HAPPENED, "Yes, it started"),
    (CheckOutcome.NOT_YET, "Not yet"),
    (CheckOutcome.NO_ANSWER, "No answer"),
    (CheckOutcome.WILL_NOT, "It will not happen"),
    (CheckOutcome.GONE_ON, "Answered by what was recorded since"),
    (Method.CALL, "Call"),
    (Method.TEXT, "Text"),
    (Method.VISIT, "Visit"),
    (Method.EMAIL, "Email"),
    (Method.LETTER, "Letter"),
    (Method.MEETING, "Meeting"),
    (LinkWay.EMAIL, "By email"),
    (LinkWay.TEXT, "By text message"),
    (LinkWay.PRINT, "On paper, to hand over"),
    (Escalation.SOCIAL_CARE_MANAGER, "{social_care_manager}"),
    (Escalation.EARLY_HELP_MANAGER, "{early_help_manager}"),
)

# How somebody who checked an action knows what changed, as history says it of them.
KNOWN_BY: Mapping[Source, str] = {
    Source.SEEN: "They saw it themselves",
    Source.FAMILY: "The family said so",
    Source.PROVIDER: "The service said so",
    Source.TOLD: "Another worker said so",
}
# How somebody told what another person recorded for them.
TOLD_HOW: Mapping[Method, str] = {
    Method.CALL: "by phone",
    Method.TEXT: "by text",
    Method.VISIT: "at a visit",
    Method.EMAIL: "by email",
    Method.LETTER: "by letter",
    Method.MEETING: "at a meeting",
}
AT_MEETING = "The meeting looked at it together"
