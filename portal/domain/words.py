"""The council's own words for concepts: shipped labels, and how a sentence takes them in."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

_SLOT = re.compile(r"\{(?P<key>[a-zA-Z_]+)(?::(?P<form>one|many|a))?\}")


@dataclass(frozen=True)
class Word:
    """A concept's label: "lead professional", "lead professionals", "a lead professional"."""

    one: str
    many: str
    a: str


class Words(dict[str, Word]):
    """The labels of one council as they stand. Not to be changed: what was said with them is remembered."""

    __hash__ = object.__hash__  # type: ignore[assignment]  # by which they are, not by what they hold


# The headline outcomes of a need, and each as a sentence names it in passing.
_OUTCOMES = {
    "education": ("Getting a good education", "education"),
    "early_years": ("Good early years development", "early years"),
    "health": ("Improved mental and physical health", "health"),
    "substance_use": ("Better managed substance use", "substance use"),
    "relationships": ("Improved family relationships", "family relationships"),
    "safe_from_abuse": ("Children safe from abuse and exploitation", "safety from abuse"),
    "crime": ("Families diverted from crime", "staying out of crime"),
    "domestic_abuse": ("Safe from domestic abuse", "safety from domestic abuse"),
    "housing": ("Secure housing", "housing"),
    "finance": ("Financial stability", "money"),
}


def _always(label: str) -> Word:
    return Word(label, label, label)


SHIPPED: Mapping[str, Word] = {
    "family": Word("family", "families", "a family"),
    "step_down": Word("step-down", "step-downs", "a step-down"),
    "step_down_meeting": Word("step-down meeting", "step-down meetings", "a step-down meeting"),
    "team": Word("team around the family", "teams around the family", "a team around the family"),
    "first_team_meeting": Word("first team meeting", "first team meetings", "a first team meeting"),
    "lead_professional": Word("lead professional", "lead professionals", "a lead professional"),
    "coordinator": Word("early help coordinator", "early help coordinators", "an early help coordinator"),
    "social_worker": Word("social worker", "social workers", "a social worker"),
    "social_care_manager": Word("social care manager", "social care managers", "a social care manager"),
    "early_help": Word("early help", "early help", "early help"),
    "early_help_manager": Word("early help manager", "early help managers", "an early help manager"),
    "plan": Word("action plan", "action plans", "an action plan"),
    "action": Word("action", "actions", "an action"),
    "need": Word("need", "needs", "a need"),
    "support_referral": Word("support referral", "support referrals", "a support referral"),
    "follow_up_check": Word("follow-up check", "follow-up checks", "a follow-up check"),
    "front_door": Word("front door", "front doors", "a front door"),
    **{f"outcome_{key}": _always(label) for key, (label, _) in _OUTCOMES.items()},
    **{f"short_{key}": _always(short) for key, (_, short) in _OUTCOMES.items()},
}


def say(text: str, words: Mapping[str, Word]) -> str:
    """The sentence with each {concept} replaced: {lead_professional}, {lead_professional:many},
    {lead_professional:a}; a capital first letter, {Lead_professional}, gives a capital. Braces that name
    no concept are left as they stand, so text typed by a person passes through unharmed."""
    if "{" not in text:
        return text
    return _said_before(text, words) if isinstance(words, Words) else _say(text, words)


def _say(text: str, words: Mapping[str, Word]) -> str:
    def put(match: re.Match[str]) -> str:
        key = match["key"]
        word = words.get(key.lower())
        if word is None:
            return match[0]
        label: str = getattr(word, match["form"] or "one")
        return label[:1].upper() + label[1:] if key[:1].isupper() else label

    return _SLOT.sub(put, text)


@lru_cache(maxsize=2048)
def _said_before(text: str, words: Words) -> str:
    return _say(text, words)
