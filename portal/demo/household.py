"""Who is in an invented family, and where they live."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.demo.cast import Company
from portal.demo.names import CHILDREN, PARENTS, SCHOOLS
from portal.domain.reach import Reach
from portal.domain.viewer import asking
from portal.models.families import (
    Clearance,
    ConfidentialAddress,
    Family,
    Household,
    HouseholdMembership,
    KeepApart,
    KeepApartKind,
    KeepApartReason,
    Person,
    PersonKind,
    Sex,
)
from portal.models.people import User
from portal.models.restricting import Restriction
from portal.queries.viewers import as_viewer
from portal.services import families, summary
from portal.services.families import NewHome, NewPerson

STREETS = ("Mill Lane", "Quarry Road", "St Brigid’s Close", "Canal Street", "Weavers’ Yard", "Orchard Rise")
YEAR = 365


@dataclass(frozen=True)
class Shape:
    name: str
    children: int
    two_homes: bool
    confidential: bool
    restricted: bool


def settle_in(
    company: Company, random: Random, shape: Shape, *, worker: str, at: datetime, cleared: Iterable[User]
) -> tuple[Family, list[Person], list[Person]]:
    """Add the family as its social worker does. Returns it with its parents and its children, in the order added."""
    with clock.at(at):
        viewer = as_viewer(company[worker].id)
        with asking(viewer):
            family = families.add(
                f"The {shape.name} family",
                people=[*_parents(random, shape), *_children(random, shape)],
                homes=[_home(random) for _ in range(2 if shape.two_homes else 1)],
                by=viewer,
            )
            people = list(db.session.scalars(select(Person).where(Person.family_id == family.id).order_by(Person.id)))
            if shape.confidential:
                _hide_address(family, people[0], people[1:])
            if shape.restricted:
                _restrict(family, cleared, by=company["manager"])
            summary.recount_changed()
    parents = [person for person in people if person.kind is PersonKind.ADULT]
    return family, parents, [person for person in people if person.kind is PersonKind.CHILD]


def _parents(random: Random, shape: Shape) -> list[NewPerson]:
    names = random.sample(PARENTS, k=2 if shape.two_homes or shape.confidential else 1)
    return [
        NewPerson(
            PersonKind.ADULT,
            given,
            shape.name,
            born_on=_born(random, 24, 44),
            relation="Mother" if place == 0 else "Father",
            responsible=True,
            language=random.choice([None, None, "Polish", "Urdu", "English"]),
            reach=Reach(phone=f"01632 960 {random.randint(500, 899)}", by_phone=True, by_text=random.random() < 0.7),  # noqa: PLR2004
            homes=(1,) if shape.two_homes and place == 1 else (0,),
        )
        for place, given in enumerate(names)
    ]


def _children(random: Random, shape: Shape) -> list[NewPerson]:
    return [
        NewPerson(
            PersonKind.CHILD,
            given,
            shape.name,
            born_on=_born(random, 2, 15),
            sex=random.choice([Sex.FEMALE, Sex.MALE]),
            school=random.choice(SCHOOLS),
            social_care_number=f"SC{random.randint(100000, 999999)}",
            homes=(0, 1) if shape.two_homes else (0,),
        )
        for given in random.sample(CHILDREN, k=shape.children)
    ]


def _home(random: Random) -> NewHome:
    return NewHome(
        address=f"{random.randint(1, 120)} {random.choice(STREETS)}, Ambleford",
        postcode=f"AF{random.randint(1, 9)} {random.randint(1, 9)}{random.choice('ABDEFGH')}{random.choice('JLNPQ')}",
    )


def _born(random: Random, youngest: int, oldest: int) -> date:
    return clock.today() - timedelta(days=random.randint(youngest * YEAR, oldest * YEAR))


def _hide_address(family: Family, who: Person, others: list[Person]) -> None:
    """One parent’s address is kept from everybody but the coordinator and the lead, and from the other parent."""
    db.session.add(
        ConfidentialAddress(
            family_id=family.id, person_id=who.id, address="Flat 4, an address kept confidential", postcode="AF9 9ZZ"
        )
    )
    home = db.session.scalars(select(Household).where(Household.family_id == family.id)).first()
    if home is not None:
        home.address = home.postcode = None
    other = next((person for person in others if person.kind is PersonKind.ADULT), None)
    if other is not None:
        for membership in db.session.scalars(
            select(HouseholdMembership).where(HouseholdMembership.person_id == other.id)
        ):
            db.session.delete(membership)
        pair = {"person_id": other.id, "other_id": who.id}
        apart = KeepApart(family_id=family.id, **pair, kind=KeepApartKind.MUST_NOT_LEARN)
        db.session.add(apart)
        db.session.flush()
        why = "A court order keeps him away from her address."
        db.session.add(KeepApartReason(family_id=family.id, keep_apart_id=apart.id, text=why))


def _restrict(family: Family, cleared: Iterable[User], *, by: User) -> None:
    family.restricted, now = True, clock.now()
    why = "A relative of the family works for the council."
    db.session.add(Restriction(family_id=family.id, restricted_at=now, restricted_by_id=by.id, why=why))
    for user in cleared:
        row = Clearance(family_id=family.id, user_id=user.id, cleared_by_id=by.id, cleared_at=now)
        row.why = "Works with the family" if user is not by else why
        db.session.add(row)
