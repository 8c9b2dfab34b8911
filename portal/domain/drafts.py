"""What a step-down says, part by part, as it is typed and as it is shown. Where a part was left unfinished an
answer is None."""

from dataclasses import dataclass, field
from datetime import date

from portal.domain.engagement import EngagementAnswer
from portal.domain.plans import Headline
from portal.domain.step_downs import NeedOutcome, Origin, ViewKnown


@dataclass(frozen=True)
class ChildDecision:
    """Why one child is handed over."""

    person_id: int
    origin: Origin | None = None
    origin_from: date | None = None
    origin_to: date | None = None
    decision_on: date | None = None
    why: str | None = None
    level_before: int | None = None
    level_now: int | None = None


@dataclass(frozen=True)
class NeedLeft:
    headline: Headline
    what: str
    outcome: NeedOutcome
    person_id: int | None = None


@dataclass(frozen=True)
class StillToDo:
    what: str
    concerns_safety: bool = False


@dataclass(frozen=True)
class SafeWay:
    """How one adult can be reached, and how never."""

    person_id: int
    phone: str | None = None
    by_phone: bool = False
    by_text: bool = False
    never_contact: bool = False
    note: str | None = None


@dataclass(frozen=True)
class ChildView:
    person_id: int
    view: str | None
    known: ViewKnown | None


@dataclass(frozen=True)
class ParentView:
    """A parent's view, or why it was not safe to ask."""

    person_id: int
    view: str | None
    not_asked: str | None


@dataclass(frozen=True)
class Asked:
    """What one person said when asked whether they want early help."""

    person_id: int
    answer: EngagementAnswer
    asked_on: date | None
    how_explained: str | None
    exclusions: str | None = None
    worries: str | None = None
    child_can_decide: bool = False
    # Somebody has said that a very young child decides this; it is no part of the answer.
    young: bool = field(default=False, compare=False)
