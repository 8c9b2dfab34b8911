"""Where the people of a family live: homes, and who moved in and out of which, when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.core.errors import FieldRefused, NotAllowed, Refused
from portal.core.sealed import Unread, holds
from portal.domain.dates import full
from portal.domain.event_kinds import E
from portal.domain.viewer import Viewer
from portal.facts import homes as known
from portal.models.families import EarlierAddress, Family, Household, HouseholdMembership, Person
from portal.services import history
from portal.services.people import Why, touch


@dataclass(frozen=True)
class Address:
    """What a home is called and where it is; what is empty is not known."""

    name: str
    address: str | None = None
    postcode: str | None = None


@dataclass(frozen=True)
class Move:
    """Out of one home, into another that is known or new, or both. `others` move with them, by id."""

    leaves: int | None = None
    left_on: date | None = None
    joins: int | Address | None = None
    joined_on: date | None = None
    others: Sequence[int] = ()


def add(family: Family, home: Address, *, by: Viewer) -> Household:
    """Raises FieldRefused at `name` or `address` where the family has this home already."""
    _demand_other_name(family.id, home.name)
    _demand_new_address(family.id, home)
    row = Household(family_id=family.id, name=home.name, address=home.address, postcode=home.postcode)
    db.session.add(row)
    db.session.flush()
    history.record(E.HOME_ADDED, row, by=by, data={"home": row.name})
    return row


def correct(home: Household, new: Address, why: Why, *, by: Viewer) -> bool:
    """Whether there was anything to record. The history says that the address was corrected, never what it is: it may
    become confidential. What it was before stands beside the home. Raises NotAllowed where this person may not read
    the address."""
    if not known.may_read_address(home):
        raise NotAllowed("Only the family’s {coordinator} and its {lead_professional} can change this home.")
    moved = (home.address, home.postcode) != (new.address, new.postcode)
    if home.name != new.name:
        _demand_other_name(home.family_id, new.name)
        history.record(E.HOME_NAMED, home, by=by, data={"old": home.name, "new": new.name})
        home.name = new.name
    elif not moved:
        return False
    if moved:
        _correct_address(home, new, why, by=by)
    return True


def _correct_address(home: Household, new: Address, why: Why, *, by: Viewer) -> None:
    if (home.address or home.postcode) and not why.reason:
        raise FieldRefused("reason", "Enter why the address is corrected")
    readdress(home, new.address, new.postcode)
    history.record(E.HOME_CORRECTED, home, by=by, data={"home": home.name}, text=why.reason)


def readdress(home: Household, address: str | None, postcode: str | None) -> None:
    """Another address, and the one before kept where it can be held back: never in the history. What cannot be read
    opens for the home alone, and nothing else can keep it."""
    if any(each and not isinstance(each, Unread) for each in (home.address, home.postcode)):
        db.session.add(
            EarlierAddress(
                family_id=home.family_id,
                household_id=home.id,
                address=home.address,
                postcode=home.postcode,
                corrected_on=clock.today(),
            )
        )
    home.address, home.postcode = address, postcode


def move(person: Person, how: Move, *, by: Viewer) -> None:
    """Raises FieldRefused where the dates cannot be, or somebody would live in a home twice; Refused for somebody who
    died."""
    if person.died_on or person.pregnancy_ended_on:
        raise Refused("This is recorded for people who are living. Look at the household.")
    others = db.session.scalars(
        select(Person).where(Person.family_id == person.family_id, Person.id.in_(how.others)).order_by(Person.id)
    ).all()
    if how.leaves is not None:
        for each in (person, *others):
            _leave(each, how.leaves, how.left_on or clock.today(), by=by, needed=each is person)
    if how.joins is not None:
        home = _home(person.family_id, how.joins, by=by)
        for each in (person, *others):
            _join(each, home, how.joined_on, by=by)
    for each in (person, *others):
        touch(each)


def _home(family_id: int, wanted: int | Address, *, by: Viewer) -> Household:
    if isinstance(wanted, Address):
        return add(db.session.get_one(Family, family_id), wanted, by=by)
    return db.session.scalars(select(Household).where(Household.family_id == family_id, Household.id == wanted)).one()


def _leave(person: Person, home_id: int, on: date, *, by: Viewer, needed: bool) -> None:
    row = db.session.execute(
        select(HouseholdMembership, Household)
        .join(Household, Household.id == HouseholdMembership.household_id)
        .where(
            HouseholdMembership.person_id == person.id,
            HouseholdMembership.household_id == home_id,
            HouseholdMembership.to_on.is_(None),
        )
    ).first()
    if row is None:
        if needed:
            raise FieldRefused("leaves", f"{person.name} does not live there any more")
        return
    membership, home = row
    if membership.from_on and on < membership.from_on:
        raise FieldRefused(
            "left_on",
            f"Date they left must be on or after {full(membership.from_on)}, "
            f"when {person.name} came to live in {home.name}",
        )
    membership.to_on = on
    data = {"whom": person.name, "home": home.name}
    history.record(E.HOME_LEFT, person, by=by, data=data, happened_on=on)


def _join(person: Person, home: Household, on: date | None, *, by: Viewer) -> None:
    stays = db.session.scalars(
        select(HouseholdMembership)
        .where(HouseholdMembership.person_id == person.id, HouseholdMembership.household_id == home.id)
        .order_by(HouseholdMembership.id)
    ).all()
    if any(stay.to_on is None for stay in stays):
        raise FieldRefused("joins", f"{person.name} lives in {home.name} already")
    if on and person.date_of_birth and on < person.date_of_birth:
        raise FieldRefused(
            "joined_on", f"Date must be on or after {full(person.date_of_birth)}, when {person.name} was born"
        )
    last = max((stay.to_on for stay in stays if stay.to_on), default=None)
    if on and last and on < last:
        raise FieldRefused("joined_on", f"{person.name} lived there until {full(last)}. Enter that date or a later one")
    db.session.add(
        HouseholdMembership(family_id=person.family_id, household_id=home.id, person_id=person.id, from_on=on)
    )
    data = {"whom": person.name, "home": home.name}
    history.record(E.HOME_JOINED, person, by=by, data=data, happened_on=on)


def _demand_other_name(family_id: int, name: str) -> None:
    taken = select(Household.id).where(Household.family_id == family_id, Household.name == name)
    if db.session.scalars(taken).first():
        raise FieldRefused("name", f"The {{family}} has a home called {name} already. Call this one another name")


def _demand_new_address(family_id: int, home: Address) -> None:
    """Compared only with homes whose address this person may read, so that trying tells nobody a confidential one."""
    if not home.address or not home.postcode:
        return
    for row in db.session.scalars(
        select(Household).where(Household.family_id == family_id, holds(Household.postcode, home.postcode))
    ).all():
        same = " ".join((row.address or "").casefold().split()) == " ".join(home.address.casefold().split())
        if same and known.may_read_address(row):
            raise FieldRefused("address", f"The {{family}} has this home already: {row.name}")
