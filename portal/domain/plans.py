"""The lives of an action plan, its needs and its actions."""

import enum

from portal.domain.permissions import P
from portal.domain.workflow import Move, Workflow, of


class PlanState(enum.StrEnum):
    DRAFT = "draft"
    IN_FORCE = "in_force"


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
    ),
)


class NeedState(enum.StrEnum):
    OPEN = "open"
    NOT_MET = "not_met"


NEED = Workflow(
    "need",
    NeedState,
    starts=(NeedState.OPEN,),
    moves=(
        Move(
            "not_met", of(NeedState.OPEN), NeedState.NOT_MET, P.NEED_NOT_MET, "need.not_met", needs=("not_met_reason",)
        ),
    ),
)


class ActionState(enum.StrEnum):
    PROPOSED = "proposed"
    AGREED = "agreed"
    IN_PROGRESS = "in_progress"
    DONE = "done"


A = ActionState
# A live action covers its need: one that is only proposed does not yet, one that is done no longer does.
LIVE_ACTIONS = of(A.AGREED, A.IN_PROGRESS)
# What was agreed to answers a need left by a step-down, though it is done by now.
ONCE_AGREED_ACTIONS = of(A.AGREED, A.IN_PROGRESS, A.DONE)
OPEN_ACTIONS = of(A.PROPOSED, A.AGREED, A.IN_PROGRESS)

ACTION = Workflow(
    "action",
    ActionState,
    starts=(A.PROPOSED,),
    moves=(
        Move("agree", of(A.PROPOSED), A.AGREED, P.ACTION_AGREE, "action.agreed"),
        Move("start", of(A.PROPOSED, A.AGREED), A.IN_PROGRESS, P.ACTION_UPDATE, "action.started"),
        Move("note", of(A.IN_PROGRESS), None, P.ACTION_UPDATE, "action.note", needs=("note",)),
        Move(
            "do",
            of(A.PROPOSED, A.AGREED, A.IN_PROGRESS),
            A.DONE,
            P.ACTION_UPDATE,
            "action.done",
            needs=("done_on",),
            guards=("not_in_future",),
        ),
    ),
)


class Offered(enum.StrEnum):
    """Whom a new action can be given to: oneself; member-3 of the team; person-4 of the family, who then joins it."""

    ME = "me"
    MEMBER = "member"
    PERSON = "person"


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


HEADLINES = {
    Headline.EDUCATION: "Getting a good education",
    Headline.EARLY_YEARS: "Good early years development",
    Headline.HEALTH: "Improved mental and physical health",
    Headline.SUBSTANCE_USE: "Better managed substance use",
    Headline.RELATIONSHIPS: "Improved family relationships",
    Headline.SAFE_FROM_ABUSE: "Children safe from abuse and exploitation",
    Headline.CRIME: "Families diverted from crime",
    Headline.DOMESTIC_ABUSE: "Safe from domestic abuse",
    Headline.HOUSING: "Secure housing",
    Headline.FINANCE: "Financial stability",
}
SHORT_HEADLINES = {
    Headline.EDUCATION: "education",
    Headline.EARLY_YEARS: "early years",
    Headline.HEALTH: "health",
    Headline.SUBSTANCE_USE: "substance use",
    Headline.RELATIONSHIPS: "family relationships",
    Headline.SAFE_FROM_ABUSE: "safety from abuse",
    Headline.CRIME: "staying out of crime",
    Headline.DOMESTIC_ABUSE: "safety from domestic abuse",
    Headline.HOUSING: "housing",
    Headline.FINANCE: "money",
}
