"""What a digest says: only initials, references and dates."""

from collections.abc import Mapping
from datetime import date

from portal.domain.dates import Calendar, counted, due_words, near, short
from portal.domain.digests import Often
from portal.domain.notice_words import initials
from portal.domain.words import Word, say

WHEN: Mapping[Often, str] = {
    Often.DAILY: "It comes at 8am on working days",
    Often.WEEKLY: "It comes at 8am on Mondays, or on the next working day",
}
WHY: Mapping[Often, str] = {
    Often.DAILY: f"you are {{coordinator:a}}. {WHEN[Often.DAILY]}, if there is anything to tell",
    Often.WEEKLY: f"you work with families here. {WHEN[Often.WEEKLY]}, if there is anything to tell",
}
EMPTY = "There was nothing to tell them"


def head(due: int, new: int, today: date) -> str:
    """The subject line: 2 due, 1 new: Monday 12 October"""
    counts = [words for number, words in ((due, f"{due} due"), (new, f"{new} new")) if number]
    return f"{', '.join(counts)}: {near(today, today)}"


# What a reference is one of.
KINDS: Mapping[str, str] = {"A": "{Action}", "C": "{Follow_up_check}"}


def named(ref: str, words: Mapping[str, Word]) -> str:
    """Action A-7"""
    return f"{say(KINDS[ref.partition('-')[0]], words)} {ref}"


def own(ref: str, which: str, when: str) -> str:
    """Action A-7, of F-12 (O): 3 working days overdue, since 5 October"""
    return f"{ref}, of {which}: {when}"


def others(ref: str, which: str, who: str, when: str) -> str:
    """Action A-7, of F-12 (O), with PP, Hillside Primary School: 8 working days overdue, since 5 October"""
    return f"{ref}, of {which}, with {who}: {when}"


def ring(ref: str, which: str, who: str, when: str) -> str:
    """Ring OO, Housing Office, about A-7, of F-12 (O): due today"""
    return f"Ring {who}, about {ref}, of {which}: {when}"


def restricted(number: int) -> str:
    """3 restricted families: is each still to be restricted, and does everybody who is cleared need to see it?"""
    many = counted(number, "restricted {family}", "restricted {family:many}")
    return f"{many}: is each still to be restricted, and does everybody who is cleared still need to see it?"


def opened(number: int) -> str:
    """2 families were opened in an emergency, and nobody has looked into it yet"""
    were = counted(number, "{family} was", "{family:many} were")
    return f"{were} opened in an emergency, and nobody has looked into it yet"


def who(name: str, organisation: str | None) -> str:
    """PP, Hillside Primary School"""
    return ", ".join(part for part in (initials(name), organisation) if part)


def when(due_on: date, today: date, days: Calendar) -> str:
    """due in 3 working days, on 12 October"""
    due, words = days.due(due_on), due_words(due_on, today, days)
    if due == today or words.endswith(short(due, today)):
        return words
    return f"{words}, {'since' if due < today else 'on'} {short(due, today)}"
