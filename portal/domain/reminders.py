"""Reminders that a person presses: of what, how often, and why somebody gets none."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import timedelta

from portal.domain.dates import all_of, counted
from portal.domain.event_kinds import E

# As many as stand on one list.
MOST = 200
# The same thing is not brought to mind again before this has passed.
AGAIN_AFTER = timedelta(days=1)
LINES_OF: Mapping[str, E] = {"A": E.ACTION_REMINDED, "C": E.CHECK_REMINDED}
REMINDED = frozenset(LINES_OF.values())
# They change nothing about the thing: what was changed before them can still be undone.
CHANGES_NOTHING = REMINDED | {E.REMINDER_TAKEN_BACK}
# Under this name a line of history keeps which click sent it: they are taken back together.
CLICK = "click"
NOBODY_CHOSEN = "Select what to send reminders of"
TOO_MANY = f"Reminders can be sent of {MOST} at a time. Select fewer"
TOO_LATE = "Reminders can be taken back for ten minutes, and they have passed, or they were taken back already."
NOT_THERE, NOT_YOURS, NOT_WAITING, OWN = "not found", "not yours to remind of", "waits for nobody now", "yours"
_REF = re.compile("([AC])-([1-9][0-9]{0,8})", re.ASCII)


def numbers_in(refs: Iterable[str]) -> dict[str, list[int]]:
    """The numbers that references hold, by their letter; what is no reference of an action or check is left out."""
    found: dict[str, list[int]] = {letter: [] for letter in LINES_OF}
    for match in map(_REF.fullmatch, dict.fromkeys(refs)):
        if match:
            found[match[1]].append(int(match[2]))
    return found


def reminded(when: str) -> str:
    return f"reminded {when}"


def ring(who: str, phone: str | None) -> str:
    """Whoever cannot be written to is rung."""
    return f"ring {who}, {phone}" if phone else f"ring {who}"


def sent_words(people: Iterable[str], not_sent: Mapping[str, str]) -> str:
    """Reminders sent to 3 people. Not sent: A-7 (yours), A-9 and C-4 (reminded today)"""
    names = list(people)
    whom = names[0] if len(names) == 1 else counted(len(names), "person", "people")
    left = f". Not sent: {_reasons(not_sent)}" if not_sent else ""
    return f"{'Reminder' if len(names) == 1 else 'Reminders'} sent to {whom}{left}"


def can_be_taken_back(refs: Sequence[str], people: Collection[str]) -> str:
    """You sent 3 reminders to 2 people: A-7, A-9 and C-4"""
    whom = next(iter(people)) if len(people) == 1 else counted(len(people), "person", "people")
    return f"You sent {'a reminder' if len(refs) == 1 else f'{len(refs)} reminders'} to {whom}: {all_of(refs)}"


def nothing_sent_words(not_sent: Mapping[str, str]) -> str:
    return f"No reminder was sent: {_reasons(not_sent)}"


def _reasons(not_sent: Mapping[str, str]) -> str:
    """The references that share a reason stand together."""
    by_reason: dict[str, list[str]] = {}
    for ref, why in not_sent.items():
        by_reason.setdefault(why, []).append(ref)
    return ", ".join(f"{all_of(refs)} ({why})" for why, refs in by_reason.items())
