"""Visits, calls and other contacts with a family: when, how, and who was seen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from portal.core import clock
from portal.core.db import db
from portal.core.errors import FieldRefused, Refused
from portal.domain.dates import all_of, full, london_date
from portal.domain.event_kinds import E
from portal.domain.standards import Standard
from portal.domain.support import Method, Source
from portal.domain.viewer import Viewer
from portal.models.families import Family, Person
from portal.models.handover import Episode
from portal.models.teamwork import Contact, ContactPerson, TeamMember
from portal.services import history, safety
from portal.services.long_ago import demand_meant

A_CONTACT: Mapping[Method, str] = {
    Method.VISIT: "a visit",
    Method.CALL: "a call",
    Method.TEXT: "a text",
    Method.EMAIL: "an email",
    Method.LETTER: "a letter",
    Method.MEETING: "a meeting",
}
IN_PERSON = frozenset({Method.VISIT, Method.MEETING})
IN_CONVERSATION = IN_PERSON | {Method.CALL}


@dataclass(frozen=True)
class Seen:
    """One person at a contact. A child that was not seen: why, and when it will be, both or neither."""

    person_id: int
    seen: bool
    alone: bool = False
    why_not: str | None = None
    will_see_on: date | None = None


def record(
    family: Family,
    *,
    on: date,
    method: Method,
    answered: bool,
    seen: Sequence[Seen],
    note: str | None,
    by: Viewer,
    tried_by: int | None = None,
    long_ago: bool = False,
) -> Contact:
    """Write a contact down, and one line of history that names who was seen and who was not. `tried_by`: the team
    member who made it, where that is not who records it; then it is kept as told by them. `long_ago`: somebody said
    that a day far back is right. Raises FieldRefused at `note` or at the child for words that tell a confidential
    address."""
    safety.demand_kept_back(family.id, note, field="note")
    made_by = _who_tried(family, tried_by, by=by)
    if on > clock.today():
        raise FieldRefused("on", "The date must be today or in the past")
    known, what = _known_since(family)
    demand_meant(family.id, on, field="on", known=known, what=what, standard=Standard.CONTACT_BEFORE, said=long_ago)
    names = _names(family, seen, on)
    for one in seen:
        safety.demand_kept_back(family.id, one.why_not, field=f"child_{one.person_id}-why")
    if any(one.seen for one in seen):
        if method not in IN_CONVERSATION:
            raise FieldRefused(
                "method",
                "By text, email or letter nobody is seen or spoken to. Select another way, or take back who was seen",
            )
        if not answered:
            raise FieldRefused(
                "answered",
                "Somebody was seen or spoken to, so somebody answered: select yes, or take back who was seen",
            )
    contact = Contact(
        family_id=family.id,
        made_by_id=made_by.user_id if made_by else by.user_id,
        member_id=made_by.id if made_by and made_by.user_id is None else None,
        made_by_name=made_by.name if made_by else by.name,
        on=on,
        method=method,
        answered=answered,
        note=note or None,
        recorded_at=clock.now(),
    )
    db.session.add(contact)
    db.session.flush()
    db.session.add_all(
        ContactPerson(
            family_id=family.id,
            contact_id=contact.id,
            person_id=one.person_id,
            seen=one.seen,
            alone=one.seen and one.alone,
            not_seen_reason=None if one.seen else one.why_not,
            will_see_on=None if one.seen else one.will_see_on,
        )
        for one in seen
    )
    history.record(
        E.CONTACT_RECORDED,
        family,
        by=by,
        data={"what": _what(on, method, answered=answered, seen=seen, names=names)},
        text=note,
        happened_on=on,
        source=Source.TOLD if made_by else None,
        told_by=made_by.name if made_by else None,
    )
    return contact


def _known_since(family: Family) -> tuple[date, str]:
    """Since when, and in words: early help may have begun before the family was written down here."""
    added = london_date(family.added_at)
    began = db.session.scalar(select(func.min(Episode.opened_on)).where(Episode.family_id == family.id))
    if began and began < added:
        return began, "{early_help} began"
    return added, "this {family} was added here"


def _who_tried(family: Family, member_id: int | None, *, by: Viewer) -> TeamMember | None:
    """None where it is who records it."""
    if member_id is None:
        return None
    member = db.session.scalars(
        select(TeamMember).where(
            TeamMember.id == member_id,
            TeamMember.family_id == family.id,
            TeamMember.person_id.is_(None),
            TeamMember.left_on.is_(None),
        )
    ).one_or_none()
    if member is None:
        raise FieldRefused("tried_by", "Choose somebody who is on the team now")
    return None if member.user_id == by.user_id else member


def _names(family: Family, seen: Sequence[Seen], on: date) -> dict[int, str]:
    """What each of them is called. Raises Refused where somebody is not of this family, FieldRefused at `on` where
    somebody was seen before they were born."""
    wanted = {one.person_id for one in seen}
    rows = db.session.execute(
        select(Person.id, Person.known_as, Person.given_name, Person.date_of_birth).where(
            Person.family_id == family.id, Person.id.in_(wanted)
        )
    ).all()
    if len(rows) != len(wanted):
        raise Refused("Somebody in this contact is not of this {family}. Open the page again.")
    names = {row.id: row.known_as or row.given_name for row in rows}
    met = {one.person_id for one in seen if one.seen}
    unborn = [names[row.id] for row in rows if row.id in met and row.date_of_birth and row.date_of_birth > on]
    if unborn:
        raise FieldRefused("on", f"{unborn[0]} was not born by {full(on)}. Check the date, or who was seen")
    return names


def _what(on: date, method: Method, *, answered: bool, seen: Sequence[Seen], names: Mapping[int, str]) -> str:
    """a visit on 2 September 2024: saw Aoife (alone); did not see Conor"""
    saw, missed = ("saw", "did not see") if method in IN_PERSON else ("spoke to", "did not speak to")
    parts = [] if answered else ["no answer"]
    for verb, found in ((saw, [one for one in seen if one.seen]), (missed, [one for one in seen if not one.seen])):
        if found:
            parts.append(f"{verb} {all_of([_told(names[one.person_id], one) for one in found])}")
    said = f"{A_CONTACT[method]} on {full(on)}"
    return f"{said}: {'; '.join(parts)}" if parts else said


def _told(name: str, one: Seen) -> str:
    if one.seen:
        return f"{name} (alone)" if one.alone else name
    if one.why_not and one.will_see_on:
        return f"{name} ({one.why_not}; will be seen on {full(one.will_see_on)})"
    return name
