"""What administrators change: each change by its kind, in a line for people, with what stood before and after."""

import enum
from collections.abc import Mapping
from typing import Any

from portal.domain.contacts import CONTACTS


class Act(enum.StrEnum):
    """A change that somebody made to the portal itself, and to no family."""

    PERSON_ADDED = "person.added"
    INVITED = "person.invited"
    INVITED_AGAIN = "person.invited_again"
    INVITATION_WITHDRAWN = "person.invitation_withdrawn"
    PERSON_CHANGED = "person.changed"
    PERSON_CLOSED = "person.closed"
    PERSON_OPENED = "person.opened"
    SIGNED_OUT = "person.signed_out"
    FACTOR_ASKED = "factor.asked"
    FACTOR_CONFIRMED = "factor.confirmed"
    FACTOR_WITHDRAWN = "factor.withdrawn"
    SENT_AGAIN = "messages.sent_again"
    ORGANISATION_ADDED = "organisation.added"
    ORGANISATION_CHANGED = "organisation.changed"
    ORGANISATION_RETIRED = "organisation.retired"
    ORGANISATION_BACK = "organisation.back"
    TEAM_ADDED = "team.added"
    AGREEMENT_ADDED = "agreement.added"
    AGREEMENT_CHANGED = "agreement.changed"
    AGREEMENT_ENDED = "agreement.ended"
    DAYS_CLOSED = "days.closed"
    DAYS_OPENED = "days.opened"
    WORD_CHANGED = "word.changed"
    WORD_RESET = "word.reset"
    CONTACTS_CHANGED = "contacts.changed"


# “Ada Administrator changed the account of Pat Partner”: who did it stands before, what it is about in the gap.
LINES: Mapping[Act, str] = {
    Act.PERSON_ADDED: "added {}",
    Act.INVITED: "invited {}",
    Act.INVITED_AGAIN: "invited {} again",
    Act.INVITATION_WITHDRAWN: "withdrew the invitation of {}",
    Act.PERSON_CHANGED: "changed the account of {}",
    Act.PERSON_CLOSED: "closed the account of {}",
    Act.PERSON_OPENED: "opened the account of {} again",
    Act.SIGNED_OUT: "signed {} out everywhere",
    Act.FACTOR_ASKED: "asked that {} sets up codes anew",
    Act.FACTOR_CONFIRMED: "confirmed that {} sets up codes anew",
    Act.FACTOR_WITHDRAWN: "withdrew that {} sets up codes anew",
    Act.SENT_AGAIN: "sent {} again",
    Act.ORGANISATION_ADDED: "added {}",
    Act.ORGANISATION_CHANGED: "changed what is known of {}",
    Act.ORGANISATION_RETIRED: "retired {}",
    Act.ORGANISATION_BACK: "brought {} back",
    Act.TEAM_ADDED: "added a social care team to {}",
    Act.AGREEMENT_ADDED: "added a sharing agreement with {}",
    Act.AGREEMENT_CHANGED: "changed the sharing agreement with {}",
    Act.AGREEMENT_ENDED: "ended the sharing agreement with {}",
    Act.DAYS_CLOSED: "added closed days: {}",
    Act.DAYS_OPENED: "took out closed days: {}",
    Act.WORD_CHANGED: "changed the council’s words for “{}”",
    Act.CONTACTS_CHANGED: "changed the council’s {}",
    Act.WORD_RESET: "went back to the portal’s own words for “{}”",
}
# What a column is called where its change is told.
FIELDS: Mapping[str, str] = {
    "name": "Name",
    "email": "Email address",
    "phone": "Phone",
    "job": "Job",
    "organisation": "Organisation",
    "roles": "What they do here",
    "team": "Social care team",
    "messages": "Numbers of the messages",
    "kind": "Kind",
    "contact": "Whom to ask",
    "starts_on": "First day",
    "ends_on": "Last day",
    "review_on": "To be reviewed by",
    "document": "Document",
    "one": "One",
    "many": "Several",
    "a": "With “a” or “an”",
    **{key: contact.name for key, contact in CONTACTS.items()},
}
NOTHING = "nothing"
A_NUMBER, ANOTHER = "a number", "another number"


def line(done: Act, who: str, about: str) -> str:
    return f"{who} {LINES[done].format(about)}"


def differing(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Of both only what is not the same."""
    names = [name for name in after if before.get(name) != after[name]]
    return {name: before.get(name) for name in names}, {name: after[name] for name in names}


def without_number(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """That a person's own number is another one now, and not which: it lies sealed, and what is told here for good
    does not."""
    if "phone" not in after:
        return dict(before), dict(after)
    was = A_NUMBER if before["phone"] else None
    now = None if not after["phone"] else ANOTHER if was else A_NUMBER
    return {**before, "phone": was}, {**after, "phone": now}


def told(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> list[str]:
    """Name: from Pat Partner to Pat Partridge"""
    before, after = before or {}, after or {}
    return [
        f"{FIELDS.get(name, name)}: from {_said(before.get(name))} to {_said(after.get(name))}"
        for name in dict.fromkeys([*before, *after])
    ]


def _said(value: Any) -> str:
    return str(value) if value not in (None, "") else NOTHING
