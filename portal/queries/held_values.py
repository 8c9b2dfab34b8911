"""What a column of the record is called and says to somebody who reads a copy of it."""

import enum
from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import inspect

from portal.domain.dates import full, moment
from portal.domain.ethnicity import ETHNICITIES
from portal.domain.wording import STATES

Model = type[Any]
# Numbers and marks by which the portal works, which say nothing of anybody.
NOT_TOLD = frozenset(
    {
        *("id", "family_id", "version", "name_key", "edits", "is_open", "sent", "revision_id", "event_id", "sequence"),
        "postcode_mark",
    }
)
# What could harm the person or somebody else: by table and column, or by column alone.
COULD_HARM = frozenset(
    {
        *("safe_contact.note", "safe_contact.never_contact", "safe_because", "shared_despite", "not_asked"),
        *("risks", "contingency", "step_up_triggers", "concerns_safety", "restricted", "support_referral.safe_contact"),
    }
)
# Somebody's name or words as they were typed: who told us something may be anybody.
SOMEBODY = frozenset(
    {
        *("told_by", "started_told_by", "confirmed_told_by", "agreed_told_by", "person_name", "watcher_name"),
        *("watcher_contact", "holder_name", "person_text", "share_agreed_by_text", "outside_name", "asked_by"),
        *("team_member.contact", "preferred_lead", "meeting.asked_by"),
    }
)
_CALLED: Mapping[str, str] = {
    "given_name": "Given name",
    "family_name": "Family name",
    "upn": "Unique pupil number",
    "nhs_number": "NHS number",
    "disability_or_send": "Disability, or special educational needs",
    "health_contact": "GP or health visitor",
    "social_worker_id": "{Social_worker}",
    "step_down_id": "{Step_down}",
    "plan_need_id": "Need",
    "plan_action_id": "{Action}",
    "is_step_down": "{Step_down_meeting}",
    "is_first_team": "{First_team_meeting}",
    "is_review": "Review",
    "by_phone": "May be rung",
    "by_text": "May be sent texts",
    "by_email": "May be sent emails",
    "by_post": "May be sent letters",
    "never_contact": "Must never be contacted",
    "other_id": "Other person",
    "user_id": "Who",
    "who_stays": "Who should go on seeing it",
    "granted": "Agreed to",
    "member_id": "Who",
    "lead_needed": "{Lead_professional} needed",
    "preferred_lead": "Preferred {lead_professional}",
    "what_now": "What happens now",
    "need_now": "What happens to the need",
    "on": "Date",
    "from_on": "From",
    "to_on": "To",
    "until_on": "Until",
    "why": "Why",
    "rater": "Who said it",
    "value": "From 0 to 10",
}
# In a bundle, words of the portal's own.
_KEYWORDS = frozenset({"headline", "state"})


class Column(NamedTuple):
    """A column that is told: its key on the row, what it is called, the table it points to, if any."""

    key: str
    called: str
    target: str | None
    could_harm: bool
    somebody: bool


@cache
def columns(model: Model) -> tuple[Column, ...]:
    """Those of a table that say something of somebody."""
    mapper = inspect(model)
    keys = {attribute.key for attribute in mapper.column_attrs}
    found = []
    for attribute in mapper.column_attrs:
        # What lies sealed is read by the name it would have if it did not.
        key, (column,) = attribute.key.removesuffix("_sealed"), attribute.columns
        named_beside = key.endswith("_id") and f"{key.removesuffix('_id')}_name" in keys
        if key in NOT_TOLD or named_beside or key.endswith("_hash"):
            continue
        target = next((each.column.table.name for each in column.foreign_keys), None)
        asked = {key, f"{column.table.name}.{key}"}
        found.append(Column(key, called(key), target, bool(asked & COULD_HARM), bool(asked & SOMEBODY)))
    return tuple(found)


def called(key: str) -> str:
    """started_told_by: Started told by"""
    if key in _CALLED:
        return _CALLED[key]
    words = key.removesuffix("_id").removesuffix("_name").replace("_", " ")
    return words[:1].upper() + words[1:]


def value(key: str, given: Any) -> str:
    """In words; nothing where nothing is held."""
    if given is None or given in ("", [], {}):
        return ""
    if key == "ethnicity":
        return ETHNICITIES.get(given, str(given))
    for kind, words in _WORDS:
        if isinstance(given, kind):
            return words(given)
    return str(given)


def _word(given: enum.Enum) -> str:
    try:
        return STATES[given].words
    except LookupError:
        words = str(given.value).replace("_", " ").replace(".", ": ")
        return words[:1].upper() + words[1:]


def _flat(given: Any, key: str = "") -> list[str]:
    """Whatever was kept as a bundle, a line for each thing in it."""
    if isinstance(given, dict):
        told = ((name, each) for name, each in given.items() if name not in NOT_TOLD)
        return [
            line if isinstance(each, dict | list) else f"{called(name)}: {line}"
            for name, each in told
            for line in _flat(each, name)
        ]
    if isinstance(given, list):
        return [line for each in given for line in _flat(each, key)]
    if given is None:
        return []
    return [str(given).replace("_", " ").capitalize() if key in _KEYWORDS else str(given)]


# A moment is a day too, and a word of the portal's a text: the first that fits tells.
_WORDS: tuple[tuple[Any, Callable[[Any], str]], ...] = (
    (bool, lambda given: "Yes" if given else "No"),
    (enum.Enum, _word),
    (datetime, moment),
    (date, full),
    (dict | list, lambda given: "\n".join(_flat(given))),
)
