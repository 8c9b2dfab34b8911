"""How the people of a family belong together: who is what to whom, and who has parental responsibility for whom."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import or_, select

from portal.core.db import db
from portal.core.errors import FieldRefused
from portal.domain.event_kinds import E
from portal.domain.viewer import Viewer
from portal.models.families import ParentalResponsibility, Person, PersonKind, Relationship
from portal.services import history
from portal.services.people import Why, touch

NOT_KNOWN = "not known"


@dataclass(frozen=True)
class Bond:
    """What the person is to the other, and whether one of the two has parental responsibility for the other."""

    relation: str | None
    responsible: bool


def bind(person: Person, bonds: Mapping[int, Bond], why: Why, *, by: Viewer) -> int:
    """Record how this person belongs to each of the others; the number of things that are different now. Raises
    FieldRefused where something known would change and it was not said why."""
    others = {
        other.id: other
        for other in db.session.scalars(
            select(Person).where(Person.family_id == person.family_id, Person.id.in_(bonds)).order_by(Person.id)
        )
    }
    changed = _relate(person, others, bonds, why, by=by) + _answer_for(person, others, bonds, why, by=by)
    if changed:
        touch(person)
    return changed


def _relate(person: Person, others: Mapping[int, Person], bonds: Mapping[int, Bond], why: Why, *, by: Viewer) -> int:
    known = {
        row.other_id: row for row in db.session.scalars(select(Relationship).where(Relationship.person_id == person.id))
    }
    changed = 0
    for other in others.values():
        row, new = known.get(other.id), bonds[other.id].relation
        old = row.kind if row else None
        if old == new:
            continue
        if row is None:
            db.session.add(
                Relationship(family_id=person.family_id, person_id=person.id, other_id=other.id, kind=str(new))
            )
        else:
            why.demand()
            if new:
                row.kind = new
            else:
                db.session.delete(row)
        changed += 1
        data = {"whom": person.name, "other": other.name, "old": old or NOT_KNOWN, "new": new or NOT_KNOWN}
        history.record(E.RELATION_CHANGED, person, by=by, data=data, text=why.reason if row else None)
    return changed


def _answer_for(
    person: Person, others: Mapping[int, Person], bonds: Mapping[int, Bond], why: Why, *, by: Viewer
) -> int:
    rows = db.session.scalars(
        select(ParentalResponsibility).where(
            or_(ParentalResponsibility.adult_id == person.id, ParentalResponsibility.child_id == person.id)
        )
    ).all()
    known = {row.child_id if row.adult_id == person.id else row.adult_id: row for row in rows}
    changed = 0
    for other in _opposite(person, others.values()):
        row, new = known.get(other.id), bonds[other.id].responsible
        if new == (row is not None):
            continue
        adult, child = (person, other) if person.kind is PersonKind.ADULT else (other, person)
        if row is None:
            db.session.add(ParentalResponsibility(family_id=person.family_id, adult_id=adult.id, child_id=child.id))
        else:
            if not why.reason:
                raise FieldRefused(
                    "reason", f"Enter why {adult.name} does not have parental responsibility for {child.name}"
                )
            why.demand()
            db.session.delete(row)
        changed += 1
        kind = E.RESPONSIBILITY_RECORDED if row is None else E.RESPONSIBILITY_REMOVED
        data = {"whom": adult.name, "other": child.name}
        history.record(kind, person, by=by, data=data, text=why.reason if row else None)
    return changed


def _opposite(person: Person, others: Iterable[Person]) -> list[Person]:
    """Adults for a child, children for an adult: of others there is no parental responsibility to speak of."""
    return [other for other in others if other.kind is not person.kind]
