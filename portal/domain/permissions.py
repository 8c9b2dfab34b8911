"""What people can be allowed to do, and who is: one table, the code's input and the tests'."""

import enum
from collections.abc import Mapping

from portal.domain.roles import IN_AN_EMERGENCY, Role, Tie

Standing = Role | Tie


class P(enum.StrEnum):
    """A thing somebody may or may not do."""

    HOME = "home.list"
    FAMILY_LIST = "family.list"
    FAMILY_VIEW = "family.view"
    FAMILY_UNSEEN = "family.unseen"
    FAMILY_LOOKED = "family.looked"
    FAMILY_RESTRICT = "family.restrict"
    RESTRICTED_LIST = "restricted.list"
    RESTRICTION_ASK = "restriction.ask"
    CONFLICT_RECORD = "conflict.record"
    CONFLICT_LIST = "conflict.list"
    EMERGENCY_OPEN = "emergency.open"
    EMERGENCY_CLOSE = "emergency.close"
    EMERGENCY_REVIEW = "emergency.review"
    FAMILY_ADD = "family.add"
    HOUSEHOLD_EDIT = "household.edit"
    CONFIDENTIAL_ADDRESS = "confidential.address"
    LOOK_UP = "look_up"
    CONTACT_RECORD = "contact.record"
    NOTE_WRITE = "note.write"
    HISTORY_CORRECT = "history.correct"
    WORDS_HIDE = "words.hide"
    WORDS_HIDDEN = "words.hidden"
    STEP_DOWN_LIST = "step_down.list"
    STEP_DOWN_VIEW = "step_down.view"
    STEP_DOWN_START = "step_down.start"
    STEP_DOWN_EDIT = "step_down.edit"
    STEP_DOWN_AGREE = "step_down.agree"
    STEP_DOWN_AGREE_AS_TOLD = "step_down.agree_as_told"
    STEP_DOWN_PROPOSE = "step_down.propose"
    STEP_DOWN_ANSWER = "step_down.answer"
    SOCIAL_WORK_CLOSE = "social_work.close"
    SOCIAL_WORK_REOPEN = "social_work.reopen"
    HOLDER_NAME = "holder.name"
    STEP_DOWN_REALLOCATE = "step_down.reallocate"
    STEP_DOWN_SAID_NO = "step_down.said_no"
    STEP_DOWN_STAY_ASK = "step_down.stay_ask"
    STEP_DOWN_REPLY = "step_down.reply"
    STEP_DOWN_SETTLE_DECLINE = "step_down.settle_decline"
    STEP_DOWN_COMPLETE = "step_down.complete"
    STEP_DOWN_DECIDE_TOGETHER = "step_down.decide_together"
    DECISION_ANSWER = "decision.answer"
    OUTSTANDING_SETTLE = "outstanding.settle"
    LEAD_NOMINATE = "lead.nominate"
    LEAD_ANSWER = "lead.answer"
    AGREEMENT_VIEW = "agreement.view"
    AGREEMENT_RECORD = "agreement.record"
    SHARING_DECIDE = "sharing.decide"
    STOP_SETTLE = "agreement.stop_settle"
    LEAD_END = "lead.end"
    LEAD_COVER = "lead.cover"
    LEAD_DECIDE = "lead.decide"
    LEAD_CAPACITY = "lead.capacity"
    CLOSURE_KEEP = "closure.keep"
    COORDINATOR_ASSIGN = "family.assign"
    TEAM_VIEW = "team.view"
    TEAM_EDIT = "team.edit"
    MEETING_LIST = "meeting.list"
    MEETING_VIEW = "meeting.view"
    MEETING_ARRANGE = "meeting.arrange"
    MEETING_WRITE_UP = "meeting.write_up"
    PLAN_VIEW = "plan.view"
    PLAN_EDIT = "plan.edit"
    PLAN_IN_FORCE = "plan.in_force"
    NEED_END = "need.end"
    NEED_NOT_MET = "need.not_met"
    ACTION_LIST = "action.list"
    ACTION_VIEW = "action.view"
    ACTION_UPDATE = "action.update"
    ACTION_AGREE = "action.agree"
    ACTION_VERIFY = "action.verify"
    ACTION_REOPEN = "action.reopen"
    ACTION_DROP = "action.drop"
    ACTION_MOVE = "action.move"
    REMIND = "remind"
    UNDO = "undo"
    REFERRAL_VIEW = "referral.view"
    REFERRAL_RECORD = "referral.record"
    REFERRAL_SUGGEST = "referral.suggest"
    CHECK_LIST = "check.list"
    CHECK_VIEW = "check.view"
    REFERRAL_MOVE = "referral.move"
    REFERRAL_ANSWER = "referral.answer"
    SERVICE_LIST = "service.list"
    SERVICE_EDIT = "service.edit"
    RECEIVED_LIST = "referral.received.list"
    CHECK_RECORD = "check.record"
    CHECK_WAIVE = "check.waive"
    STANDARDS_VIEW = "standards.view"
    STANDARDS_CHANGE = "standards.change"
    ALREADY_HELPED = "family.already_helped"
    AGREEMENT_LIST = "agreement.list"
    AGREEMENT_EXTEND = "agreement.extend"
    TEAM_NEEDS_LIST = "team.needs_list"
    WAITING_LIST = "waiting.list"
    LOOKS_LIST = "looks.list"
    LOG_EXPORT = "log.export"
    COPY_GIVE = "copy.give"
    RECORD_KEEP = "record.keep"
    RECORD_MERGE = "record.merge"
    RECORD_PART = "record.part"
    SHARED_DESPITE_LIST = "sharing.despite.list"
    ADMINISTER = "administer"


_EARLY_HELP: set[Standing] = {Role.COORDINATOR, Role.EARLY_HELP_MANAGER}
_SOCIAL_CARE: set[Standing] = {Role.SOCIAL_WORKER, Role.SOCIAL_CARE_MANAGER}
# Whoever opened a family in an emergency reads it; changes are for those whose role lets them.
_READERS: set[Standing] = _EARLY_HELP | _SOCIAL_CARE | {Role.AUDITOR, Tie.MEMBER, Tie.OPENED}
_HANDING_OVER: set[Standing] = {Tie.SOCIAL_WORKER, Tie.SOCIAL_WORKERS_TEAM, Tie.SOCIAL_WORKERS_MANAGER}
_LEADING: set[Standing] = _EARLY_HELP | {Tie.LEAD}
_WORKING: set[Standing] = _LEADING | _SOCIAL_CARE | {Tie.MEMBER}

# A manager may make any move of a worker they manage; the event says so (lifecycles, "What holds for all").
GRANTS: Mapping[P, frozenset[Standing]] = {
    P.HOME: frozenset({Role.COORDINATOR, Role.PARTNER}),
    P.FAMILY_LIST: frozenset(_EARLY_HELP | {Role.SOCIAL_CARE_MANAGER, Role.AUDITOR, Role.PARTNER}),
    P.FAMILY_VIEW: frozenset(_READERS),
    P.FAMILY_UNSEEN: frozenset({Tie.COORDINATOR, Tie.LEAD}),
    P.FAMILY_LOOKED: frozenset({Role.EARLY_HELP_MANAGER, Tie.COORDINATOR, Tie.LEAD}),
    P.FAMILY_RESTRICT: frozenset({Role.EARLY_HELP_MANAGER}),
    P.RESTRICTED_LIST: frozenset({Role.EARLY_HELP_MANAGER}),
    # A manager restricts it, and asks nobody.
    P.RESTRICTION_ASK: frozenset({Role.COORDINATOR, Tie.LEAD}),
    P.CONFLICT_RECORD: frozenset({Role.EARLY_HELP_MANAGER}),
    P.CONFLICT_LIST: frozenset({Role.EARLY_HELP_MANAGER}),
    P.EMERGENCY_OPEN: frozenset(IN_AN_EMERGENCY),
    P.EMERGENCY_CLOSE: frozenset({Role.EARLY_HELP_MANAGER, Tie.RECORDER}),
    P.EMERGENCY_REVIEW: frozenset({Role.EARLY_HELP_MANAGER}),
    P.FAMILY_ADD: frozenset(_EARLY_HELP | _SOCIAL_CARE | {Role.FRONT_DOOR}),
    P.HOUSEHOLD_EDIT: frozenset(_LEADING | _SOCIAL_CARE),
    P.CONFIDENTIAL_ADDRESS: frozenset({Tie.COORDINATOR, Tie.LEAD}),
    P.LOOK_UP: frozenset({Role.FRONT_DOOR} | _SOCIAL_CARE),
    P.CONTACT_RECORD: frozenset(_WORKING),
    P.NOTE_WRITE: frozenset(_WORKING),
    P.HISTORY_CORRECT: frozenset(_WORKING),
    # Anybody their own words, early help any.
    P.WORDS_HIDE: frozenset(_EARLY_HELP | {Tie.RECORDER}),
    P.WORDS_HIDDEN: frozenset({Role.EARLY_HELP_MANAGER}),
    P.STEP_DOWN_LIST: frozenset(_EARLY_HELP | _SOCIAL_CARE),
    P.STEP_DOWN_VIEW: frozenset(_READERS),
    P.STEP_DOWN_START: frozenset(_SOCIAL_CARE),
    P.STEP_DOWN_EDIT: frozenset({Tie.SOCIAL_WORKER, Tie.SOCIAL_WORKERS_TEAM, Tie.SOCIAL_WORKERS_MANAGER}),
    P.STEP_DOWN_AGREE: frozenset({Tie.SOCIAL_WORKERS_MANAGER}),
    # Only where the installation is set so (typed_agreement); the manager's own way is to agree.
    P.STEP_DOWN_AGREE_AS_TOLD: frozenset({Tie.SOCIAL_WORKER, Tie.SOCIAL_WORKERS_TEAM, Tie.SOCIAL_WORKERS_MANAGER}),
    P.STEP_DOWN_PROPOSE: frozenset({Tie.SOCIAL_WORKER, Tie.SOCIAL_WORKERS_TEAM, Tie.SOCIAL_WORKERS_MANAGER}),
    P.STEP_DOWN_ANSWER: frozenset(_EARLY_HELP),
    # Early help records an answer that was given by word of mouth, as told.
    P.STEP_DOWN_REPLY: frozenset(_HANDING_OVER | _EARLY_HELP),
    P.SOCIAL_WORK_CLOSE: frozenset(_SOCIAL_CARE | _EARLY_HELP),
    P.SOCIAL_WORK_REOPEN: frozenset({Role.SOCIAL_CARE_MANAGER}),
    P.HOLDER_NAME: frozenset({Role.EARLY_HELP_MANAGER}),
    P.STEP_DOWN_REALLOCATE: frozenset({Role.SOCIAL_CARE_MANAGER}),
    P.STEP_DOWN_SAID_NO: frozenset(_HANDING_OVER | _LEADING),
    P.STEP_DOWN_STAY_ASK: frozenset(_HANDING_OVER),
    P.STEP_DOWN_SETTLE_DECLINE: frozenset(_HANDING_OVER),
    P.STEP_DOWN_COMPLETE: frozenset({Tie.SOCIAL_WORKER, Tie.SOCIAL_WORKERS_MANAGER, Tie.AFTER_SOCIAL_WORK}),
    # Both managers, of whom one proposes and the other agrees.
    P.STEP_DOWN_DECIDE_TOGETHER: frozenset({Role.EARLY_HELP_MANAGER, Tie.SOCIAL_WORKERS_MANAGER}),
    P.DECISION_ANSWER: frozenset({Role.EARLY_HELP_MANAGER, Role.SOCIAL_CARE_MANAGER}),
    P.OUTSTANDING_SETTLE: frozenset(_LEADING | {Role.SOCIAL_CARE_MANAGER}),
    P.LEAD_NOMINATE: frozenset(_EARLY_HELP),
    P.LEAD_ANSWER: frozenset({Tie.NOMINEE}),
    P.AGREEMENT_VIEW: frozenset(_READERS),
    P.AGREEMENT_RECORD: frozenset(_WORKING),
    P.SHARING_DECIDE: frozenset(_LEADING | _SOCIAL_CARE),
    P.STOP_SETTLE: frozenset(_LEADING),
    P.LEAD_END: frozenset(_LEADING),
    P.LEAD_COVER: frozenset(_LEADING),
    P.LEAD_DECIDE: frozenset({Role.EARLY_HELP_MANAGER}),
    P.LEAD_CAPACITY: frozenset(_EARLY_HELP),
    P.CLOSURE_KEEP: frozenset(_EARLY_HELP),
    P.COORDINATOR_ASSIGN: frozenset({Role.EARLY_HELP_MANAGER}),
    P.TEAM_VIEW: frozenset(_READERS),
    P.TEAM_EDIT: frozenset(_LEADING),
    P.MEETING_LIST: frozenset(_EARLY_HELP | {Role.PARTNER}),
    P.MEETING_VIEW: frozenset(_READERS),
    P.MEETING_ARRANGE: frozenset(_LEADING),
    P.MEETING_WRITE_UP: frozenset(_LEADING),
    P.PLAN_VIEW: frozenset(_READERS),
    P.PLAN_EDIT: frozenset(_LEADING),
    P.PLAN_IN_FORCE: frozenset(_LEADING),
    P.NEED_END: frozenset(_LEADING),
    P.NEED_NOT_MET: frozenset(_EARLY_HELP),
    P.ACTION_LIST: frozenset(_EARLY_HELP | _SOCIAL_CARE | {Role.PARTNER}),
    P.ACTION_VIEW: frozenset(_READERS),
    P.ACTION_UPDATE: frozenset(_LEADING | {Tie.OWNER}),
    P.ACTION_AGREE: frozenset(_LEADING | {Tie.OWNER}),
    P.ACTION_VERIFY: frozenset(_LEADING | {Tie.MEMBER}),
    P.ACTION_REOPEN: frozenset(_LEADING),
    P.ACTION_DROP: frozenset(_LEADING | {Role.SOCIAL_CARE_MANAGER}),
    P.ACTION_MOVE: frozenset(_LEADING),
    P.REMIND: frozenset(_LEADING | _SOCIAL_CARE),
    P.UNDO: frozenset({Tie.RECORDER}),
    P.REFERRAL_VIEW: frozenset(_READERS),
    P.REFERRAL_RECORD: frozenset(_WORKING),
    # To a family they found by a recorded look-up and need not reach.
    P.REFERRAL_SUGGEST: frozenset(_SOCIAL_CARE | {Role.FRONT_DOOR}),
    P.CHECK_LIST: frozenset(_EARLY_HELP | _SOCIAL_CARE | {Role.PARTNER}),
    P.CHECK_VIEW: frozenset(_READERS),
    P.CHECK_RECORD: frozenset(_LEADING | _SOCIAL_CARE | {Tie.OWNER}),
    # The service itself answers on a page of its own; others say what it told them.
    P.REFERRAL_MOVE: frozenset(_LEADING | _SOCIAL_CARE),
    P.REFERRAL_ANSWER: frozenset({Tie.SERVICE}),
    P.RECEIVED_LIST: frozenset({Role.PARTNER}),
    P.SERVICE_LIST: frozenset(_EARLY_HELP | _SOCIAL_CARE | {Role.PARTNER, Role.FRONT_DOOR, Role.AUDITOR}),
    P.SERVICE_EDIT: frozenset(_EARLY_HELP),
    P.CHECK_WAIVE: frozenset(_LEADING | _SOCIAL_CARE),
    P.STANDARDS_VIEW: frozenset(_EARLY_HELP | _SOCIAL_CARE | {Role.AUDITOR}),
    P.STANDARDS_CHANGE: frozenset({Role.EARLY_HELP_MANAGER}),
    P.ALREADY_HELPED: frozenset(_EARLY_HELP),
    P.AGREEMENT_LIST: frozenset(_EARLY_HELP),
    P.AGREEMENT_EXTEND: frozenset({Role.EARLY_HELP_MANAGER}),
    P.TEAM_NEEDS_LIST: frozenset(_EARLY_HELP),
    P.WAITING_LIST: frozenset(_EARLY_HELP | {Role.SOCIAL_CARE_MANAGER}),
    P.LOOKS_LIST: frozenset({Role.EARLY_HELP_MANAGER}),
    P.LOG_EXPORT: frozenset({Role.EARLY_HELP_MANAGER}),
    P.COPY_GIVE: frozenset({Role.EARLY_HELP_MANAGER}),
    # That a record is destroyed takes two of them.
    P.RECORD_KEEP: frozenset({Role.EARLY_HELP_MANAGER}),
    # That two records become one takes two people; that they are taken apart again, one.
    P.RECORD_MERGE: frozenset(_EARLY_HELP),
    P.RECORD_PART: frozenset({Role.EARLY_HELP_MANAGER}),
    P.SHARED_DESPITE_LIST: frozenset({Role.AUDITOR}),
    P.ADMINISTER: frozenset({Role.ADMINISTRATOR}),
}
