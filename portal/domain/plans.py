"""The lives of an action plan, its needs and its actions."""

import enum

from portal.domain.permissions import P
from portal.domain.workflow import Move, Workflow, of


class PlanState(enum.StrEnum):
    """Of one version: the first, or a revision that is written beside the version in force."""

    DRAFT = "draft"
    IN_FORCE = "in_force"
    REPLACED = "replaced"


PLAN = Workflow(
    "plan",
    PlanState,
    starts=(PlanState.DRAFT,),
    moves=(
        Move(
            "put_in_force",
            of(PlanState.DRAFT),
            PlanState.IN_FORCE,
            P.PLAN_IN_FORCE,
            "plan.in_force",
            guards=("family_was_met", "has_a_need", "every_action_has_a_need"),
        ),
        Move("replace", of(PlanState.IN_FORCE), PlanState.REPLACED, P.PLAN_IN_FORCE, "plan.replaced"),
    ),
)


class NeedState(enum.StrEnum):
    OPEN = "open"
    MET = "met"
    TRANSFERRED = "transferred"
    NOT_MET = "not_met"


NEED = Workflow(
    "need",
    NeedState,
    starts=(NeedState.OPEN,),
    moves=(
        Move("met", of(NeedState.OPEN), NeedState.MET, P.NEED_END, "need.met", needs=("met_reason",)),
        Move(
            "transfer",
            of(NeedState.OPEN),
            NeedState.TRANSFERRED,
            P.NEED_END,
            "need.transferred",
            needs=("transferred_to",),
        ),
        Move(
            "not_met", of(NeedState.OPEN), NeedState.NOT_MET, P.NEED_NOT_MET, "need.not_met", needs=("not_met_reason",)
        ),
        Move(
            "reopen",
            of(NeedState.MET, NeedState.TRANSFERRED, NeedState.NOT_MET),
            NeedState.OPEN,
            P.NEED_NOT_MET,
            "need.reopened",
            needs=("reason",),
        ),
    ),
)


class ActionState(enum.StrEnum):
    PROPOSED = "proposed"
    AGREED = "agreed"
    IN_PROGRESS = "in_progress"
    BLOCKED = "blocked"
    DONE = "done"
    VERIFIED = "verified"
    HANDED_BACK = "handed_back"
    NO_LONGER_NEEDED = "no_longer_needed"


A = ActionState
# A live action covers its need: one that is only proposed does not yet, one that is done no longer does. One that is
# blocked does where it was agreed to before (facts/plans.py).
LIVE_ACTIONS = of(A.AGREED, A.IN_PROGRESS)
# What was agreed to answers a need left by a step-down, though it is done by now.
ONCE_AGREED_ACTIONS = of(A.AGREED, A.IN_PROGRESS, A.DONE, A.VERIFIED)
OPEN_ACTIONS = of(A.PROPOSED, A.AGREED, A.IN_PROGRESS, A.BLOCKED)
# Somebody still has to do something about it: what was handed back waits for the lead.
UNSETTLED_ACTIONS = OPEN_ACTIONS | of(A.HANDED_BACK)
DONE_ACTIONS = of(A.DONE, A.VERIFIED)
NEVER_BEGAN = "{Early_help} ended before it began, so nothing more is recorded for this {action}."
# Why somebody is not the one to check what is done.
DID_IT = "You did this {action} yourself. Somebody else of the {team} has to check it."
RECORDED_IT = "You recorded that this {action} is done. Somebody else of the {team} has to check it."

ACTION = Workflow(
    "action",
    ActionState,
    starts=(A.PROPOSED,),
    guards=("early_help_began",),
    moves=(
        Move("agree", of(A.PROPOSED), A.AGREED, P.ACTION_AGREE, "action.agreed", undoable=True),
        Move("start", of(A.PROPOSED, A.AGREED), A.IN_PROGRESS, P.ACTION_UPDATE, "action.started", undoable=True),
        Move("note", of(A.IN_PROGRESS), None, P.ACTION_UPDATE, "action.note", needs=("note",), undoable=True),
        Move(
            "block",
            of(A.PROPOSED, A.AGREED, A.IN_PROGRESS),
            A.BLOCKED,
            P.ACTION_UPDATE,
            "action.blocked",
            needs=("in_the_way", "waiting_on", "review_on"),
            guards=("not_in_past",),
            undoable=True,
        ),
        Move(
            "keep_blocked",
            of(A.BLOCKED),
            None,
            P.ACTION_UPDATE,
            "action.still_blocked",
            needs=("in_the_way", "waiting_on", "review_on"),
            guards=("not_in_past",),
            undoable=True,
        ),
        Move("unblock", of(A.BLOCKED), A.IN_PROGRESS, P.ACTION_UPDATE, "action.unblocked", undoable=True),
        Move(
            "do",
            OPEN_ACTIONS,
            A.DONE,
            P.ACTION_UPDATE,
            "action.done",
            needs=("done_on",),
            guards=("not_in_future", "not_before_asked"),
            undoable=True,
        ),
        Move(
            "hand_back",
            OPEN_ACTIONS,
            A.HANDED_BACK,
            P.ACTION_UPDATE,
            "action.handed_back",
            needs=("handed_back_reason",),
            notify=("lead_professional",),
            undoable=True,
        ),
        Move(
            "verify",
            of(A.DONE),
            A.VERIFIED,
            P.ACTION_VERIFY,
            "action.verified",
            needs=("what_changed",),
            guards=("not_ones_own", "not_before_done"),
            undoable=True,
        ),
        Move(
            "reopen",
            DONE_ACTIONS,
            A.IN_PROGRESS,
            P.ACTION_REOPEN,
            "action.reopened",
            needs=("reason",),
            notify=("action_owner",),
            undoable=True,
        ),
        Move(
            "drop",
            UNSETTLED_ACTIONS,
            A.NO_LONGER_NEEDED,
            P.ACTION_DROP,
            "action.dropped",
            needs=("dropped_reason", "family_agreed"),
            guards=("carried_safety_not_dropped_alone",),
            notify=("action_owner",),
            undoable=True,
        ),
        Move(
            "move_due",
            OPEN_ACTIONS,
            None,
            P.ACTION_MOVE,
            "action.due_moved",
            needs=("due_on", "reason"),
            guards=("not_in_past",),
            undoable=True,
        ),
        # Whoever did not agree to it yet is asked, as with a new one.
        Move(
            "pass_on_asked",
            of(A.PROPOSED),
            None,
            P.ACTION_MOVE,
            "action.passed_on",
            needs=("owner_id", "reason"),
            notify=("action_owner",),
            undoable=True,
        ),
        Move(
            "pass_on",
            UNSETTLED_ACTIONS - of(A.PROPOSED),
            A.PROPOSED,
            P.ACTION_MOVE,
            "action.passed_on",
            needs=("owner_id", "reason"),
            notify=("action_owner",),
            undoable=True,
        ),
    ),
)


class FamilyAgrees(enum.StrEnum):
    """Whether the family thinks so too, when something is dropped."""

    AGREES = "agrees"
    DISAGREES = "disagrees"
    NOT_ASKED = "not_asked"


class Offered(enum.StrEnum):
    """Whom a new action can be given to: oneself; member-3 of the team; person-4 of the family, who then joins it; and
    when it is passed on user-5, who joins it too."""

    ME = "me"
    MEMBER = "member"
    PERSON = "person"
    USER = "user"


class Headline(enum.StrEnum):
    """The ten headline outcomes of Supporting Families, chapter 5 of its guidance 2022 to 2025."""

    EDUCATION = "education"
    EARLY_YEARS = "early_years"
    HEALTH = "health"
    SUBSTANCE_USE = "substance_use"
    RELATIONSHIPS = "relationships"
    SAFE_FROM_ABUSE = "safe_from_abuse"
    CRIME = "crime"
    DOMESTIC_ABUSE = "domestic_abuse"
    HOUSING = "housing"
    FINANCE = "finance"


# The council's own labels, as every concept; the short one is named in passing, within a sentence.
HEADLINES = {headline: f"{{outcome_{headline}}}" for headline in Headline}
SHORT_HEADLINES = {headline: f"{{short_{headline}}}" for headline in Headline}


class Review(enum.StrEnum):
    """How a need stands, compared with the last time, as the family sees it."""

    BETTER = "better"
    SAME = "same"
    WORSE = "worse"
