"""What each line of a family's history says: its kinds, each with its sentence."""

import re
from collections.abc import Mapping
from typing import Any

from portal.domain.event_kinds import E
from portal.domain.words import Word, say

# {actor} and {subject} are always there; the other names are keys of the event's data.
LINES: Mapping[E, str] = {
    E.FAMILY_ADDED: "{actor} added the family",
    E.PERSON_ADDED: "{actor} added {whom} to the family",
    E.PERSON_TOLD: "{actor} recorded {what} of {whom}: {new}",
    E.PERSON_CHANGED: "{actor} recorded that {what} of {whom} changed from {old} to {new}",
    E.PERSON_CORRECTED: "{actor} corrected {what} of {whom} from {old} to {new}",
    E.PERSON_BORN: "{whom} was born on {when}",
    E.PERSON_DIED: "{whom} died on {when}",
    E.DEATH_CORRECTED: "{actor} corrected what was recorded about the death of {whom}: {new}",
    E.PREGNANCY_ENDED: "The pregnancy ended on {when}",
    E.PREGNANCY_CORRECTED: "{actor} corrected what was recorded about the end of the pregnancy: {new}",
    E.HOME_ADDED: "{actor} added a home: {home}",
    E.HOME_NAMED: "{actor} changed what {old} is called to {new}",
    E.HOME_CORRECTED: "{actor} corrected the address of {home}",
    E.HOME_LEFT: "{whom} no longer lives in {home}",
    E.HOME_JOINED: "{whom} began to live in {home}",
    E.RELATION_CHANGED: "{actor} recorded what {whom} is to {other}: {new}, before: {old}",
    E.RESPONSIBILITY_RECORDED: "{actor} recorded that {whom} has parental responsibility for {other}",
    E.RESPONSIBILITY_REMOVED: "{actor} recorded that {whom} does not have parental responsibility for {other}",
    E.SAFE_CONTACT_CHANGED: "{actor} changed how {whom} can safely be reached from “{old}” to “{new}”",
    E.KEEP_APART_ADDED: "{actor} recorded that {what}",
    E.KEEP_APART_ENDED: "{actor} recorded that it is no longer so that {what}",
    E.CONFIDENTIAL_RECORDED: "{actor} recorded a confidential address for {whom}",
    E.CONFIDENTIAL_CHANGED: "{actor} changed the confidential address of {whom}",
    E.CONFIDENTIAL_REMOVED: "{actor} removed the confidential address of {whom}",
    E.CONTACT_RECORDED: "{actor} recorded {what}",
    E.NOTE_WRITTEN: "{actor} wrote a note",
    E.LINE_CORRECTED: "{actor} corrected an earlier line",
    E.WORDS_HIDDEN: "{actor} hid words in {where}, {subject}: {why}",
    E.WORDS_PUT_BACK: "{actor} put hidden words back in {where}, {subject}",
    E.ENGAGEMENT_RECORDED: "{actor} recorded what {whom} said about {early_help}: {answer}",
    E.ENGAGEMENT_FOR: "{actor} recorded what {whom} said about {purpose}: {answer}",
    E.ENGAGEMENT_STOP_SETTLED: "{actor} settled what happens after {whom} asked us to stop",
    E.SHARING_DECIDED: "{actor} decided {what} with {organisation}. Basis: {basis}",
    E.COORDINATOR_ASSIGNED: "{whom} became the family’s {coordinator}",
    E.SOCIAL_WORK_CLOSED: "Social work closed on {when}",
    E.STANDARD_MOVED: "{actor} changed a practice standard from {before} to {after}: {part}. {what}",
    E.FAMILY_RESTRICTED: "{actor} restricted the {family}. Cleared to see it: {whom}",
    E.RESTRICTION_LIFTED: "{actor} lifted the restriction of the {family}",
    E.RESTRICTION_ASKED: "{actor} asked that only some may see the {family}. Nothing is restricted by that",
    E.RESTRICTION_REFUSED: "{actor} did not agree that only some may see the {family}, as {whom} had asked: {answer}",
    E.RESTRICTION_WITHDRAWN: "{actor} does not ask any more that only some may see the {family}",
    E.CLEARANCE_GIVEN: "{actor} cleared {whom} to see the {family}{until}",
    E.CLEARANCE_ENDED: "{actor} ended what cleared {whom} to see the {family}",
    E.EMERGENCY_OPENED: "{actor} opened the {family} in an emergency, until {until}, {subject}: {what}",
    E.EMERGENCY_CLOSED: "{actor} closed what was opened in an emergency, {subject}",
    E.EMERGENCY_REVIEWED: "{actor} looked into what {whom} opened in an emergency, {subject}",
    # Not who: many read it, and whose family it is, is theirs to tell.
    E.CONFLICT_RECORDED: "{actor} recorded that somebody must not see the {family}",
    E.CONFLICT_ENDED: "{actor} recorded that somebody may see the {family} again",
    E.STEP_DOWN_STARTED: "{actor} started {step_down:a}, {subject}",
    E.STEP_DOWN_CHANGED: "{actor} changed the {step_down} {subject}: {part}",
    E.STEP_DOWN_AGREED: "{actor} agreed that the {step_down} {subject} can be sent",
    E.STEP_DOWN_AGREED_AS_TOLD: "{actor} wrote down that {whom} agreed, on {when}, that the {step_down} {subject} "
    "can be sent",
    E.STEP_DOWN_PROPOSED: "{actor} sent the {step_down} {subject} to {early_help}",
    E.STEP_DOWN_ASKED: "{actor} sent the {step_down} {subject} back with a question to {whom}, to be answered by {due}",
    E.STEP_DOWN_REPLIED: "{actor} answered the question about the {step_down} {subject}",
    E.STEP_DOWN_QUESTIONS_TOLD: "The {social_care_manager} and the {early_help_manager} were told: "
    "{times} questions about the {step_down} {subject}",
    E.STEP_DOWN_DECLINE_SETTLED: "{actor} recorded what happens now, after the {step_down} {subject} was not accepted: "
    "{part}",
    E.STEP_DOWN_COPIED: "{actor} began the {step_down} {subject} from {before}, which was not accepted",
    E.STEP_DOWN_FAMILY_SAID_NO: "{actor} ended the {step_down} {subject}: {part}. {whom} keeps an eye out",
    E.STEP_DOWN_STAY_ASKED: "{actor} asked the {social_care_manager} to agree that the family stays with social care, "
    "{subject}",
    E.STEP_DOWN_STAYS: "{actor} agreed that the family stays with social care, {subject}. What happens now: {part}",
    E.STEP_DOWN_STAYS_AS_DECIDED: "{actor} recorded that the family stays with social care, {subject}, as {whom} "
    "decided together. What happens now: {part}",
    E.STEP_DOWN_GOES_ON: "{actor} did not agree that the family stays with social care: "
    "the {step_down} {subject} goes on",
    E.EPISODE_ENDED_BEFORE_START: "{Early_help} ended before it started",
    E.HOLDER_NAMED: "{actor} named who holds the family for now: {whom}",
    E.HOLDER_REOPENING_ASKED: "{actor} asked for social work to be opened again",
    E.SOCIAL_WORK_REOPENED: "{actor} opened social work again. {whom} is responsible",
    E.STEP_DOWN_PROTECTION_OVERRIDDEN: "{actor} agreed that the {step_down} {subject} comes straight from a child "
    "protection plan",
    E.STEP_DOWN_REALLOCATED: "{actor} passed social work with the family on from {before} to {whom}",
    E.STEP_DOWN_ACCEPTED: "{actor} accepted the {step_down} {subject}",
    E.STEP_DOWN_DECLINED: "{actor} did not accept the {step_down} {subject}",
    E.STEP_DOWN_COMPLETED: "{actor} confirmed that the {step_down} {subject} is complete. {holder} is responsible now",
    E.STEP_DOWN_CHILDREN_GO_ON: "The {step_down} {subject} goes on for {whom}, left out when {other} was completed",
    E.DECISION_PROPOSED: "{actor} proposed for {step_down_ref}: {part}",
    E.DECISION_AGREED: "{whom} and {actor} decided together for {step_down_ref}: {part}",
    E.DECISION_ENDED: "{actor} ended the proposal {subject} for {step_down_ref}: {part}",
    E.OUTSTANDING_CARRIED: "{actor} carried an outstanding action into the plan as {action}: {what}",
    E.OUTSTANDING_COMPLETED: "{actor} recorded an outstanding action as completed: {what}",
    E.OUTSTANDING_DROPPED: "{actor} dropped an outstanding action: {what}",
    E.OUTSTANDING_FAMILY_TOLD: "{actor} told the family that {subject} was dropped: {what}",
    E.NEED_BROUGHT: "{whom} will bring a need to the {first_team_meeting}: {what}",
    E.LEAD_NOMINATED: "{actor} asked {whom} to be the {lead_professional}",
    E.LEAD_ACCEPTED: "{whom} accepted and is the {lead_professional}",
    E.LEAD_KNOWN: "{actor} recorded that {whom} is the {lead_professional} already, {known}",
    E.LEAD_DECLINED: "{whom} cannot be the {lead_professional}",
    E.LEAD_WITHDRAWN: "{actor} no longer asks {whom} to be the {lead_professional}",
    E.LEAD_UNANSWERED: "{whom} has not answered in time whether they will be the {lead_professional}",
    E.LEAD_LEAVING: "{whom} leads until somebody else has accepted: {why}",
    E.LEAD_ENDED: "{whom} stopped being the {lead_professional} on {when}: {why}",
    E.LEAD_DECIDED: "{actor} decided what happens while no {lead_professional} is found: {what}",
    E.LEAD_FOR_NOW: "{whom} leads for the time being, until {when}",
    E.LEAD_COVERED: "{whom} covers for {lead} from {start} to {end}",
    E.LEAD_COVER_ENDED: "{whom} no longer covers for {lead}",
    E.TEAM_JOINED: "{whom} joined the {team}",
    E.TEAM_REJOINED: "{whom} came back to the {team}",
    E.TEAM_CORRECTED: "{actor} corrected what is known of {whom}: {what}",
    E.TEAM_LEFT: "{whom} left the {team}: {reason}",
    E.MEETING_ARRANGED: "{actor} arranged {what} for {when}, {subject}",
    E.MEETING_HELD: "{actor} wrote up {what} held on {when}, {subject}",
    E.MEETING_RESCHEDULED: "{actor} moved {what}, {subject}, from {when} to {new_when}: it is {moved_to} now. "
    "{whose} asked for it",
    E.MEETING_INVITED: "{actor} changed who is invited to {what} of {when}, {subject}. {whom}",
    E.MEETING_CANCELLED: "{actor} cancelled {what} of {when}, {subject}. {whose} asked for it",
    E.MEETING_REVIEW_BY: "{actor} set the day by which the {team} meets for its next review: {when}",
    E.EPISODE_OPENED: "{Early_help} began to prepare",
    E.EPISODE_ACTIVE: "{Early_help} became active",
    E.EPISODE_BROUGHT_IN: "{actor} recorded that the {family} is in {early_help} already. {what}",
    E.FAMILY_BROUGHT_UP_TO_DATE: "{actor} brought the {family} up to date from a spreadsheet: {what}",
    E.EPISODE_FILLED_IN: "{actor} filled in what was not known about {early_help}. {what}",
    E.PLAN_IN_FORCE: "{actor} put the {plan} in force",
    E.PLAN_REPLACED: "Version {number} of the {plan} was replaced by the next",
    E.PLAN_REVISION_STARTED: "{actor} began to revise the {plan}",
    E.NEED_DESCRIBED: "{actor} wrote down what should be different: {what}",
    E.NEED_ADDED: "{actor} added a need to the {plan}: {what}",
    E.NEED_MET: "{actor} recorded a need as met: {what}",
    E.NEED_TRANSFERRED: "{actor} passed a need on to {to}: {what}",
    E.NEED_REOPENED: "{actor} opened a need again: {what}",
    E.NEED_REVIEWED: "{actor} reviewed a need with the family, {answer}: {what}",
    E.ACTION_PLANNED: "{actor} wrote {subject} into the revision of the {plan}, for {whom} by {due}: {what}",
    E.NEED_NOT_MET: "{actor} recorded a need that could not be met: {what}",
    E.ACTION_SAID: "{actor} wrote how {subject} is said to the family: {what}",
    E.ACTION_PROPOSED: "{actor} asked {whom} to do {subject} by {due}: {what}",
    E.ACTION_TAKEN_ON: "{actor} took on {subject}, to be done by {due}: {what}",
    E.ACTION_NEED_NAMED: "{actor} said what {subject} is for: {what}",
    E.ACTION_AGREED: "{whom} agreed to {subject}: {what}",
    E.ACTION_STARTED: "{actor} started {subject}: {what}",
    E.ACTION_NOTE: "{actor} updated {subject}: {what}",
    E.ACTION_DONE: "{actor} marked {subject} as done: {what}",
    E.ACTION_BLOCKED: "{actor} recorded that something is in the way of {subject}: {what}. Waiting on {waiting_on}",
    E.ACTION_STILL_BLOCKED: "{actor} recorded that something is still in the way of {subject}: {what}. "
    "Waiting on {waiting_on}",
    E.ACTION_UNBLOCKED: "{actor} recorded that {subject} goes on: {what}",
    E.ACTION_HANDED_BACK: "{actor} handed {subject} back: {what}",
    E.ACTION_VERIFIED: "{actor} checked {subject}: {what}. {known}",
    E.ACTION_REOPENED: "{actor} opened {subject} again: {what}",
    E.ACTION_DROPPED: "{actor} recorded that {subject} is no longer needed: {what}. {agreed}",
    E.ACTION_DUE_MOVED: "{actor} moved the date of {subject} from {before} to {due}: {what}",
    E.ACTION_PASSED_ON: "{actor} passed {subject} on from {before} to {whom}: {what}",
    E.ACTION_REMINDED: "{actor} reminded {whom} of {subject}: {what}",
    E.CHANGE_UNDONE: "{undone} – undone",
    E.REFERRAL_INFORMATION_GIVEN: "{actor} suggested {service} to the family, {subject}",
    E.REFERRAL_SENT: "{actor} sent the family’s {support_referral} to {service}, {subject}",
    E.REFERRAL_RECEIVED: "{actor} recorded that {service} has received the {support_referral}, {subject}",
    E.REFERRAL_ACCEPTED: "{actor} recorded that {service} has accepted, {subject}. It has not started yet",
    E.REFERRAL_WAITING_LIST: "{actor} recorded the waiting list of {service}, expected by {expected}, {subject}",
    E.REFERRAL_WAITS_LONGER: "{actor} recorded a longer wait for {service}, now expected by {expected}, {subject}",
    E.REFERRAL_BOOKED: "{actor} recorded the first day with {service}, {booked}, {subject}",
    E.REFERRAL_REBOOKED: "{actor} recorded another first day with {service}, {booked}, {subject}",
    E.REFERRAL_CONFIRMED: "{actor} recorded that a second source says {service} has started, {subject}",
    E.REFERRAL_START_REPORTED: "{actor} recorded who else says that {service} has started, {subject}",
    E.REFERRAL_DECLINE_REPORTED: "{actor} said that {service} cannot take them on, {subject}",
    E.REFERRAL_STOP_REPORTED: "{actor} recorded that {service} seems to have stopped, {subject}",
    E.REFERRAL_ENDED: "{actor} recorded that {service} has ended, {subject}: {how}. {helped}",
    E.REFERRAL_SHARED_DESPITE: "{actor} shared with {service} although not everybody agreed, {subject}",
    E.REFERRAL_STARTED: "{service} has started, first received on {when}, {subject}",
    E.REFERRAL_NOT_STARTED: "{service} will not start, {subject}: {reason}",
    E.REFERRAL_NEED_DECIDED: "{actor} said what happens to the {need}, as {service} did not start, {subject}: {now}",
    E.CHECK_MADE: "{whom} will check on {service} by {due}, {subject}",
    E.CHECK_HAPPENED: "{actor} checked on {service}: {answer}",
    E.CHECK_NOT_YET: "{actor} checked on {service}: not yet. Waiting on {waiting_on}",
    E.CHECK_NO_ANSWER: "{actor} tried to check on {service} by {method}: no answer",
    E.CHECK_WILL_NOT: "{actor} checked on {service}: it will not happen",
    E.CHECK_GONE_ON: "The check {subject} on {service} is answered: {answer}",
    E.CHECK_WAIVED: "{actor} put off the check {subject} until {until}",
    E.CHECK_DUE_AGAIN: "The check {subject} is due again",
    E.CHECK_VOID: "The check {subject} is no longer needed",
    E.CHECK_ESCALATED: "The check on {service} went to the {escalated_to}: no answer {times} times in a row",
    E.CHECK_REOWNED: "{whom} now owns {checks}",
    E.CHECK_REMINDED: "{actor} reminded {whom} of the check {subject}: {what}",
    E.REMINDER_TAKEN_BACK: "{actor} took back the reminder of {subject} before {whom} got it",
    E.LINK_MADE: "{actor} asks {whom} by a link about {service}, {how}, {subject}",
    E.LINK_REVOKED: "{actor} stopped the link of {whom} about {service}, {subject}",
    E.LINK_ANSWERED: "By the link of {whom} about {service}: {answer}, {subject}",
    E.RETENTION_HELD: "{actor} placed a hold on the record: it is not destroyed. It is looked at again on {review}",
    E.RETENTION_LIFTED: "{actor} lifted the hold on the record",
    E.DESTRUCTION_PROPOSED: "{actor} proposed that the record is destroyed",
    E.DESTRUCTION_WITHDRAWN: "{actor} withdrew the proposal that the record is destroyed",
    E.MERGE_PROPOSED: "{actor} proposed that {other} and {kept} are one {family}: {kept} is kept",
    E.MERGE_DECLINED: "{actor} did not agree that {other} and {kept} are one {family}",
    E.MERGE_WITHDRAWN: "{actor} withdrew the proposal that {other} and {kept} are one {family}",
    E.MERGED: "{actor} confirmed what {whom} had proposed: the record {other} is part of this one now",
    E.MERGE_PARTED: "{actor} took {other} and {kept} apart again",
}
# That an address is confidential is known only to whom the address is.
OF_ADDRESSES = frozenset({E.CONFIDENTIAL_RECORDED, E.CONFIDENTIAL_CHANGED, E.CONFIDENTIAL_REMOVED})
# That somebody is to be kept from the family is not for all of its team to know: they may be on it.
OF_REQUESTS = frozenset({E.RESTRICTION_ASKED, E.RESTRICTION_REFUSED, E.RESTRICTION_WITHDRAWN})
_SLOT = re.compile(r"\{(?P<key>[a-z_]+)\}")
_CONCEPT = re.compile(r"\{[a-zA-Z_]+(?::[a-z]+)?\}")


# What stands under these keys is the portal's own wording, never a person's: concepts within it are said too.
_OURS = frozenset({"whose", "part", "why"})


def _is_ours(key: str, value: object) -> bool:
    return isinstance(value, str) and (key in _OURS or _CONCEPT.fullmatch(value) is not None)


def line(kind: E, *, actor: str, subject: str, data: Mapping[str, Any], words: Mapping[str, Word]) -> str:
    """The sentence of one event. The council's words go in first, then what people typed, each once. A value that is
    nothing but a concept in braces, like {step_down_meeting:a}, is said in the council's word too."""
    values = {**data, "actor": actor, "subject": subject}
    values = {key: say(value, words) if _is_ours(key, value) else value for key, value in values.items()}
    if kind is E.CHANGE_UNDONE:  # its data is that of the line it takes back, and which kind that was
        values["undone"] = line(E(data["undone"]), actor=actor, subject=subject, data=data, words=words)
    # A value wins over a concept of the same name: {action} is the carried action's reference here.
    if not words.keys().isdisjoint(values):
        words = {key: word for key, word in words.items() if key not in values}
    sentence = say(LINES[kind], words)
    return _SLOT.sub(lambda slot: str(values.get(slot["key"], slot[0])), sentence)
