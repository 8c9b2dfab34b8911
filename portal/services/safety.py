"""How people are kept safe: how each can be reached, who is kept apart from whom, whose address is confidential."""

from collections.abc import Mapping
from dataclasses import asdict, replace

from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.core.errors import FieldRefused, Refused
from portal.core.sealed import within
from portal.domain.event_kinds import E
from portal.domain.reach import Reach
from portal.domain.viewer import Viewer
from portal.facts import confidential
from portal.facts.meetings import apart_words
from portal.models.families import (
    ConfidentialAddress,
    Family,
    KeepApart,
    KeepApartKind,
    KeepApartReason,
    Person,
    SafeContact,
)
from portal.models.record import Event
from portal.services import history
from portal.services.people import touch


def reach(person: Person, how: Reach, *, by: Viewer) -> bool:
    """Record how somebody can safely be reached; whether that is different from before. Raises Refused for somebody
    who cannot be reached at all."""
    if person.died_on or person.expected_on:
        raise Refused("Nobody can be reached here. Look at what is recorded of the {family}.")
    row = db.session.scalars(select(SafeContact).where(SafeContact.person_id == person.id)).first()
    old = reach_of(row)
    if old == how:
        return False
    if row is None:
        row = SafeContact(family_id=person.family_id, person_id=person.id)
        db.session.add(row)
    for name, value in asdict(how).items():
        setattr(row, name, value)
    touch(person)
    data = {"whom": person.name, "old": _told(old), "new": _told(how)}
    history.record(E.SAFE_CONTACT_CHANGED, person, by=by, data=data)
    return True


def reach_of(row: SafeContact | None) -> Reach:
    return Reach() if row is None else Reach(**{name: getattr(row, name) for name in asdict(Reach())})


def _told(how: Reach) -> str:
    told = replace(how, phone=within(how.phone), email=within(how.email))
    return ". ".join(part for part in (told.words, how.note) if part)


def keep_apart(
    family: Family, person_id: int, other_id: int, kind: KeepApartKind, *, reason: str, by: Viewer
) -> KeepApart:
    """From now on this person must not learn of, or must not meet, the other. Raises FieldRefused at `other` where it
    is one person, or is so already."""
    if person_id == other_id:
        raise FieldRefused("other", "Choose two different people")
    people = _people(family.id, person_id, other_id)
    words = apart_words(kind, people[person_id].name, people[other_id].name)
    if _stands(person_id, other_id, kind):
        raise FieldRefused("other", f"It is recorded already that {words}")
    row = KeepApart(family_id=family.id, person_id=person_id, other_id=other_id, kind=kind)
    db.session.add(row)
    db.session.flush()
    give_reason(E.KEEP_APART_ADDED, row, reason, by=by, data={"what": words})
    return row


def end_keep_apart(row: KeepApart, *, reason: str, by: Viewer) -> None:
    """They need not be kept apart any more. Raises Refused where that was ended already."""
    if row.ended_on is not None:
        raise Refused("This was ended already. Look at the household.")
    people = _people(row.family_id, row.person_id, row.other_id)
    row.ended_on = clock.today()
    words = apart_words(row.kind, people[row.person_id].name, people[row.other_id].name)
    give_reason(E.KEEP_APART_ENDED, row, reason, by=by, data={"what": words})


def give_reason(kind: E, row: KeepApart, why: str, *, by: Viewer, data: Mapping[str, str] | None = None) -> Event:
    """A line of history that everybody reads, and its reason beside it, which few may."""
    event = history.record(kind, row, by=by, data=data)
    db.session.flush()
    of = {"family_id": row.family_id, "keep_apart_id": row.id, "event_id": event.id}
    db.session.add(KeepApartReason(**of, written_by_id=by.user_id, text=why))
    return event


def kept_apart_of(line: Event) -> KeepApart | None:
    """What a line of history about keeping apart, or a correction of one, is about."""
    prefix, _, number = line.subject.partition("-")
    if prefix != KeepApart.ref_prefix:
        return None
    of = (KeepApart.family_id == line.family_id, KeepApart.id == int(number))
    return db.session.scalars(select(KeepApart).where(*of)).one()


def hide_address(person: Person, address: str, postcode: str | None, *, by: Viewer) -> bool:
    """Record where somebody lives for the coordinator and the lead alone; whether that is new. The history says that
    it was recorded, never what it is."""
    if person.died_on or person.expected_on:
        raise Refused("A confidential address is recorded for people who are living. Look at the household.")
    row = _hidden(person)
    if row is not None and (row.address, row.postcode) == (address, postcode):
        return False
    kind = E.CONFIDENTIAL_RECORDED if row is None else E.CONFIDENTIAL_CHANGED
    if row is None:
        row = ConfidentialAddress(family_id=person.family_id, person_id=person.id)
        db.session.add(row)
    row.address, row.postcode = address, postcode
    touch(person)
    history.record(kind, person, by=by, data={"whom": person.name})
    return True


def forget_address(person: Person, reason: str, *, by: Viewer) -> None:
    """The address need not be confidential any more, or they live there no longer: it is nowhere after this."""
    row = _hidden(person)
    if row is None:
        raise Refused("No confidential address is recorded any more.")
    db.session.delete(row)
    touch(person)
    history.record(E.CONFIDENTIAL_REMOVED, person, by=by, data={"whom": person.name}, text=reason)


def demand_kept_back(family_id: int, text: str | None, *, field: str) -> None:
    """Raises FieldRefused at the field for words that more people read than may know a confidential address."""
    if text and confidential.marks(family_id).surely_told_by(text):
        raise FieldRefused(
            field,
            "This tells an address that is kept confidential, and more people read it than may know it. "
            "Take the address and the postcode out",
        )


def _hidden(person: Person) -> ConfidentialAddress | None:
    return db.session.scalars(select(ConfidentialAddress).where(ConfidentialAddress.person_id == person.id)).first()


def _people(family_id: int, *ids: int) -> dict[int, Person]:
    rows = db.session.scalars(select(Person).where(Person.family_id == family_id, Person.id.in_(ids)))
    return {person.id: person for person in rows}


def _stands(person_id: int, other_id: int, kind: KeepApartKind) -> bool:
    """Not to meet is the same whichever of the two is named first."""
    pairs = [(person_id, other_id), *([(other_id, person_id)] if kind is KeepApartKind.MUST_NOT_MEET else [])]
    rows = db.session.execute(
        select(KeepApart.person_id, KeepApart.other_id).where(
            KeepApart.kind == kind, KeepApart.ended_on.is_(None), KeepApart.person_id.in_([person_id, other_id])
        )
    )
    return any((row.person_id, row.other_id) in pairs for row in rows)
