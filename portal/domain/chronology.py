"""What a family's history is about, line by line: the subjects it can be narrowed to."""

import enum
from collections.abc import Mapping

from portal.domain.event_kinds import E


class Subject(enum.StrEnum):
    CONTACTS = "contacts"
    NOTES = "notes"
    STEP_DOWN = "step_down"
    LEAD_AND_TEAM = "lead_and_team"
    MEETINGS = "meetings"
    PLAN = "plan"
    SUPPORT = "support"
    PEOPLE = "people"
    AGREEMENT = "agreement"
    RECORD = "record"


WORDS: Mapping[Subject, str] = {
    Subject.CONTACTS: "Visits and calls",
    Subject.NOTES: "Notes",
    Subject.STEP_DOWN: "{Step_down} and social work",
    Subject.LEAD_AND_TEAM: "{Lead_professional}, {coordinator} and {team}",
    Subject.MEETINGS: "Meetings",
    Subject.PLAN: "{Plan}, {need:many} and {action:many}",
    Subject.SUPPORT: "Support and checks",
    Subject.PEOPLE: "People and home",
    Subject.AGREEMENT: "Agreement and sharing",
    Subject.RECORD: "Corrections and changes of dates",
}
# By how the key of an event begins; a kind whose beginning is not here has no subject, which a test refuses.
_BEGINS: Mapping[str, Subject] = {
    "contact": Subject.CONTACTS,
    "note": Subject.NOTES,
    "step_down": Subject.STEP_DOWN,
    "outstanding": Subject.STEP_DOWN,
    "social_work": Subject.STEP_DOWN,
    "holder": Subject.STEP_DOWN,
    "decision": Subject.STEP_DOWN,
    "lead": Subject.LEAD_AND_TEAM,
    "cover": Subject.LEAD_AND_TEAM,
    "coordinator": Subject.LEAD_AND_TEAM,
    "team": Subject.LEAD_AND_TEAM,
    "agreement": Subject.LEAD_AND_TEAM,
    "meeting": Subject.MEETINGS,
    "episode": Subject.PLAN,
    "plan": Subject.PLAN,
    "need": Subject.PLAN,
    "action": Subject.PLAN,
    "referral": Subject.SUPPORT,
    "check": Subject.SUPPORT,
    "link": Subject.SUPPORT,
    "family": Subject.PEOPLE,
    "person": Subject.PEOPLE,
    "home": Subject.PEOPLE,
    "relation": Subject.PEOPLE,
    "responsibility": Subject.PEOPLE,
    "pregnancy": Subject.PEOPLE,
    "death": Subject.PEOPLE,
    "safe_contact": Subject.PEOPLE,
    "keep_apart": Subject.PEOPLE,
    "confidential": Subject.PEOPLE,
    "engagement": Subject.AGREEMENT,
    "sharing": Subject.AGREEMENT,
    "clearance": Subject.AGREEMENT,
    "conflict": Subject.AGREEMENT,
    "emergency": Subject.AGREEMENT,
    "line": Subject.RECORD,
    "words": Subject.RECORD,
    "standard": Subject.RECORD,
    "change": Subject.RECORD,
    "reminder": Subject.RECORD,
    "retention": Subject.RECORD,
    "merge": Subject.RECORD,
}


def subject_of(kind: E) -> Subject:
    """Raises LookupError for a kind that was given no subject."""
    return _BEGINS[kind.value.partition(".")[0]]


def kinds_of(subject: Subject) -> frozenset[E]:
    """Every kind of line about a subject."""
    return frozenset(kind for kind in E if subject_of(kind) is subject)
