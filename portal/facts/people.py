"""What is recorded about a person, in words: the questions, the answers, and *not known*."""

import enum
from collections.abc import Mapping
from datetime import date
from typing import Any

from portal.domain.dates import full
from portal.domain.ethnicity import ETHNICITIES
from portal.models.families import PersonKind, Sex, YesNo

SEXES: Mapping[Sex, str] = {Sex.FEMALE: "Female", Sex.MALE: "Male", Sex.NOT_KNOWN: "Not known"}
YES_NO: Mapping[YesNo, str] = {YesNo.YES: "Yes", YesNo.NO: "No", YesNo.NOT_KNOWN: "Not known"}
KINDS: Mapping[PersonKind, str] = {PersonKind.CHILD: "A child", PersonKind.ADULT: "An adult"}
NOT_KNOWN = "Not known"
# Column by column what a change is called in the history, in the order in which a page shows them.
QUESTIONS: Mapping[str, str] = {
    "kind": "whether this is a child or an adult",
    "given_name": "the given name",
    "family_name": "the family name",
    "known_as": "the name they like to be called",
    "date_of_birth": "the date of birth",
    "expected_on": "the expected date",
    "sex": "the sex",
    "gender": "the gender",
    "ethnicity": "the ethnicity",
    "language": "the language",
    "interpreter_needed": "whether an interpreter is needed",
    "disability_or_send": "disability or additional needs",
    "school": "the school",
    "health_contact": "the GP or health visitor",
    "social_care_number": "the social care number",
    "nhs_number": "the NHS number",
    "upn": "the unique pupil number",
}
_WORDS: Mapping[str, str] = {
    **{str(sex): words for sex, words in SEXES.items()},
    **{str(answer): words for answer, words in YES_NO.items()},
    **{str(kind): words for kind, words in KINDS.items()},
}


def is_known(value: Any) -> bool:
    return value is not None and value not in (Sex.NOT_KNOWN, YesNo.NOT_KNOWN)


def shown(column: str, value: Any) -> str:
    """An answer as a page and the history show it."""
    if not is_known(value):
        return NOT_KNOWN
    if isinstance(value, date):
        return full(value)
    if isinstance(value, enum.StrEnum):
        return _WORDS[str(value)]
    if column == "ethnicity":
        return ETHNICITIES.get(value, str(value))
    return _spaced(str(value)) if column == "nhs_number" else str(value)


def _spaced(number: str) -> str:
    """943 476 5919, as it stands on letters."""
    return f"{number[:3]} {number[3:6]} {number[6:]}"
