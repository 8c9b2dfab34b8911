"""Why two records cannot be merged as they stand: each reason a sentence, asked when it is proposed and again when it
is confirmed."""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import exists, select

from portal.core.db import db
from portal.core.sealed import Unread
from portal.domain.episodes import OPEN_EPISODES
from portal.domain.leads import LeadState
from portal.domain.merging import ALREADY, TELLS_APART
from portal.domain.roles import Role
from portal.facts import merging
from portal.models.families import Clearance, ConfidentialAddress, Family, Person, SafeContact
from portal.models.handover import Episode, LeadAssignment, StepDownChild
from portal.models.people import User, UserRole
from portal.models.subjects import DestructionProposal
from portal.policies import barred
from portal.policies.scope import unscoped

# Who of the other record is who of the one that is kept, by their numbers.
Pairs = Mapping[int, int]
NO_MANAGER = (
    "No {early_help_manager} could see the merged record and clear others for it. Clear the same one for both first, "
    "without a last day."
)


def of(kept: Family, other: Family, pairs: Pairs) -> list[str]:
    """Asked past the seat-belt where somebody who may merge could not see all of it, and said without names then."""
    with unscoped("whether two records can be merged"):
        return [*_open_twice(kept, other), *_of_people(pairs), *_destroyed(kept, other), *_for_nobody(kept, other)]


def before(one: Family, other: Family) -> list[str]:
    """What would stand in the way whoever is who: said before anybody writes anything."""
    already = [ALREADY.format(ref=each.ref) for each in (one, other) if merging.waits_for_somebody(each.id)]
    return already or of(one, other, {})


def of_people(pairs: Pairs) -> list[str]:
    with unscoped("whether two records can be merged"):
        return list(_of_people(pairs))


def _open_twice(kept: Family, other: Family) -> Iterator[str]:
    both = [kept.id, other.id]
    episodes = select(Episode.family_id).where(Episode.family_id.in_(both), Episode.state.in_(OPEN_EPISODES))
    if len(set(db.session.scalars(episodes))) > 1:
        yield (
            f"{{Early_help}} is open in both {kept.ref} and {other.ref}, and a {{family}} has it once at a time. "
            "It has to end in one of them first."
        )
    for state, words in (
        (LeadState.ACCEPTED, "has {lead_professional:a}. One of them has to end first."),
        (LeadState.NOMINATED, "waits for somebody to say whether they lead. Withdraw one of them first."),
    ):
        leads = select(LeadAssignment.family_id).where(
            LeadAssignment.family_id.in_(both), LeadAssignment.state == state
        )
        if len(set(db.session.scalars(leads))) > 1:
            yield f"Each of the two {words}"


def _of_people(pairs: Pairs) -> Iterator[str]:
    ids = [*pairs, *pairs.values()]
    people = {row.id: row for row in db.session.scalars(select(Person).where(Person.id.in_(ids)))}
    handed_over = set(
        db.session.scalars(
            select(StepDownChild.person_id).where(StepDownChild.person_id.in_(ids), StepDownChild.is_open)
        )
    )
    contacts = {row.person_id: row for row in db.session.scalars(_own(SafeContact, ids))}
    hidden = {row.person_id for row in db.session.scalars(_own(ConfidentialAddress, ids))}
    for one, same in pairs.items():
        who = people[same].name
        yield from (f"{who}: {words}. Correct that first, or keep both." for words in _apart(people[one], people[same]))
        if {one, same} <= handed_over:
            yield f"{who} is in {{step_down:a}} that is open in both. One of them has to end first."
        if {one, same} <= contacts.keys() and not _alike(contacts[one], contacts[same]):
            yield f"How {who} can safely be reached differs in the two. Make it the same in both first."
        if {one, same} <= hidden:
            yield f"{who} has a confidential address in both. Its keepers remove one of them first."


def _own(model: Any, ids: list[int]) -> Any:
    return select(model).where(model.person_id.in_(ids))


def _apart(one: Person, same: Person) -> Iterator[str]:
    for column, words in TELLS_APART.items():
        said = getattr(one, column), getattr(same, column)
        if None not in said and said[0] != said[1]:
            yield words
    if (one.date_of_birth and same.expected_on) or (one.expected_on and same.date_of_birth):
        yield "one is born, the other is expected"


def _alike(one: SafeContact, same: SafeContact) -> bool:
    """Nobody knows whether what cannot be read is the same."""
    told = _contact(one), _contact(same)
    return told[0] == told[1] and not any(isinstance(each, Unread) for each in told[0])


def _contact(row: SafeContact) -> tuple[Any, ...]:
    ways = row.by_phone, row.by_text, row.by_email, row.by_post, row.never_contact
    return (*ways, row.phone, row.email, row.note)


def _destroyed(kept: Family, other: Family) -> Iterator[str]:
    proposed = set(
        db.session.scalars(
            select(DestructionProposal.family_id).where(
                DestructionProposal.family_id.in_([kept.id, other.id]), DestructionProposal.withdrawn_at.is_(None)
            )
        )
    )
    for family in (kept, other):
        if family.id in proposed:
            yield f"Somebody proposed to destroy {family.ref}. That has to be withdrawn first."


def _for_nobody(kept: Family, other: Family) -> Iterator[str]:
    """Whoever must not see one of them will not see the merged one; nor whoever is not cleared for each that is
    restricted. Somebody has to be left who can clear others."""
    manages = exists().where(UserRole.user_id == User.id, UserRole.role == Role.EARLY_HELP_MANAGER)
    free = [~barred.conflicted(family.id, User.id) for family in (kept, other)]
    cleared = [_lasting(family) for family in (kept, other) if family.restricted]
    left = select(User.id).where(User.active, manages, *free, *cleared).limit(1)
    if db.session.scalars(left).first() is None:
        yield NO_MANAGER


def _lasting(family: Family) -> Any:
    return exists().where(
        Clearance.family_id == family.id,
        Clearance.user_id == User.id,
        Clearance.ended_at.is_(None),
        Clearance.until_on.is_(None),
    )
