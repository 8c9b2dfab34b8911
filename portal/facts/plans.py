"""What a family's plan says and what it still lacks: the same for its page, its guards and the wording it keeps."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from hashlib import sha256
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import aliased
from sqlalchemy.sql.elements import ColumnElement

from portal.core.db import db
from portal.domain.meetings import Attendance, MeetingState
from portal.domain.plans import (
    DONE_ACTIONS,
    LIVE_ACTIONS,
    ONCE_AGREED_ACTIONS,
    SHORT_HEADLINES,
    ActionState,
    Headline,
    NeedState,
)
from portal.domain.support import OPEN_REFERRALS, Method, ReferralState
from portal.models.families import Person
from portal.models.following import SupportReferral
from portal.models.teamwork import Contact, ContactPerson, Meeting, MeetingInvitee, PlanAction, PlanNeed, TeamMember

# Of a need that nobody covers: what was blocked was not agreed to, or it would be covered.
ASKED_ACTIONS = frozenset({ActionState.PROPOSED, ActionState.BLOCKED})
FACE_TO_FACE = (Method.VISIT, Method.MEETING)

NOT_MET = (
    "The {plan} comes into force after the family was met. "
    "Record a visit on which somebody was seen, or write up a meeting the family came to."
)
NO_NEED = "The {plan} has no {need} yet. Add at least one before it comes into force."


def loose_words(refs: Iterable[str]) -> str:
    """What is said of actions that no need is named for."""
    return (
        "Say which {need} each {action} is for before the {plan} comes into force. Still open: " + ", ".join(refs) + "."
    )


def lacking(*, met: bool, has_a_need: bool, loose: Iterable[int]) -> list[str]:
    """What keeps a plan from coming into force, in the guards' own words and order."""
    refs = [f"{PlanAction.ref_prefix}-{action_id}" for action_id in sorted(loose)]
    said = ((not met, NOT_MET), (not has_a_need, NO_NEED), (bool(refs), loose_words(refs)))
    return [words for lacks, words in said if lacks]


def was_met(family_id: Any) -> ColumnElement[bool]:
    """Whether somebody met the family face to face, or it came to a meeting that is written up."""
    seen = (
        select(Contact.id)
        .join(ContactPerson, ContactPerson.contact_id == Contact.id)
        .where(Contact.family_id == family_id, Contact.method.in_(FACE_TO_FACE), ContactPerson.seen)
    )
    came = (
        select(Meeting.id)
        .join(MeetingInvitee, MeetingInvitee.meeting_id == Meeting.id)
        .join(TeamMember, TeamMember.id == MeetingInvitee.member_id)
        .where(
            Meeting.family_id == family_id,
            Meeting.state == MeetingState.HELD,
            TeamMember.person_id.is_not(None),
            MeetingInvitee.attendance == Attendance.ATTENDED,
        )
    )
    return or_(seen.exists(), came.exists())


def is_live(action: Any) -> ColumnElement[bool]:
    """Whether somebody has agreed to an action and not done it yet; what is in its way does not undo that. What a
    revision brings counts once it is in force."""
    return and_(action.revision_id.is_(None), or_(action.state.in_(LIVE_ACTIONS), _blocked_but_agreed(action)))


def once_agreed(action: Any) -> ColumnElement[bool]:
    """Whether somebody agreed to an action, be it done by now; not where it was handed back or dropped."""
    return and_(action.revision_id.is_(None), or_(action.state.in_(ONCE_AGREED_ACTIONS), _blocked_but_agreed(action)))


def _blocked_but_agreed(action: Any) -> ColumnElement[bool]:
    return and_(action.state == ActionState.BLOCKED, action.agreed_on.is_not(None))


def covered(need_id: Any) -> ColumnElement[bool]:
    """Whether a plan need has an action agreed to and not done yet, or support that goes on, or may still begin."""
    action, referral = aliased(PlanAction), aliased(SupportReferral)
    return or_(
        select(action.id).where(action.plan_need_id == need_id, is_live(action)).exists(),
        select(referral.id).where(referral.plan_need_id == need_id, referral.state.in_(OPEN_REFERRALS)).exists(),
    )


def under_way(need_id: Any) -> ColumnElement[bool]:
    """Whether something is really done about a plan need: an action agreed to and not done yet, or support that has
    started. What is covered otherwise is so by a suggestion alone."""
    action, referral = aliased(PlanAction), aliased(SupportReferral)
    return or_(
        select(action.id).where(action.plan_need_id == need_id, is_live(action)).exists(),
        select(referral.id).where(referral.plan_need_id == need_id, referral.state == ReferralState.STARTED).exists(),
    )


def why_uncovered(actions: Iterable[ActionState], not_started: Iterable[str]) -> str:
    """Why nobody covers a need, after the sentence that says so. `actions`: how those stand that count by now;
    `not_started`: the services that did not start."""
    states = set(actions)
    reasons = (
        (bool(states & DONE_ACTIONS), "what was agreed is done"),
        (ActionState.HANDED_BACK in states, "what was asked was handed back"),
        (bool(states & ASKED_ACTIONS), "what was asked has not been agreed"),
    )
    said = [words for holds, words in reasons if holds]
    said += [f"{service} did not start" for service in dict.fromkeys(not_started)]
    return "; ".join(said) or "nothing has been asked yet"


def uncovered(family_id: int) -> list[Headline]:
    """The headline of each open need that nobody covers, once, in the table's order; in one statement."""
    found = db.session.scalars(
        select(PlanNeed.headline).where(
            PlanNeed.family_id == family_id,
            PlanNeed.state == NeedState.OPEN,
            PlanNeed.revision_id.is_(None),
            ~covered(PlanNeed.id),
        )
    ).all()
    return [headline for headline in Headline if headline in found]


def nobody_covers(headlines: Iterable[Headline]) -> str | None:
    """The sentence that names what nobody covers; None where everything is."""
    named = ", ".join(SHORT_HEADLINES[headline] for headline in headlines)
    return f"Nobody is covering: {named}" if named else None


def only_suggested(headlines: Iterable[Headline]) -> str | None:
    """The sentence that names what support was suggested for and nothing else is done about."""
    named = ", ".join(SHORT_HEADLINES[headline] for headline in headlines)
    return f"Only suggested so far: {named}" if named else None


@dataclass(frozen=True)
class NeedWording:
    id: int
    headline: Headline
    whose: str | None
    what: str
    outcome: str | None


@dataclass(frozen=True)
class ActionWording:
    id: int
    need: int | None
    what: str
    owner: str
    due_on: date


@dataclass(frozen=True)
class Wording:
    """What a plan says: the needs and the actions, in words. `whose` is empty where it is the whole family's."""

    needs: list[NeedWording]
    actions: list[ActionWording]

    def kept(self) -> dict[str, Any]:
        """As it is stored with the version of the plan."""
        kept: dict[str, Any] = json.loads(json.dumps(asdict(self), default=str))
        return kept

    @property
    def mark(self) -> str:
        """Different as soon as a word is: what was read and what is kept are then not the same."""
        return sha256(json.dumps(self.kept()).encode()).hexdigest()[:32]


def wording(episode_id: int) -> Wording:
    """The wording as it is now, in two statements."""
    needs = db.session.execute(
        select(
            PlanNeed.id,
            PlanNeed.headline,
            PlanNeed.what,
            PlanNeed.desired_outcome,
            Person.given_name,
            Person.known_as,
            Person.family_name,
        )
        .outerjoin(Person, Person.id == PlanNeed.person_id)
        .where(PlanNeed.episode_id == episode_id)
        .order_by(PlanNeed.id)
    )
    actions = db.session.execute(
        select(PlanAction.id, PlanAction.plan_need_id, PlanAction.what, TeamMember.name, PlanAction.due_on)
        .join(TeamMember, TeamMember.id == PlanAction.owner_id)
        .where(PlanAction.episode_id == episode_id, PlanAction.state != ActionState.NO_LONGER_NEEDED)
        .order_by(PlanAction.due_on, PlanAction.id)
    )
    return Wording(
        needs=[NeedWording(row.id, row.headline, _name(row), row.what, row.desired_outcome) for row in needs],
        actions=[ActionWording(*row) for row in actions],
    )


def _name(row: Any) -> str | None:
    return f"{row.known_as or row.given_name} {row.family_name}" if row.given_name else None
