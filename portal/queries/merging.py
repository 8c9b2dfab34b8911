"""Two records beside each other, as whoever proposes or confirms that they are one family reads them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from portal.core.db import db
from portal.domain.dates import full, london_date, moment
from portal.domain.identifiers import family_number, name_key
from portal.domain.merging import REVERSIBLE
from portal.domain.step_downs import StepDownState
from portal.domain.support import OPEN_REFERRALS, CheckState
from portal.domain.viewer import Viewer
from portal.domain.wording import STATES
from portal.facts import merge_obstacles, merging
from portal.models.families import Family, Person
from portal.models.following import FollowUpCheck, SupportReferral
from portal.models.handover import StepDown
from portal.models.merging import RecordMerge
from portal.models.record import FamilySummary
from portal.models.teamwork import TeamMember
from portal.queries import families, households, merge_reach
from portal.queries.households import Somebody
from portal.queries.merge_reach import Sees

NOTHING = "–"
LIKELY = 5
LEAD = "{Lead_professional}"


@dataclass(frozen=True)
class Side:
    ref: str
    name: str


@dataclass(frozen=True)
class Line:
    """One question, and what each of the two records says."""

    question: str
    said: tuple[list[str], list[str]]
    # Whether it may hold concepts in braces.
    ours: bool


@dataclass(frozen=True)
class Who:
    """Somebody of the other record: who they are, and what becomes of them."""

    name: str
    becomes: str


@dataclass(frozen=True)
class Beside:
    sides: tuple[Side, Side]
    lines: list[Line]


@dataclass(frozen=True)
class Proposal:
    """`kept` and `other`: references. `mine`: the viewer proposed it. `obstacles`: why it cannot be confirmed now."""

    kept: str
    other: str
    why: str
    proposed: str
    mine: bool
    beside: Beside
    people: list[Who]
    sees: Sees
    obstacles: list[str]
    other_id: int


@dataclass(frozen=True)
class Past:
    """A record that was merged into this one; `until`: while it can be taken apart, until when."""

    other: str
    what: str
    why: str
    until: str | None
    parted: str | None


@dataclass(frozen=True)
class Likely:
    """Another record in which somebody of this family seems to stand too."""

    ref: str
    name: str
    whom: list[str]


@dataclass(frozen=True)
class Waiting:
    ref: str
    kept: str
    other: str
    proposed: str
    mine: bool


def other_of(family: Family, reference: str) -> Family | None:
    """By its reference or the council's own, exactly; of those the viewer reaches."""
    typed = reference.strip()
    if not typed:
        return None
    number = family_number(typed) or 0
    known = (Family.id == number) | (Family.council_reference.in_([typed, typed.upper()]))
    return db.session.scalars(select(Family).where(known, Family.id != family.id).limit(1)).first()


def beside(one: Family, other: Family) -> Beside:
    return Beside(
        sides=(Side(one.ref, one.name), Side(other.ref, other.name)),
        lines=[
            Line(question, (says or [NOTHING], other_says or [NOTHING]), ours=question == LEAD)
            for (question, says), other_says in zip(_says(one).items(), _says(other).values(), strict=True)
        ],
    )


def _says(family: Family) -> dict[str, list[str]]:
    header, home = families.header(family), households.of_family(family.id)
    summary = db.session.execute(select(FamilySummary).where(FamilySummary.family_id == family.id)).scalar_one()
    return {
        "People": [f"{each.name}, {born_of(each)}" for each in home.people],
        "Homes": [f"{each.name}: {each.address}" if each.address else each.name for each in home.homes],
        "Added": [full(london_date(family.added_at))],
        "The council’s own reference": [family.council_reference] if family.council_reference else [],
        "Who may see it": ["Restricted"] if family.restricted else ["Not restricted"],
        "Stage": [header.stage.words],
        LEAD: [header.lead],
        "{Coordinator}": [header.coordinator] if header.coordinator else [],
        "{Team}": _names(family.id),
        "{Step_down:many}": _step_downs(family.id),
        "{Action:many} that are open": [str(summary.actions_open)],
        "Support that is open": _supports(family.id),
        "Checks that are due": [str(_checks(family.id))],
    }


def born_of(person: Somebody) -> str:
    """Date of birth 4 May 1990 (36)"""
    birth = person.facts[0]
    return f"{birth.key.lower()} {birth.value[:1].lower() + birth.value[1:]}"


def _names(family_id: int) -> list[str]:
    rows = db.session.execute(
        select(TeamMember.name, TeamMember.organisation)
        .where(TeamMember.family_id == family_id, TeamMember.left_on.is_(None))
        .order_by(TeamMember.id)
    )
    return [", ".join(part for part in row if part) for row in rows]


def _step_downs(family_id: int) -> list[str]:
    """Not those that social work is still writing."""
    rows = db.session.execute(
        select(StepDown.id, StepDown.state)
        .where(StepDown.family_id == family_id, StepDown.state != StepDownState.DRAFT)
        .order_by(StepDown.id)
    )
    return [f"{StepDown.ref_prefix}-{row.id}: {STATES[row.state].words}" for row in rows]


def _supports(family_id: int) -> list[str]:
    rows = db.session.execute(
        select(SupportReferral.id, SupportReferral.service_name)
        .where(SupportReferral.family_id == family_id, SupportReferral.state.in_(OPEN_REFERRALS))
        .order_by(SupportReferral.id)
    )
    return [f"{row.service_name}, {SupportReferral.ref_prefix}-{row.id}" for row in rows]


def _checks(family_id: int) -> int:
    due = select(func.count(FollowUpCheck.id)).where(
        FollowUpCheck.family_id == family_id, FollowUpCheck.state == CheckState.DUE
    )
    return int(db.session.execute(due).scalar_one())


def people_of(family_id: int) -> list[Somebody]:
    return list(households.of_family(family_id).people)


def in_the_way(one: Family, other: Family) -> list[str]:
    return merge_obstacles.before(one, other)


def guessed(one: Family, other: Family) -> Mapping[int, int]:
    """By person of the other record: who of this one they seem to be, by a number or by name and day of birth."""
    ours = db.session.scalars(select(Person).where(Person.family_id == one.id).order_by(Person.id)).all()
    theirs = db.session.scalars(select(Person).where(Person.family_id == other.id).order_by(Person.id)).all()
    found: dict[int, int] = {}
    for each in theirs:
        like = next((person for person in ours if person.id not in found.values() and _alike(person, each)), None)
        if like is not None:
            found[each.id] = like.id
    return found


def _alike(one: Person, other: Person) -> bool:
    if one.kind is not other.kind:
        return False
    for number in ("nhs_number", "upn", "social_care_number"):
        if getattr(one, number) and getattr(one, number) == getattr(other, number):
            return True
    named = name_key(one.given_name) == name_key(other.given_name) and one.name_key == other.name_key
    return named and one.date_of_birth == other.date_of_birth


def likely(family: Family) -> list[Likely]:
    """Of the families that the viewer reaches: those with somebody of the same surname and day of birth."""
    own = aliased(Person)
    rows = db.session.execute(
        select(Family.id, Family.name, Person.given_name, Person.family_name, Person.date_of_birth)
        .join(Person, Person.family_id == Family.id)
        .join(own, (own.name_key == Person.name_key) & (own.date_of_birth == Person.date_of_birth))
        .where(own.family_id == family.id, Family.id != family.id)
        .order_by(Family.id, Person.id)
    ).all()
    found: dict[int, Likely] = {}
    for row in rows:
        one = found.setdefault(row.id, Likely(f"{Family.ref_prefix}-{row.id}", row.name, []))
        words = f"{row.given_name} {row.family_name}, born {full(row.date_of_birth)}"
        if words not in one.whom:
            one.whom.append(words)
    return list(found.values())[:LIKELY]


def proposal_of(family: Family, viewer: Viewer) -> Proposal | None:
    merge = merging.waiting(family.id)
    if merge is None:
        return None
    both = {row.id: row for row in db.session.scalars(select(Family).where(Family.id.in_(_both(merge))))}
    kept, other = both[merge.family_id], both[merge.other_id]
    people = merging.who_is_who(merge)
    pairs = {row.person_id: row.same_as_id for row in people if row.same_as_id is not None}
    return Proposal(
        kept=kept.ref,
        other=other.ref,
        why=merge.why,
        proposed=f"{merge.proposed_by_name}, {moment(merge.proposed_at)}",
        mine=merge.proposed_by_id == viewer.user_id,
        beside=beside(kept, other),
        people=_who(kept, other, pairs),
        sees=merge_reach.after(kept, other),
        obstacles=merge_obstacles.of(kept, other, pairs),
        other_id=merge.other_id if merge.family_id == family.id else merge.family_id,
    )


def _both(merge: RecordMerge) -> tuple[int, int]:
    return merge.family_id, merge.other_id


def _who(kept: Family, other: Family, pairs: Mapping[int, int]) -> list[Who]:
    ours = {each.id: each for each in people_of(kept.id)}
    return [
        Who(
            f"{each.name}, {born_of(each)}",
            f"the same person as {ours[pairs[each.id]].name}, {born_of(ours[pairs[each.id]])}"
            if pairs.get(each.id) in ours
            else "another person: stands in the merged record too",
        )
        for each in people_of(other.id)
    ]


def past_of(family: Family) -> list[Past]:
    """The latest first."""
    rows = db.session.scalars(
        select(RecordMerge)
        .where(RecordMerge.family_id == family.id, RecordMerge.confirmed_at.is_not(None))
        .order_by(RecordMerge.confirmed_at.desc(), RecordMerge.id.desc())
    ).all()
    last = merging.last(family.id)
    return [_past(row, is_last=last is not None and row.id == last.id) for row in rows]


def _past(row: RecordMerge, *, is_last: bool) -> Past:
    confirmed = row.confirmed_at or row.proposed_at
    return Past(
        other=f"{Family.ref_prefix}-{row.other_id}",
        what=f"{row.proposed_by_name} proposed it on {moment(row.proposed_at)}, "
        f"{row.confirmed_by_name} confirmed it on {moment(confirmed)}",
        why=row.why,
        until=moment(confirmed + REVERSIBLE) if is_last and merging.can_be_parted(row) else None,
        parted=f"{row.parted_by_name}, {moment(row.parted_at)}: {row.parted_why}" if row.parted_at else None,
    )


def waiting_everywhere(viewer: Viewer) -> list[Waiting]:
    """What waits for a second person, the oldest first; of families that the viewer reaches both."""
    rows: Any = db.session.scalars(
        select(RecordMerge)
        .where(RecordMerge.confirmed_at.is_(None), RecordMerge.ended_at.is_(None))
        .order_by(RecordMerge.id)
    )
    return [
        Waiting(
            ref=f"{Family.ref_prefix}-{row.family_id}",
            kept=f"{Family.ref_prefix}-{row.family_id}",
            other=f"{Family.ref_prefix}-{row.other_id}",
            proposed=f"{row.proposed_by_name}, {moment(row.proposed_at)}",
            mine=row.proposed_by_id == viewer.user_id,
        )
        for row in rows
    ]
