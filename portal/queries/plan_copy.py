"""The family's own copy of the plan, made for one of them: who does what by when, and whom to call."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.core.sealed import opened, within
from portal.domain.dates import full, moment
from portal.domain.episodes import OPEN_EPISODES
from portal.domain.leads import LeadState
from portal.domain.plans import NeedState
from portal.facts import confidential, meetings
from portal.facts.keep_apart import KeptBack, kept_back
from portal.models.families import CoordinatorAssignment, Family, PersonKind, SafeContact
from portal.models.handover import Episode, LeadAssignment
from portal.models.people import User
from portal.models.teamwork import PlanNeed
from portal.queries import plan_copy_lines, plan_forms


@dataclass(frozen=True)
class Wish:
    """What should be different, and sentence by sentence what is done about it. `kept`: something is, of which this
    paper says nothing."""

    words: str
    said: list[str]
    kept: bool


@dataclass(frozen=True)
class Call:
    name: str
    phone: str | None


@dataclass(frozen=True)
class StaffWords:
    """An action of the paper that has no words for the family yet."""

    ref: str
    what: str


@dataclass(frozen=True)
class Copy:
    """Nothing in it that this reader must not learn, no confidential address and no figures. `left_out`: how many
    lines are not in it for that reason, `of_others`: how many because they are about support of somebody else. Both
    and `staff_words` are said to whoever prints it and not on the paper."""

    reader: str
    wishes: list[Wish]
    others: list[str]
    call: list[Call]
    meeting: str | None
    place: str | None
    made: str
    left_out: int
    of_others: int
    staff_words: list[StaffWords]


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
    needs, actions, support = _needs(family.id), plan_copy_lines.actions(family.id), plan_copy_lines.support(family.id)
    their_needs = [row for row in needs if _may_read(row, kept, secret, row.what, row.desired_outcome)]
    hidden = {row.id for row in needs} - {row.id for row in their_needs}
    theirs = [
        row
        for row in actions
        if row.plan_need_id not in hidden and _may_read(row, kept, secret, row.what, row.family_words, row.name)
    ]
    may_call = _call(family.id)
    call = [one for one in may_call if one.name not in kept.contacts]
    line = plan_copy_lines.Lines(reader.id, kept, looked_at_by=call[0].name if call else None)
    shown = [row for row in support if row.plan_need_id not in hidden]
    own = [row for row in shown if _may_know(row, reader, kept)]
    heard_of = [row for row in own if _may_read(row, kept, secret, row.service_name)]

    def said(need_id: int | None) -> list[str]:
        return [
            *(line.of_action(row) for row in theirs if row.plan_need_id == need_id),
            *(line.of_support(row) for row in heard_of if row.plan_need_id == need_id),
        ]

    meets = None if kept.people else meetings.next_of(family.id)
    place = meets.place if meets and not secret.told_by(meets.place) else None
    read = {*theirs, *heard_of}
    kept_needs = {row.plan_need_id for row in (*actions, *support) if row not in read}
    return Copy(
        reader=reader.name,
        wishes=[Wish(row.desired_outcome or row.what, said(row.id), row.id in kept_needs) for row in their_needs],
        others=said(None),
        call=call,
        meeting=moment(meets.starts_at) if meets else None,
        place=place,
        made=full(clock.today()),
        left_out=sum(
            (
                len(hidden),
                len(actions) - len(theirs),
                len(own) - len(heard_of),
                len(may_call) - len(call),
                bool(meets and meets.place and place is None),
            )
        ),
        of_others=len(shown) - len(own),
        staff_words=[StaffWords(f"A-{row.id}", row.what) for row in theirs if not row.family_words],
    )


def _needs(family_id: int) -> Sequence[Any]:
    return db.session.execute(
        select(PlanNeed.id, PlanNeed.person_id, PlanNeed.what, PlanNeed.desired_outcome)
        .join(Episode, Episode.id == PlanNeed.episode_id)
        .where(
            PlanNeed.family_id == family_id,
            Episode.state.in_(OPEN_EPISODES),
            PlanNeed.state == NeedState.OPEN,
            PlanNeed.revision_id.is_(None),
        )
        .order_by(PlanNeed.id)
    ).all()


def _may_know(row: Any, reader: Reader, kept: KeptBack) -> bool:
    """Support of another grown-up is theirs to speak of. To a reader who is kept apart from somebody it could tell
    where that one can be found."""
    if row.person_id == reader.id:
        return True
    return not kept.people and row.kind is not PersonKind.ADULT


def _may_read(row: Any, kept: KeptBack, secret: confidential.Marks, *words: str | None) -> bool:
    return row.person_id not in kept.learn and not any(kept.tells(text) or secret.told_by(text) for text in words)


def _call(family_id: int) -> list[Call]:
    """The lead first, then the coordinator."""
    leads = (
        select(User.id, User.name, User.phone_sealed)
        .join(LeadAssignment, LeadAssignment.user_id == User.id)
        .where(LeadAssignment.family_id == family_id, LeadAssignment.state == LeadState.ACCEPTED)
    )
    coordinators = (
        select(User.id, User.name, User.phone_sealed)
        .join(CoordinatorAssignment, CoordinatorAssignment.user_id == User.id)
        .where(CoordinatorAssignment.family_id == family_id, CoordinatorAssignment.to_on.is_(None))
    )
    found = {row.id: row for each in (leads, coordinators) for row in db.session.execute(each)}
    return [Call(row.name, within(opened(row.phone_sealed, row.id))) for row in found.values()]
