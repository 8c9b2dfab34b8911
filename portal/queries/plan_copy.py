"""The family's own copy of the plan, made for one of them: who does what by when, and whom to call."""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.domain.dates import full
from portal.domain.episodes import OPEN_EPISODES
from portal.domain.leads import LeadState
from portal.domain.plans import ActionState, NeedState
from portal.facts import confidential, meetings
from portal.facts.keep_apart import KeptBack, kept_back
from portal.facts.practice import calendar
from portal.models.families import CoordinatorAssignment, Family, SafeContact
from portal.models.handover import Episode, LeadAssignment
from portal.models.people import User
from portal.models.teamwork import PlanAction, PlanNeed, TeamMember
from portal.queries import plan_forms

AGREED = (ActionState.AGREED, ActionState.IN_PROGRESS, ActionState.BLOCKED)


@dataclass(frozen=True)
class Promise:
    """`you`: the reader's own."""

    who: str
    you: bool
    what: str
    by: str


@dataclass(frozen=True)
class Wish:
    """What should be different, and who does what about it."""

    words: str
    promises: list[Promise] = field(default_factory=list)


@dataclass(frozen=True)
class Call:
    name: str
    phone: str | None


@dataclass(frozen=True)
class Copy:
    """Nothing in it that this reader must not learn, no address and no figures. `left_out`: how many lines are not in
    it for that reason, said to whoever prints it and not on the paper."""

    reader: str
    wishes: list[Wish]
    others: list[Promise]
    call: list[Call]
    meeting: str | None
    made: str
    left_out: int


@dataclass(frozen=True)
class Reader:
    id: int
    name: str
    never: bool


def readers(family: Family) -> list[Reader]:
    """Everybody of the family; for who must never be contacted no copy is made."""
    never = set(
        db.session.scalars(
            select(SafeContact.person_id).where(SafeContact.family_id == family.id, SafeContact.never_contact)
        )
    )
    return [
        Reader(person.id, person.name, person.id in never)
        for person in plan_forms.everybody(family.id)
        if person.expected_on is None
    ]


def for_reader(family: Family, reader: Reader) -> Copy:
    kept = kept_back(family.id, reader.id)
    secret = confidential.marks(family.id)
    needs = db.session.execute(
        select(PlanNeed.id, PlanNeed.person_id, PlanNeed.what, PlanNeed.desired_outcome)
        .join(Episode, Episode.id == PlanNeed.episode_id)
        .where(
            PlanNeed.family_id == family.id,
            Episode.state.in_(OPEN_EPISODES),
            PlanNeed.state == NeedState.OPEN,
            PlanNeed.revision_id.is_(None),
        )
        .order_by(PlanNeed.id)
    ).all()
    actions = db.session.execute(
        select(
            PlanAction.id,
            PlanAction.plan_need_id,
            PlanAction.what,
            PlanAction.due_on,
            TeamMember.person_id,
            TeamMember.name,
            TeamMember.organisation,
        )
        .join(TeamMember, TeamMember.id == PlanAction.owner_id)
        .join(Episode, Episode.id == PlanAction.episode_id)
        .where(
            PlanAction.family_id == family.id,
            Episode.state.in_(OPEN_EPISODES),
            PlanAction.state.in_(AGREED),
            PlanAction.revision_id.is_(None),
        )
        .order_by(PlanAction.due_on, PlanAction.id)
    ).all()
    their_needs = [row for row in needs if _may_read(row, kept, secret, row.what, row.desired_outcome)]
    hidden = {row.id for row in needs} - {row.id for row in their_needs}
    theirs = [
        row for row in actions if row.plan_need_id not in hidden and _may_read(row, kept, secret, row.what, row.name)
    ]
    days = calendar()

    def promises(need_id: int | None) -> list[Promise]:
        return [
            Promise(_who(row), row.person_id == reader.id, row.what, full(days.due(row.due_on)))
            for row in theirs
            if row.plan_need_id == need_id
        ]

    meets = None if kept.people else meetings.next_on(family.id)
    return Copy(
        reader=reader.name,
        wishes=[Wish(row.desired_outcome or row.what, promises(row.id)) for row in their_needs],
        others=promises(None),
        call=_call(family.id),
        meeting=full(meets) if meets else None,
        made=full(clock.today()),
        left_out=len(needs) - len(their_needs) + len(actions) - len(theirs),
    )


def _may_read(row: Any, kept: KeptBack, secret: confidential.Marks, *words: str | None) -> bool:
    return row.person_id not in kept.learn and not any(kept.tells(text) or secret.told_by(text) for text in words)


def _who(row: Any) -> str:
    return f"{row.name}, {row.organisation}" if row.organisation else str(row.name)


def _call(family_id: int) -> list[Call]:
    """The lead first, then the coordinator."""
    leads = (
        select(User.name, User.phone)
        .join(LeadAssignment, LeadAssignment.user_id == User.id)
        .where(LeadAssignment.family_id == family_id, LeadAssignment.state == LeadState.ACCEPTED)
    )
    coordinators = (
        select(User.name, User.phone)
        .join(CoordinatorAssignment, CoordinatorAssignment.user_id == User.id)
        .where(CoordinatorAssignment.family_id == family_id, CoordinatorAssignment.to_on.is_(None))
    )
    found = [*db.session.execute(leads).all(), *db.session.execute(coordinators).all()]
    return [Call(row.name, row.phone) for row in dict.fromkeys(found)]
