"""Families of a coordinator's spreadsheet: taken in by the council's own reference, and brought up to date by it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import select

from portal.core.db import db
from portal.domain.episodes import OPEN_EPISODES
from portal.domain.events import E
from portal.domain.family_columns import BY_KEY
from portal.domain.family_sheet import Fault, Heading, SheetFamily, SheetRow
from portal.domain.identifiers import name_key
from portal.domain.permissions import P
from portal.domain.viewer import Viewer
from portal.models.families import ConfidentialAddress, Family, Household, Person, PersonKind
from portal.models.handover import Episode
from portal.policies import rules
from portal.policies.scope import unscoped
from portal.services import already_helped, history, new_families
from portal.services.already_helped import Known
from portal.services.new_families import OF_PERSON, UNBORN, Colleagues, NewFamily, Wrong

PASSED = "has passed, so when the next one is, is not known"
TAKEN = "is in use here for a family that cannot be brought up to date this way. Ask the early help manager"


@dataclass
class Taken:
    """What one file did, or would do: families added, brought up to date and as before; what was left out and why."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    people: int = 0
    faults: list[Fault] = field(default_factory=list)
    # What was taken in otherwise than the file says.
    notes: list[Fault] = field(default_factory=list)

    @property
    def families(self) -> int:
        return self.added + self.changed + self.unchanged


def take_in(heading: Heading, families: Sequence[SheetFamily], who: Colleagues, *, by: Viewer, into: Taken) -> None:
    """A few hundred families at a time, in the caller's transaction. One with a fault is left out whole and told of
    in `into`; nothing of it is stored, and nobody is told anything of any. Raises NotAllowed."""
    rules.demand(by, P.ALREADY_HELPED)
    known = _known_families(families)
    new: dict[str, NewFamily] = {}
    for each in families:
        if new_families.passed_review(each):
            into.notes.append(Fault(each.line, heading.name_of("next_review_on"), PASSED))
        try:
            family = known.get(each.reference)
            if family is None and each.reference in known:
                raise Wrong("reference", TAKEN)
            if family is not None:
                changed = _bring_up_to_date(family, each, by=by, into=into)
                into.changed += changed
                into.unchanged += not changed
            elif each.reference in new:
                raise Wrong("reference", "stands further up too. Put the rows of one family one below the other")
            else:
                new[each.reference] = new_families.of_rows(each, who, by=by)
        except Wrong as wrong:
            into.faults.append(Fault(wrong.line or each.line, heading.name_of(wrong.key), wrong.reason))
    new_families.add(new.values(), by=by)
    into.added += len(new)
    into.people += sum(len(each.people) for each in new.values())


def _known_families(families: Sequence[SheetFamily]) -> dict[str, Family | None]:
    """Those whose reference is here already."""
    references = [each.reference for each in families]
    with unscoped("whether a reference is in use"):
        used = set(db.session.scalars(select(Family.council_reference).where(Family.council_reference.in_(references))))
    found = {
        str(family.council_reference): family
        for family in db.session.scalars(select(Family).where(Family.council_reference.in_(references)))
    }
    hidden = used - found.keys()
    return found | dict.fromkeys(str(reference) for reference in hidden)


def _bring_up_to_date(family: Family, each: SheetFamily, *, by: Viewer, into: Taken) -> bool:
    """Whether anything changed. Only what the file says is looked at: an empty cell takes nothing away, a person who
    is not in it any more stays."""
    changes = [*_family_changes(family, each), *_people_changes(family, each, into)]
    if changes:
        history.record(E.FAMILY_BROUGHT_UP_TO_DATE, family, by=by, data={"what": "; ".join(changes)})
    return _early_help_changes(family, each, by=by) or bool(changes)


def _family_changes(family: Family, each: SheetFamily) -> list[str]:
    name = each.said("family")
    changes = _set(family, "name", name, "name") if name else []
    homes = db.session.scalars(select(Household).where(Household.family_id == family.id).limit(2)).all()
    hidden = db.session.scalars(
        select(ConfidentialAddress.id).where(ConfidentialAddress.family_id == family.id).limit(1)
    ).first()
    # With two homes, or an address that is kept confidential, a spreadsheet does not know where anybody lives.
    if len(homes) == 1 and hidden is None:
        for key in ("address", "postcode"):
            if each.said(key):
                changes += _set(homes[0], key, each.said(key), key)
    return changes


def _people_changes(family: Family, each: SheetFamily, into: Taken) -> list[str]:
    people = db.session.scalars(select(Person).where(Person.family_id == family.id).order_by(Person.id)).all()
    changes: list[str] = []
    for row in each.rows:
        person = next((one for one in people if _is(one, row)), None)
        if person is None:
            changes += _join(family, row, [one for one in people if one.kind is PersonKind.CHILD])
            into.people += 1
            continue
        for key in OF_PERSON:
            if key in row.values:
                changes += _set(person, key, row.values[key], f"{BY_KEY[key].name} of {person.name}")
    return changes


def _is(person: Person, row: SheetRow) -> bool:
    """The same number; or the same name, born or expected on the same day, where both are known."""
    said = row.values
    for key in ("nhs_number", "upn", "social_care_number"):
        if said.get(key) and said[key] == getattr(person, key):
            return True
    same = name_key(person.family_name) == name_key(said["family_name"]) and (
        name_key(said.get("given_name", UNBORN)) in {name_key(person.given_name), name_key(person.known_as or "")}
    )
    return same and _may_be(person.date_of_birth, said.get("born_on"))


def _may_be(known: date | None, said: date | None) -> bool:
    return known is None or said is None or known == said


def _join(family: Family, row: SheetRow, children: Sequence[Person]) -> list[str]:
    person = new_families.person(family.id, row)
    db.session.add(person)
    home = db.session.scalars(
        select(Household).where(Household.family_id == family.id).order_by(Household.id).limit(1)
    ).one()
    db.session.flush()
    db.session.add_all(new_families.ties(row, person, home, children))
    return [f"{person.name} added"]


def _set(thing: Any, column: str, value: Any, called: str) -> list[str]:
    before = getattr(thing, column)
    if before == value:
        return []
    setattr(thing, column, value)
    return [f"{called} from {before} to {value}" if before else f"{called}: {value}"]


def _early_help_changes(family: Family, each: SheetFamily, *, by: Viewer) -> bool:
    """Dates of early help that goes on from before. Lead and coordinator are changed in the portal, where they are
    asked: never by a file."""
    episode = db.session.scalars(
        select(Episode).where(Episode.family_id == family.id, Episode.state.in_(OPEN_EPISODES), Episode.brought_in)
    ).first()
    if episode is None:
        return False
    now = Known(episode.opened_on if episode.start_known else None, episode.next_review_on)
    said = new_families.known(each)
    known = Known(said.started_on or now.started_on, said.next_review_on or now.next_review_on)
    if known == now:
        return False
    already_helped.fill_in(family, known, by=by)
    return True
