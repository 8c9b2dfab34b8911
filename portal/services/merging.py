"""Two records turn out to be one family: one person proposes that they are merged, another confirms it."""

from collections.abc import Mapping

from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.core.errors import FieldRefused, Refused
from portal.domain.event_kinds import E
from portal.domain.merging import ALREADY, NOT_OF_YOURS
from portal.domain.permissions import P
from portal.domain.viewer import Viewer
from portal.facts import merge_obstacles, merging
from portal.models.families import Family, Person
from portal.models.merging import MergePerson, RecordMerge
from portal.policies import rules, ties
from portal.policies.scope import unscoped
from portal.services import history, summary
from portal.services.merge_moves import Moves

BUSY = "Somebody is changing {ref} at this moment. Try again in a minute."
GONE = "This is not proposed any more."
CHANGED = (
    "Since this was proposed somebody was added to one of the two records or taken out of it. Decline it, and have it "
    "proposed anew."
)
TOLD = ("early_help_managers", "coordinator")


def propose(kept: Family, other: Family, pairs: Mapping[int, int], why: str, *, of: Family, by: Viewer) -> RecordMerge:
    """`pairs`: who of the other record is who of the one that is kept. Nothing moves until somebody else confirms it.
    `of`: from which of the two it is proposed; its lock is held."""
    rules.demand(by, P.RECORD_MERGE, kept)
    second = other if of.id == kept.id else kept
    if kept.id == other.id:
        raise FieldRefused("other", NOT_OF_YOURS)
    _lock(second)
    for each in (kept, other):
        _demand_not_in_emergency(each, by)
        if merging.waits_for_somebody(each.id):
            raise Refused(ALREADY.format(ref=each.ref))
    _demand_no_obstacle(kept, other, pairs)
    merge = RecordMerge(
        family_id=kept.id,
        other_id=other.id,
        why=why,
        proposed_by_id=by.user_id,
        proposed_by_name=by.name,
        proposed_at=clock.now(),
    )
    db.session.add(merge)
    db.session.flush()
    db.session.add_all(
        MergePerson(family_id=kept.id, merge_id=merge.id, person_id=number, same_as_id=pairs.get(number))
        for number in sorted(_people(kept, other))
    )
    _record(E.MERGE_PROPOSED, kept, other, by, text=why)
    return merge


def withdraw(family: Family, *, by: Viewer) -> None:
    merge, kept, other = _waiting(family, by)
    if merge.proposed_by_id != by.user_id:
        raise Refused("Somebody else proposed this. You can decline it.")
    _end(merge, by)
    _record(E.MERGE_WITHDRAWN, kept, other, by)


def decline(family: Family, why: str, *, by: Viewer) -> None:
    merge, kept, other = _waiting(family, by)
    if merge.proposed_by_id == by.user_id:
        raise Refused("You proposed this yourself. You can withdraw it.")
    _end(merge, by, why)
    _record(E.MERGE_DECLINED, kept, other, by, text=why)


def confirm(family: Family, *, by: Viewer) -> tuple[Family, Family]:
    """By somebody else than who proposed it, under the same conditions, asked anew. Returns the record that is kept,
    and what was merged into it."""
    merge, kept, other = _waiting(family, by)
    if merge.proposed_by_id == by.user_id:
        raise Refused("You proposed this. Somebody else has to confirm it.")
    for each in (kept, other):
        _demand_not_in_emergency(each, by)
    people = merging.who_is_who(merge)
    if {row.person_id for row in people} != _people(kept, other):
        raise Refused(CHANGED)
    pairs = {row.person_id: row.same_as_id for row in people if row.same_as_id is not None}
    _demand_no_obstacle(kept, other, pairs)
    merge.confirmed_by_id, merge.confirmed_by_name, merge.confirmed_at = by.user_id, by.name, clock.now()
    db.session.flush()
    with unscoped("two records are merged"):
        Moves(merge, kept, other, pairs, by).make()
        # What was read of either is told anew by the database.
        db.session.expire_all()
        data = {"other": f"{Family.ref_prefix}-{merge.other_id}", "whom": merge.proposed_by_name}
        history.record(E.MERGED, kept, by=by, data=data, text=merge.why, notify=TOLD)
        history.changed(merge.other_id)
    ties.forget()
    return kept, other


def _waiting(family: Family, by: Viewer) -> tuple[RecordMerge, Family, Family]:
    """What is proposed, with both records locked and read again: the one that is kept, and the other."""
    rules.demand(by, P.RECORD_MERGE, family)
    merge = merging.waiting(family.id)
    if merge is None:
        raise Refused(GONE)
    both = {each.id: each for each in db.session.scalars(select(Family).where(Family.id.in_(_both(merge))))}
    for number in _both(merge):
        if number != family.id:
            _lock(both[number])
    db.session.refresh(merge)
    if not merge.waits:
        raise Refused(GONE)
    return merge, both[merge.family_id], both[merge.other_id]


def _both(merge: RecordMerge) -> tuple[int, int]:
    return merge.family_id, merge.other_id


def _end(merge: RecordMerge, by: Viewer, why: str | None = None) -> None:
    merge.ended_at, merge.ended_by_name, merge.ended_why = clock.now(), by.name, why


def _record(kind: E, kept: Family, other: Family, by: Viewer, *, text: str | None = None) -> None:
    """In the history of both; told to whom it concerns once."""
    data = {"kept": kept.ref, "other": other.ref}
    history.record(kind, kept, by=by, data=data, text=text, notify=TOLD if kind is not E.MERGE_WITHDRAWN else ())
    history.record(kind, other, by=by, data=data, text=text)


def _lock(second: Family) -> None:
    if not summary.lock_second(second.id):
        raise Refused(BUSY.format(ref=second.ref))


def _people(kept: Family, other: Family) -> set[int]:
    with unscoped("two records are merged"):
        return set(db.session.scalars(select(Person.id).where(Person.family_id.in_([kept.id, other.id]))))


def _demand_no_obstacle(kept: Family, other: Family, pairs: Mapping[int, int]) -> None:
    found = merge_obstacles.of(kept, other, pairs)
    if found:
        raise Refused(" ".join(found))


def _demand_not_in_emergency(family: Family, by: Viewer) -> None:
    """What somebody opened for some hours is not theirs to show to others for good."""
    if ties.ties(by, family.id).open_until is not None:
        raise Refused(f"You opened {family.ref} in an emergency: somebody who is cleared for it has to do this.")
