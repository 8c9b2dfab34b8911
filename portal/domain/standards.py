"""Practice standards: every default limit with its name, unit and source. Code holds no number elsewhere."""

import enum
from collections.abc import Mapping
from dataclasses import dataclass

from portal.domain.dates import counted


class Unit(enum.StrEnum):
    WORKING_DAYS = "working_days"
    CALENDAR_DAYS = "calendar_days"
    WEEKS = "weeks"
    COUNT = "count"
    YEARS = "years"


class Standard(enum.StrEnum):
    PROPOSE = "step_down.propose"
    DECIDE = "step_down.decide"
    LEAD_ACCEPTED = "step_down.lead_accepted"
    MEETING = "step_down.meeting"
    COMPLETE = "step_down.complete"
    ANSWER_DECLINE = "step_down.answer_decline"
    QUESTIONS = "step_down.questions"
    AFTER_NO = "step_down.after_no"
    AFTER_UNIVERSAL = "step_down.after_universal"
    NAME_HOLDER = "step_down.name_holder"
    LEAD_ANSWER = "lead.answer"
    LEAD_DECLINES = "lead.declines"
    LEAD_MISSING = "lead.missing"
    LEAD_DECIDE = "lead.decide"
    CLOSURE_LENGTH = "closure.length"
    CLOSURE_NOTICE = "closure.notice"
    CAPACITY = "lead.capacity"
    FIRST_VISIT = "lead.first_visit"
    FIRST_TEAM = "team.first"
    FIRST_TEAM_AFTER = "team.first_after_completion"
    TEAM_REVIEW = "team.review"
    TEAM_REVIEW_MAX = "team.review_max"
    FIRST_TEAM_LATE = "team.first_late"
    TEAM_REVIEW_LATE = "team.review_late"
    SIGNPOSTED = "referral.signposted"
    SENT = "referral.sent"
    ACCEPTED = "referral.accepted"
    WAITING = "referral.waiting"
    BOOKED = "referral.booked"
    STARTED = "referral.started"
    RETRY = "check.retry"
    PUT_OFF = "check.put_off"
    ESCALATE = "check.escalate"
    ESCALATE_STEP_DOWN = "check.escalate_step_down"
    REMIND = "check.remind"
    DUE_SOON = "digest.due_soon"
    LATE = "digest.late"
    LATE_AGAIN = "digest.late_again"
    SOCIAL_CARE_REACH = "reach.social_care"
    SHARING_WARNED = "sharing.warned"
    SHARING_WARNED_AGAIN = "sharing.warned_again"
    SHARING_EXTENSION = "sharing.extension"
    CONTACT_BEFORE = "contact.before_known"
    MEETING_BEFORE = "meeting.before_arranged"
    CHILD_DECIDES = "agreement.child_decides"
    LINK_FROM = "link.from_age"
    RETENTION_CLOSED = "retention.after_closing"
    RETENTION_AGE = "retention.youngest"


@dataclass(frozen=True)
class Default:
    amount: int
    unit: Unit
    source: str


_DESIGN = "Design of the portal; no published figure found"
DEFAULTS: dict[Standard, Default] = {
    Standard.PROPOSE: Default(2, Unit.WORKING_DAYS, _DESIGN),
    Standard.DECIDE: Default(5, Unit.WORKING_DAYS, "Weekly panels are common"),
    Standard.LEAD_ACCEPTED: Default(10, Unit.WORKING_DAYS, _DESIGN),
    Standard.MEETING: Default(15, Unit.WORKING_DAYS, _DESIGN),
    Standard.COMPLETE: Default(20, Unit.WORKING_DAYS, _DESIGN),
    Standard.ANSWER_DECLINE: Default(3, Unit.WORKING_DAYS, _DESIGN),
    Standard.QUESTIONS: Default(3, Unit.COUNT, _DESIGN),
    Standard.AFTER_NO: Default(4, Unit.WEEKS, _DESIGN),
    Standard.AFTER_UNIVERSAL: Default(4, Unit.WEEKS, _DESIGN),
    Standard.NAME_HOLDER: Default(2, Unit.WORKING_DAYS, _DESIGN),
    Standard.LEAD_ANSWER: Default(3, Unit.WORKING_DAYS, _DESIGN),
    Standard.LEAD_DECLINES: Default(2, Unit.COUNT, _DESIGN),
    Standard.LEAD_MISSING: Default(10, Unit.WORKING_DAYS, _DESIGN),
    Standard.LEAD_DECIDE: Default(3, Unit.WORKING_DAYS, _DESIGN),
    Standard.CLOSURE_LENGTH: Default(5, Unit.WORKING_DAYS, _DESIGN),
    Standard.CLOSURE_NOTICE: Default(10, Unit.WORKING_DAYS, _DESIGN),
    Standard.CAPACITY: Default(365, Unit.CALENDAR_DAYS, _DESIGN),
    Standard.FIRST_VISIT: Default(10, Unit.WORKING_DAYS, _DESIGN),
    Standard.FIRST_TEAM: Default(42, Unit.CALENDAR_DAYS, "Lewisham: within six weeks of the decision"),
    Standard.FIRST_TEAM_AFTER: Default(15, Unit.WORKING_DAYS, "Buckinghamshire: usually within three weeks"),
    Standard.TEAM_REVIEW: Default(6, Unit.WEEKS, "The most common published interval"),
    Standard.TEAM_REVIEW_MAX: Default(12, Unit.WEEKS, "The usual outer limit"),
    Standard.FIRST_TEAM_LATE: Default(1, Unit.CALENDAR_DAYS, _DESIGN),
    Standard.TEAM_REVIEW_LATE: Default(10, Unit.WORKING_DAYS, _DESIGN),
    Standard.SIGNPOSTED: Default(5, Unit.WORKING_DAYS, _DESIGN),
    Standard.SENT: Default(5, Unit.WORKING_DAYS, _DESIGN),
    Standard.ACCEPTED: Default(10, Unit.WORKING_DAYS, _DESIGN),
    Standard.WAITING: Default(20, Unit.WORKING_DAYS, _DESIGN),
    Standard.BOOKED: Default(2, Unit.WORKING_DAYS, _DESIGN),
    Standard.STARTED: Default(6, Unit.WEEKS, _DESIGN),
    Standard.RETRY: Default(5, Unit.WORKING_DAYS, _DESIGN),
    Standard.PUT_OFF: Default(12, Unit.WEEKS, _DESIGN),
    Standard.ESCALATE: Default(3, Unit.COUNT, _DESIGN),
    Standard.ESCALATE_STEP_DOWN: Default(2, Unit.COUNT, _DESIGN),
    Standard.REMIND: Default(5, Unit.WORKING_DAYS, _DESIGN),
    Standard.DUE_SOON: Default(3, Unit.WORKING_DAYS, _DESIGN),
    Standard.LATE: Default(3, Unit.WORKING_DAYS, _DESIGN),
    Standard.LATE_AGAIN: Default(8, Unit.WORKING_DAYS, _DESIGN),
    Standard.SOCIAL_CARE_REACH: Default(30, Unit.CALENDAR_DAYS, _DESIGN),
    Standard.SHARING_WARNED: Default(60, Unit.CALENDAR_DAYS, _DESIGN),
    Standard.SHARING_WARNED_AGAIN: Default(30, Unit.CALENDAR_DAYS, _DESIGN),
    Standard.SHARING_EXTENSION: Default(30, Unit.CALENDAR_DAYS, _DESIGN),
    # Social care may have visited for some months before it wrote the family down; a slip of the year is further back.
    Standard.CONTACT_BEFORE: Default(183, Unit.CALENDAR_DAYS, _DESIGN),
    # Brought forward by word of mouth, a meeting is held some days earlier than it was arranged for; hardly more.
    Standard.MEETING_BEFORE: Default(28, Unit.CALENDAR_DAYS, _DESIGN),
    Standard.CHILD_DECIDES: Default(5, Unit.YEARS, _DESIGN),
    # Nobody sits beside whoever opens a link: more is asked of a child than where a worker judges what it decides.
    Standard.LINK_FROM: Default(13, Unit.YEARS, "The age for online services, Data Protection Act 2018, section 9"),
    # Both have to have passed.
    Standard.RETENTION_CLOSED: Default(6, Unit.YEARS, "Published schedules of councils"),
    Standard.RETENTION_AGE: Default(25, Unit.YEARS, "Published schedules of councils"),
}

# What each is called on the page where the council changes it; a row for every standard.
NAMES: Mapping[Standard, str] = {
    Standard.PROPOSE: "Send {step_down:a} after the decision",
    Standard.DECIDE: "Accept {step_down:a}, or say why not, after the decision",
    Standard.LEAD_ACCEPTED: "Have {lead_professional:a} who accepted, after the decision",
    Standard.MEETING: "Hold the {step_down_meeting} after the decision",
    Standard.COMPLETE: "Complete {step_down:a} after the decision",
    Standard.ANSWER_DECLINE: "Say what happens now, after {step_down:a} was not accepted",
    Standard.QUESTIONS: "Questions about {step_down:a} before both managers are told",
    Standard.AFTER_NO: "Check how things are, after a {family} said no",
    Standard.AFTER_UNIVERSAL: "Check how things are, after {step_down:a} to universal services",
    Standard.NAME_HOLDER: "Say who holds a {family}, after social work closed early",
    Standard.LEAD_ANSWER: "Answer whether one will lead, after being asked",
    Standard.LEAD_DECLINES: "People who say no before no {lead_professional} counts as found",
    Standard.LEAD_MISSING: "Time without {lead_professional:a} before none counts as found",
    Standard.LEAD_DECIDE: "Decide what happens where no {lead_professional} is found",
    Standard.CLOSURE_LENGTH: "Shortest closure of an organisation for which cover is asked",
    Standard.CLOSURE_NOTICE: "Ask for cover before an organisation closes",
    Standard.CAPACITY: "How far back it is counted who could not lead",
    Standard.FIRST_VISIT: "First visit of {lead_professional:a}, after accepting",
    Standard.FIRST_TEAM: "Hold the {first_team_meeting} after the decision",
    Standard.FIRST_TEAM_AFTER: "Hold the {first_team_meeting} after completion",
    Standard.TEAM_REVIEW: "Next meeting of the {team}, after the last one held",
    Standard.TEAM_REVIEW_MAX: "Longest time between two meetings without a reason",
    Standard.FIRST_TEAM_LATE: "Tell the {early_help_manager} that the {first_team_meeting} is late, after its limit",
    Standard.TEAM_REVIEW_LATE: "Tell the {early_help_manager} that a review is late, after its limit",
    Standard.SIGNPOSTED: "Check on support that was only suggested",
    Standard.SENT: "Check whether the service has been in touch, after {support_referral:a} was sent",
    Standard.ACCEPTED: "Check whether the family has been met, after the service accepted",
    Standard.WAITING: "Check on a family that is on a waiting list, and again",
    Standard.BOOKED: "Check whether support began, after the day it was booked for",
    Standard.STARTED: "Check whether support that started is still going",
    Standard.RETRY: "Try again where nobody answered",
    Standard.PUT_OFF: "How long a check can be put off for at once",
    Standard.ESCALATE: "Tries without an answer before a manager is told",
    Standard.ESCALATE_STEP_DOWN: "Tries without an answer before a manager is told, during {step_down:a}",
    Standard.REMIND: "Remind a {family} of its link, once, where nobody answered",
    Standard.DUE_SOON: "Tell its owner that {action:a} or {follow_up_check:a} will be due, before it is",
    Standard.LATE: "Tell its owner that {action:a} or {follow_up_check:a} is overdue",
    Standard.LATE_AGAIN: "Tell its owner that it is still overdue, for the last time, and the {coordinator} too",
    Standard.SOCIAL_CARE_REACH: "How long social care still sees a {family} after its work there ended",
    Standard.SHARING_WARNED: "Say that a sharing agreement ends, before its last day",
    Standard.SHARING_WARNED_AGAIN: "Say it again, before its last day",
    Standard.SHARING_EXTENSION: "How long a sharing agreement can be extended for at once",
    Standard.CONTACT_BEFORE: "How long before a {family} was known a contact can lie without being asked about",
    Standard.CHILD_DECIDES: "Age from which nobody is asked whether a child really decides for themselves",
    Standard.LINK_FROM: "Age from which a child can be asked by a link of their own",
    Standard.MEETING_BEFORE: "How much earlier than arranged a meeting can be held without being asked about",
    Standard.RETENTION_CLOSED: "How long a record is kept after the last that was done for the {family}",
    Standard.RETENTION_AGE: "Age of the youngest until which a record is kept",
}
LEAST, MOST = 1, 400
_UNIT_WORDS = {
    Unit.WORKING_DAYS: ("working day", "working days"),
    Unit.CALENDAR_DAYS: ("calendar day", "calendar days"),
    Unit.WEEKS: ("week", "weeks"),
    Unit.COUNT: ("time", "times"),
    Unit.YEARS: ("year", "years"),
}


def length(amount: int, unit: Unit) -> str:
    """3 working days, 1 week, 2 times."""
    return counted(amount, *_UNIT_WORDS[unit])
