"""What a message says of each line of history: no name, nothing that was typed, only references and initials."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from portal.domain.asking import SAID, Said
from portal.domain.dates import Calendar, all_of, due_words, short
from portal.domain.event_kinds import E
from portal.domain.notices import Notice
from portal.domain.words import Word, say

# {which}: the family's reference and initials; {ref}: the thing's own reference.
SENTENCES: Mapping[E, str] = {
    E.PERSON_DIED: "A death was recorded for {which}",
    E.PREGNANCY_ENDED: "The end of a pregnancy was recorded for {which}",
    E.ENGAGEMENT_RECORDED: "Somebody of {which} asked us to stop",
    E.ENGAGEMENT_FOR: "Somebody of {which} asked us to stop",
    E.COORDINATOR_ASSIGNED: "You are the {coordinator} of {which} now",
    E.FAMILY_RESTRICTED: "{which} was restricted: only people cleared for it see it now",
    E.RESTRICTION_ASKED: "Somebody asks that {which} is restricted: restrict it, or say why not",
    E.RESTRICTION_REFUSED: "It was not agreed that {which} is restricted, as you had asked",
    E.EMERGENCY_OPENED: "{which} was opened in an emergency, {ref}: look into it, and write down what you found",
    E.CONFLICT_RECORDED: "Somebody has a conflict of interest with {which}: see who, and pass on what they held",
    E.MERGE_PROPOSED: "It is proposed that {which} and another record are one {family}: somebody else confirms it",
    E.MERGE_DECLINED: "It was not agreed that {which} and another record are one {family}",
    E.MERGED: "Another record was merged into that of {which}",
    E.MERGE_PARTED: "Another record was taken apart again from that of {which}",
    E.RESTRICTION_LIFTED: "{which} is no longer restricted",
    E.SOCIAL_WORK_CLOSED: "Social work with {which} closed before {early_help} began: nobody holds the {family}",
    E.SOCIAL_WORK_REOPENED: "Social work with {which} was opened again",
    E.HOLDER_NAMED: "You are named to hold {which} for now",
    E.HOLDER_REOPENING_ASKED: "Social work with {which} is asked to be opened again",
    E.STEP_DOWN_AGREED_AS_TOLD: "It was written down that you agreed to send {ref}, of {which}",
    E.STEP_DOWN_PROPOSED: "The {step_down} {ref}, of {which}, waits to be accepted",
    E.STEP_DOWN_ASKED: "The {step_down} {ref}, of {which}, was sent back with a question to you",
    E.STEP_DOWN_REPLIED: "The question about {ref}, of {which}, was answered: it waits to be accepted",
    E.STEP_DOWN_QUESTIONS_TOLD: "Questions about {ref}, of {which}, have gone back and forth several times",
    E.STEP_DOWN_ACCEPTED: "The {step_down} {ref}, of {which}, was accepted",
    E.STEP_DOWN_DECLINED: "The {step_down} {ref}, of {which}, was not accepted: say what happens now",
    E.STEP_DOWN_DECLINE_SETTLED: "It was decided what happens now, after {ref}, of {which}, was not accepted",
    E.STEP_DOWN_FAMILY_SAID_NO: "The {step_down} {ref}, of {which}, ended: the {family} said no or was not reached",
    E.STEP_DOWN_STAY_ASKED: "You are asked to agree that {which} stays with social care, {ref}",
    E.STEP_DOWN_STAYS: "{which} stays with social care, {ref}",
    E.STEP_DOWN_STAYS_AS_DECIDED: "{which} stays with social care, {ref}, as both managers decided",
    E.STEP_DOWN_GOES_ON: "It was not agreed that {which} stays with social care: {ref} goes on",
    E.STEP_DOWN_COMPLETED: "The {step_down} {ref}, of {which}, is complete",
    E.STEP_DOWN_CHILDREN_GO_ON: "The {step_down} {ref}, of {which}, goes on for children who were left out",
    E.STEP_DOWN_REALLOCATED: "Social work with {which} was passed on to you, {ref}",
    E.DECISION_PROPOSED: "You are asked to decide together, {ref}, about {which}",
    E.DECISION_AGREED: "Both managers decided together, {ref}, about {which}",
    E.DECISION_ENDED: "The proposal {ref}, about {which}, was ended",
    E.OUTSTANDING_CARRIED: "{Action:a} of social work with {which} was carried into the {plan} for you",
    E.OUTSTANDING_DROPPED: "An outstanding {action} of {which} was dropped, {ref}",
    E.LEAD_NOMINATED: "You are asked to be the {lead_professional} of {which}",
    E.LEAD_ACCEPTED: "{which} has {lead_professional:a} now",
    E.LEAD_KNOWN: "It was recorded that you lead {which} already",
    E.LEAD_DECLINED: "Who was asked to lead {which} cannot: ask somebody else",
    E.LEAD_WITHDRAWN: "You are no longer asked to be the {lead_professional} of {which}",
    E.LEAD_UNANSWERED: "Who was asked to lead {which} has not answered: ask again, or ask somebody else",
    E.LEAD_LEAVING: "The {lead_professional} of {which} leads until somebody else has accepted",
    E.LEAD_ENDED: "The {lead_professional} of {which} has stopped leading",
    E.LEAD_DECIDED: "It was decided what happens while {which} has no {lead_professional}",
    E.LEAD_FOR_NOW: "You lead {which} for the time being",
    E.LEAD_COVERED: "The {lead_professional} of {which} is covered for some days",
    E.LEAD_COVER_ENDED: "You no longer cover for the {lead_professional} of {which}",
    E.WORDS_HIDDEN: "Words of {which} were hidden, {ref}: see who had read them",
    E.TEAM_LEFT: "Somebody left the {team} of {which}",
    E.MEETING_ARRANGED: "You are invited to the meeting {ref}, of {which}",
    E.MEETING_INVITED: "You are invited to the meeting {ref}, of {which}",
    E.MEETING_RESCHEDULED: "The meeting {ref}, of {which}, was moved to another time",
    E.MEETING_CANCELLED: "The meeting {ref}, of {which}, was cancelled",
    E.MEETING_REVIEW_BY: "A day was set by which the {team} of {which} meets for its next review",
    E.ACTION_PROPOSED: "You are asked to do the {action} {ref}, of {which}",
    E.ACTION_PASSED_ON: "The {action} {ref}, of {which}, was passed on to you",
    E.ACTION_REMINDED: "The {action} {ref}, of {which}, waits for you: "
    "say whether it is done, in progress or cannot be done",
    E.ACTION_HANDED_BACK: "The {action} {ref}, of {which}, was handed back",
    E.ACTION_REOPENED: "The {action} {ref}, of {which}, was opened again",
    E.ACTION_DROPPED: "The {action} {ref}, of {which}, is no longer needed",
    E.CHECK_REMINDED: "The {follow_up_check} {ref}, of {which}, waits for you",
    E.REFERRAL_SENT: "The referral {ref}, sent to your service on {sent}, waits for you: say whether you have it, "
    "and how it stands",
    E.LINK_ANSWERED: "Somebody of {which} answered by their link, {ref}, and is to be rung",
    E.REFERRAL_DECLINE_REPORTED: "The service cannot take {which} on, {ref}",
    E.REFERRAL_STOP_REPORTED: "Support seems to have stopped for {which}, {ref}",
    E.REFERRAL_STARTED: "Support has started for {which}, {ref}",
    E.REFERRAL_NOT_STARTED: "Support will not start for {which}, {ref}",
    E.REFERRAL_ENDED: "Support has ended for {which}, {ref}",
}
# The same where the family answered by its link, with which of the fixed answers it gave: never with what it typed.
ANSWERED: Mapping[E, str] = {
    E.LINK_ANSWERED: "Somebody of {which} answered “{said}” by their link, {ref}",
    E.REFERRAL_STOP_REPORTED: "Support seems to have stopped for {which}, {ref}: "
    "somebody answered “{said}” by their link",
}
_ONLY_A_CALL = "Somebody of {which} asks by their link, {ref}, to be called"
_CALL_ASKED = ", and asks to be called"
_NO_CALL_ASKED = ", and is to be rung: they did not ask for a call"
# What the check asks, in the fixed words of its stage.
_ASKED: Mapping[E, str] = {E.CHECK_REMINDED: ": “{asked}”"}
_HEADS: Mapping[Notice, str] = {
    Notice.ASKED_TO_LEAD: "Answer needed{by}: {ref}",
    Notice.REMINDER: "Update needed{by}: {ref}",
    Notice.ACTION_GIVEN: "Update needed{by}: {ref}",
    Notice.STEP_DOWN_WAITS: "Waiting for you{by}: {ref}",
    Notice.FAMILY_SAYS: "Please call: {ref}",
    Notice.FAMILY_STOPS: "Asked to stop: {ref}",
    Notice.EMERGENCY: "Opened in an emergency: {ref}",
    Notice.DUE: "Due{by}: {ref}",
    Notice.NEWS: "News: {ref}",
}
MOST_IN_HEAD = 4
# To a receiving service, which knows no other reference than this one.
_HEAD_OF_SERVICE = "Answer needed: referral {ref}, sent {sent}"
_SLOT = re.compile(r"\{(which|ref|by|said|asked|sent)\}")
_LEFT_OUT = frozenset({"the", "family"})


@dataclass(frozen=True)
class Answer:
    """What a family answered by its link, but for its own words."""

    said: Said | None
    call_me: bool


@dataclass(frozen=True)
class Told:
    """What a sentence speaks of. `answer`: where it tells of what a family answered by its link; `asked`: the question
    of the check it is about; `sent`: on which day, where it is to the service that a referral was sent to."""

    which: str
    ref: str
    answer: Answer | None = None
    asked: str | None = None
    sent: str | None = None

    def put(self, text: str, words: Mapping[str, Word], by: str = "") -> str:
        said = SAID[self.answer.said] if self.answer and self.answer.said else ""
        given = {
            "which": self.which,
            "ref": self.ref,
            "by": by,
            "said": said,
            "asked": self.asked or "",
            "sent": self.sent or "",
        }
        return _SLOT.sub(lambda slot: given[slot[1]], say(text, words))


def initials(name: str) -> str:
    """O’Neill gives O, The Marsh-Hill family gives MH, Carol Coordinator gives CC."""
    parts = [part for part in re.split(r"[\s\-]+", name) if part and part.casefold() not in _LEFT_OUT]
    return "".join(part[0].upper() for part in parts if part[0].isalpha())


def by_initials(ref: str, name: str) -> str:
    """F-12 (O): a family's reference, and the first letters of its name."""
    letters = initials(name)
    return f"{ref} ({letters})" if letters else ref


def sentence(kind: E, told: Told, words: Mapping[str, Word]) -> str:
    """One line of a digest, or what a message of its own begins with; a capital first letter, no stop."""
    said = told.put(_text(kind, told), words)
    return said[:1].upper() + said[1:]


def _text(kind: E, told: Told) -> str:
    if told.answer is None or kind not in ANSWERED:
        return SENTENCES[kind] + (_ASKED.get(kind, "") if told.asked else "")
    if told.answer.said is None:
        return _ONLY_A_CALL
    return ANSWERED[kind] + (_CALL_ASKED if told.answer.call_me else _NO_CALL_ASKED)


def head(notice: Notice, told: Told, words: Mapping[str, Word], due: date | None, today: date) -> str:
    """The subject line, with the day it is due, or was."""
    if told.sent:
        return told.put(_HEAD_OF_SERVICE, words)
    if due is None:
        return told.put(_HEADS[notice], words)
    return told.put(_HEADS[notice], words, f"{', due' if due < today else ' by'} {short(due, today)}")


def head_of_several(refs: Sequence[str]) -> str:
    """Updates needed: A-7, A-9 and 3 more"""
    shown = refs if len(refs) <= MOST_IN_HEAD else [*refs[: MOST_IN_HEAD - 1], f"{len(refs) - MOST_IN_HEAD + 1} more"]
    return f"Updates needed: {all_of(shown)}"


def by_when(due: date, today: date, days: Calendar) -> str:
    """6 September, or 20 October, 29 working days overdue"""
    late = f", {due_words(due, today, days)}" if days.is_overdue(due, today) else ""
    return short(due, today) + late


# Why somebody gets a message, by the rule that found them.
WHY: Mapping[str, str] = {
    "lead_professional": "you lead this {family}, or cover for who does",
    "coordinator": "you are the {coordinator} of this {family}, or cover for them",
    "coordinators": "you are {coordinator:a}",
    "managers": "you are a manager of who works with this {family}",
    "early_help_managers": "you are {early_help_manager:a}",
    "social_care_manager": "you manage the social work with this {family}",
    "social_worker": "you do social work with this {family}",
    "asked": "the question is to you",
    "nominee": "you are asked to lead",
    "lead_cover": "you cover for who leads",
    "action_owner": "this {action} is yours",
    "check_owner": "you ask this {family} whether support has started",
    "asked_last": "you asked this {family} how this support goes",
    "receiving_service": "your organisation runs the service it was sent to",
    "waited_for": "it is yours, or you cover for whose it is",
    "meeting_invitees": "you are invited",
    "newly_invited": "you are invited",
    "other_manager": "both managers decide about this together",
    "holder": "you hold this {family}",
    "reviewer": "you review this",
    "restriction_asker": "you asked for it",
    "watcher": "you keep an eye out for this {family}",
}
