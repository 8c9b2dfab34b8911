"""A family that a spreadsheet names again: what the file says now is taken over, each change with what was before."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from sqlalchemy import select

from portal.core.db import db
from portal.core.sealed import Unread
from portal.domain.event_kinds import E
from portal.domain.family_columns import BY_KEY
from portal.domain.family_sheet import SheetFamily, SheetRow
from portal.domain.identifiers import name_key, same_phone
from portal.domain.viewer import Viewer
from portal.facts import confidential
from portal.facts.people import shown
from portal.models.families import Family, ParentalResponsibility, Person, PersonKind, Relationship, SafeContact
from portal.models.record import Event
from portal.services import already_helped, history, new_families
from portal.services.already_helped import Known
from portal.services.homes import readdress
from portal.services.known_families import KnownFamily
from portal.services.new_families import OF_PERSON
from portal.services.people import rename_member, touch

# Lines of what somebody recorded in the portal themselves: no file takes that back.
_CONTACT, _RELATION = frozenset({E.SAFE_CONTACT_CHANGED}), frozenset({E.RELATION_CHANGED})
_RESPONSIBLE = frozenset({E.RESPONSIBILITY_RECORDED, E.RESPONSIBILITY_REMOVED})
UNREADABLE = "is stored in the portal and cannot be read there. It stays as it is: enter it anew in the portal"
KEPT = "was changed in the portal since, and stays as it is there. Change it there where the file is right"
NEVER = "is yes, though the portal says never to contact this person. That stays"

Pairs = Sequence[tuple[SheetRow, Person | None]]
Note = Callable[[int, str, str], None]


def bring_up_to_date(here: KnownFamily, each: SheetFamily, pairs: Pairs, note: Note, *, by: Viewer) -> bool:
    """Whether anything changed. Only what the file says is looked at: an empty cell takes nothing away, and a person
    who is not in it any more stays. `note`: told of what the file says and the portal keeps otherwise."""
    changes = [*_of_family(here, each, note), *_of_people(here, pairs, note)]
    if changes:
        history.record(E.FAMILY_BROUGHT_UP_TO_DATE, here.family, by=by, data={"what": "; ".join(changes)})
    return _of_early_help(here, each, by=by) or bool(changes)


def _of_family(here: KnownFamily, each: SheetFamily, note: Note) -> list[str]:
    name = each.said("family")
    changes = _set(here.family, "name", name, "name") if name else []
    # With two homes, or an address that is kept confidential, a spreadsheet does not know where anybody lives.
    if len(here.homes) != 1:
        return changes
    (home,) = here.homes
    address = (each.said("address") or home.address, each.said("postcode") or home.postcode)
    if address == (home.address, home.postcode) or confidential.people(here.family.id):
        return changes
    if isinstance(home.address, Unread) or isinstance(home.postcode, Unread):
        key = next(key for key in ("address", "postcode") if each.said(key))
        note(each.line_of(key), key, UNREADABLE)
        return changes
    readdress(home, *address)
    return [*changes, f"address of {home.name}"]


def _of_people(here: KnownFamily, pairs: Pairs, note: Note) -> list[str]:
    changes: list[str] = []
    joined = [_join(here.family, row) for row, person in pairs if person is None]
    if joined:
        db.session.add_all(joined)
        db.session.flush()
    new = iter(joined)
    in_file = [(row, person or next(new)) for row, person in pairs]
    children = [*here.children, *(one for one in joined if one.kind is PersonKind.CHILD)]
    by_hand = _ByHand(here.family.id)
    for row, person in in_file:
        if person in joined:
            changes.append(f"{person.name} added")
            db.session.add_all(new_families.ties(row, person, here.homes[0], children))
            continue
        changes += _of_person(person, row)
        changes += _contact(here, person, row, by_hand, note)
        told = [child for child in children if child is not person]
        changes += _relations(here, person, row, told, joined, by_hand, note)
        changes += _responsibility(here, person, row, told, joined, by_hand, note)
    return changes


def _join(family: Family, row: SheetRow) -> Person:
    return new_families.person(family.id, row)


def _of_person(person: Person, row: SheetRow) -> list[str]:
    """A name is only another one where a number has told who it is."""
    said, whom, changes = row.values, person.name, []
    known_by = {name_key(person.given_name), name_key(person.known_as or "")}
    if "given_name" in said and name_key(said["given_name"]) not in known_by:
        changes += _set(person, "given_name", said["given_name"], f"{BY_KEY['given_name'].name} of {whom}")
    if name_key(said["family_name"]) != name_key(person.family_name):
        changes += _set(person, "family_name", said["family_name"], f"{BY_KEY['family_name'].name} of {whom}")
    if changes:
        rename_member(person)
    for key, column in {"born_on": "date_of_birth", **{key: key for key in OF_PERSON}}.items():
        if key in said:
            changes += _set(person, column, said[key], f"{BY_KEY[key].name} of {whom}")
    return changes


def _contact(here: KnownFamily, person: Person, row: SheetRow, by_hand: "_ByHand", note: Note) -> list[str]:
    """A number and whether ringing it is safe. That it is not goes before everything: of a new number nothing is
    known until the file says it, and a yes never undoes what was recorded in the portal."""
    said = row.values
    contact = here.contacts.get(person.id)
    if person.died_on is not None or not said.keys() & {"phone", "safe_to_ring"}:
        return []
    if contact is None:
        if "phone" not in said:
            return []
        contact = SafeContact(family_id=person.family_id, person_id=person.id, by_phone=False, by_text=False)
        db.session.add(contact)
    phone = said.get("phone", contact.phone)
    same = same_phone(phone, contact.phone)
    safe = said.get("safe_to_ring", contact.by_phone if same else False)
    if same and safe == contact.by_phone:
        return []
    if safe and contact.never_contact:
        note(row.line, "safe_to_ring", NEVER)
        safe = False
    if (safe or not same) and by_hand.changed(_CONTACT, person):
        note(row.line, "safe_to_ring" if same else "phone", KEPT)
        return []
    changes = [] if same else _set(contact, "phone", phone, f"{BY_KEY['phone'].name} of {person.name}")
    changes += _say(contact, "by_phone", safe, f"{BY_KEY['safe_to_ring'].name} of {person.name}")
    if not same:
        changes += _say(contact, "by_text", False, f"Safe to text of {person.name}")
    if changes:
        touch(person)
    return changes


def _relations(
    here: KnownFamily,
    person: Person,
    row: SheetRow,
    children: Iterable[Person],
    joined: Sequence[Person],
    by_hand: "_ByHand",
    note: Note,
) -> list[str]:
    """What somebody is to the children, where the portal does not tell one child from another."""
    kind = row.values.get("relation")
    if kind is None:
        return []
    known = {child.id: here.relations.get((person.id, child.id)) for child in children}
    kinds = {row.kind.casefold() for row in known.values() if row is not None}
    if kind.casefold() in kinds:
        # Of a child who is new in this very file; the others were told apart in the portal.
        known = {child.id: None for child in joined if child.id in known}
    elif by_hand.changed(_RELATION, person):
        note(row.line, "relation", KEPT)
        return []
    changes: list[str] = []
    called = BY_KEY["relation"].name
    for child in children:
        if child.id not in known:
            continue
        old = known[child.id]
        if old is None:
            old = Relationship(family_id=person.family_id, person_id=person.id, other_id=child.id)
            db.session.add(old)
        made = _set(old, "kind", kind, f"{called} of {person.name} to {child.name}")
        changes += [] if child in joined else made
    if changes:
        touch(person)
    return changes


def _responsibility(
    here: KnownFamily,
    person: Person,
    row: SheetRow,
    children: Iterable[Person],
    joined: Sequence[Person],
    by_hand: "_ByHand",
    note: Note,
) -> list[str]:
    said = row.values.get("responsible")
    if said is None or person.kind is not PersonKind.ADULT:
        return []
    held = {child.id: here.responsible.get((person.id, child.id)) for child in children}
    some = any(row is not None for row in held.values())
    differs = [
        child
        for child in children
        if (held[child.id] is not None) != said and (not said or not some or child in joined)
    ]
    if differs and not all(child in joined for child in differs) and by_hand.changed(_RESPONSIBLE, person):
        note(row.line, "responsible", KEPT)
        return []
    for child in differs:
        old = held[child.id]
        if old is None:
            db.session.add(ParentalResponsibility(family_id=person.family_id, adult_id=person.id, child_id=child.id))
        else:
            db.session.delete(old)
    if differs:
        touch(person)
    before, now = _yes(not said), _yes(said)
    called = BY_KEY["responsible"].name
    told = [child for child in differs if child not in joined]
    return [f"{called} of {person.name} for {child.name} from {before} to {now}" for child in told]


class _ByHand:
    """Who of a family had what changed in the portal itself; read where a file says otherwise, once a family."""

    def __init__(self, family_id: int) -> None:
        self.family_id = family_id
        self.lines: set[tuple[E, str]] | None = None

    def changed(self, kinds: frozenset[E], person: Person) -> bool:
        if self.lines is None:
            rows = db.session.execute(
                select(Event.kind, Event.data).where(
                    Event.family_id == self.family_id, Event.kind.in_(_CONTACT | _RELATION | _RESPONSIBLE)
                )
            )
            self.lines = {(row.kind, row.data["whom"]) for row in rows}
        return any((kind, person.name) in self.lines for kind in kinds)


def _set(thing: Any, column: str, value: Any, called: str) -> list[str]:
    before = getattr(thing, column)
    if before == value:
        return []
    setattr(thing, column, value)
    now = shown(column, value)
    return [f"{called} from {shown(column, before)} to {now}" if before else f"{called}: {now}"]


def _say(thing: Any, column: str, value: bool, called: str) -> list[str]:
    before = getattr(thing, column)
    if before == value:
        return []
    setattr(thing, column, value)
    return [f"{called} from {_yes(before)} to {_yes(value)}"]


def _yes(said: bool) -> str:
    return "yes" if said else "no"


def _of_early_help(here: KnownFamily, each: SheetFamily, *, by: Viewer) -> bool:
    """Dates of early help that goes on from before. Lead and coordinator are changed in the portal, where they are
    asked: never by a file."""
    episode = here.brought_in
    if episode is None:
        return False
    now = Known(episode.opened_on if episode.start_known else None, episode.next_review_on)
    said = new_families.known(each)
    known = Known(said.started_on or now.started_on, said.next_review_on or now.next_review_on)
    if known == now:
        return False
    already_helped.fill_in(here.family, known, by=by)
    return True
