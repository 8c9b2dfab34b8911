"""What must be kept back from one person of a family: in invitations, minutes, copies, messages and links."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import aliased

from portal.core.db import db
from portal.facts import at_once
from portal.models.families import KeepApart, KeepApartKind, Person
from portal.models.following import SupportReferral
from portal.models.people import Organisation, OrganisationKind, User
from portal.models.teamwork import TeamMember

# One letter and very short names stand in too many sentences to be looked for.
SHORTEST_NAME = 2


@dataclass(frozen=True)
class KeptBack:
    """For one reader of the family: whom they must not learn of, and whom they must not meet. `learn`: nothing at all
    about these people. `meet`: they may be named, but not where or when they can be found (meetings that they come to,
    their home, their school, visits). `names`: what the people of `learn` are called, by person; `places`: the schools,
    surgeries and services of all of them, and every partner of the team; `contacts`: who works for one of these
    services."""

    learn: frozenset[int] = frozenset()
    meet: frozenset[int] = frozenset()
    names: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    places: frozenset[str] = frozenset()
    contacts: frozenset[str] = frozenset()

    @property
    def people(self) -> frozenset[int]:
        """Everybody of whom something is kept back."""
        return self.learn | self.meet

    def at(self, organisation: str | None) -> str | None:
        """Where somebody who works with the family does so: on no copy of a reader from whom somebody is kept apart.
        A refuge, a clinic or a school on the team says where that one can be found."""
        return None if self.people else organisation

    def tells(self, text: str | None) -> bool:
        """Whether what somebody wrote names one of those whom the reader must not learn of, where one of them all can
        be found, or who works there: all of it is left out then. It finds names only, so a copy should be read by a
        person before it is given away."""
        words = [*(name for names in self.names.values() for name in names), *self.places, *self.contacts]
        if not text or not words:
            return False
        return re.search(rf"(?<!\w)(?:{'|'.join(map(re.escape, words))})(?!\w)", text, re.IGNORECASE) is not None


NOTHING = KeptBack()


def kept_from(family_id: int, person_id: int | None) -> set[int]:
    """Ids of the people of whom this person of the family must not learn: absent from every copy, invitation, message
    and link that is made for them. `person_id` is None for somebody who is not of the family."""
    return set(kept_back(family_id, person_id).learn)


def kept_back(family_id: int, person_id: int | None) -> KeptBack:
    """The same in full, in one statement, and one more where anything is. Learning is one-sided; not to meet holds for
    both."""
    return kept_back_from_each(family_id, [person_id]).get(person_id, NOTHING) if person_id else NOTHING


def kept_back_from_each(family_id: int, people: list[int]) -> Mapping[int, KeptBack]:
    """For several readers; who is not in the answer may read everything."""
    theirs = aliased(Person)
    rows = db.session.execute(
        select(
            KeepApart.person_id,
            KeepApart.other_id,
            KeepApart.kind,
            Person.given_name,
            Person.known_as,
            Person.school,
            Person.health_contact,
            theirs.school.label("own_school"),
            theirs.health_contact.label("own_health_contact"),
        )
        .join(Person, Person.id == KeepApart.other_id)
        .join(theirs, theirs.id == KeepApart.person_id)
        .where(
            KeepApart.family_id == family_id,
            KeepApart.ended_on.is_(None),
            or_(KeepApart.person_id.in_(people), KeepApart.other_id.in_(people)),
        )
        .order_by(KeepApart.id)
    ).all()
    found: dict[int, KeptBack] = {}
    for reader in people:
        learn = {
            row.other_id: _names(row.given_name, row.known_as)
            for row in rows
            if row.kind is KeepApartKind.MUST_NOT_LEARN and row.person_id == reader
        }
        apart = [row for row in rows if row.kind is KeepApartKind.MUST_NOT_MEET]
        meet = {row.other_id for row in apart if row.person_id == reader}
        meet |= {row.person_id for row in apart if row.other_id == reader}
        places = {place for row in rows if row.person_id == reader for place in (row.school, row.health_contact)}
        places |= {
            place for row in apart if row.other_id == reader for place in (row.own_school, row.own_health_contact)
        }
        if learn or meet:
            known = frozenset(place for place in places if place)
            found[reader] = KeptBack(frozenset(learn), frozenset(meet), learn, known)
    return _with_who_helps(family_id, found) if found else found


def _with_who_helps(family_id: int, found: Mapping[int, KeptBack]) -> Mapping[int, KeptBack]:
    """A service that helps one of them says where that one can be found, unless it helps the reader too."""
    rows = at_once.read(
        {
            "service": select(
                SupportReferral.person_id, SupportReferral.service_name, SupportReferral.service_organisation
            ).where(SupportReferral.family_id == family_id, SupportReferral.person_id.is_not(None)),
            "member": select(TeamMember.name, TeamMember.organisation, Organisation.kind)
            .outerjoin(User, User.id == TeamMember.user_id)
            .outerjoin(Organisation, Organisation.id == User.organisation_id)
            .where(TeamMember.family_id == family_id, TeamMember.organisation.is_not(None)),
        }
    )
    partners = {row.organisation for row in rows["member"] if row.kind is not OrganisationKind.COUNCIL}
    whole = {}
    for reader, kept in found.items():
        own = _services(rows["service"], {reader})
        theirs = _services(rows["service"], kept.people) - own
        contacts = frozenset(row.name for row in rows["member"] if row.organisation in theirs)
        whole[reader] = replace(kept, places=kept.places | (partners - own) | theirs, contacts=contacts)
    return whole


def _services(rows: list[Any], people: Collection[int]) -> set[str]:
    """What those that help these people are called, and whose they are."""
    return {
        name for row in rows if row.person_id in people for name in (row.service_name, row.service_organisation) if name
    }


def _names(given_name: str, known_as: str | None) -> tuple[str, ...]:
    """First names alone: the family name is often the reader's own."""
    return tuple(name for name in dict.fromkeys((given_name, known_as)) if name and len(name) >= SHORTEST_NAME)
