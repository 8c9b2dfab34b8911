"""What the people of a family have and have not agreed to share, as it stands now."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from portal.core import clock
from portal.core.db import db
from portal.domain.dates import full, london_date, years_old
from portal.domain.engagement import EARLY_HELP, EngagementAnswer
from portal.domain.standards import Standard
from portal.facts import practice
from portal.models.families import Person, PersonKind
from portal.models.handover import EngagementRecord, SharingBasis, SharingDecision
from portal.models.people import Organisation

A = EngagementAnswer
# What limits sharing that rests on agreement.
LIMITING = (A.PARTLY_AGREED, A.SAID_NO, A.ASKED_TO_STOP)


def may_agree(kind: PersonKind, born: date | None) -> bool:
    """Whether somebody can be taken to have agreed: an adult, or a child from the age at which it may decide."""
    if kind is not PersonKind.CHILD:
        return True
    return born is not None and years_old(born, clock.today()) >= practice.amount(Standard.CHILD_DECIDES)


@dataclass(frozen=True)
class Limit:
    """What one person has not agreed to. `organisation` where it is about that one alone."""

    person_id: int
    name: str
    answer: EngagementAnswer
    purpose: str
    organisation_id: int | None
    organisation: str | None
    exclusions: str | None
    on: date | None

    @property
    def words(self) -> str:
        """A sentence; purpose may be a concept in braces."""
        about = f"{self.purpose}, {self.organisation}" if self.organisation else self.purpose
        when = f" on {full(self.on)}" if self.on else ""
        match self.answer:
            case A.PARTLY_AGREED:
                return f"{self.name} agreed to part of it ({about}), and not to: {self.exclusions}"
            case A.SAID_NO:
                return f"{self.name} said no{when} ({about})"
            case _:
                return f"{self.name} asked us to stop{when} ({about})"


def limits(family_id: int) -> list[Limit]:
    """By person, as each of their latest answers for a purpose and an organisation stands; in one statement."""
    latest = (
        select(func.max(EngagementRecord.id))
        .where(EngagementRecord.family_id == family_id)
        .group_by(EngagementRecord.person_id, EngagementRecord.purpose, EngagementRecord.organisation_id)
    )
    rows = db.session.execute(
        select(
            EngagementRecord.person_id,
            Person.given_name,
            Person.known_as,
            Person.family_name,
            EngagementRecord.answer,
            EngagementRecord.purpose,
            EngagementRecord.organisation_id,
            Organisation.name.label("organisation"),
            EngagementRecord.exclusions,
            EngagementRecord.asked_on,
        )
        .join(Person, Person.id == EngagementRecord.person_id)
        .outerjoin(Organisation, Organisation.id == EngagementRecord.organisation_id)
        .where(
            EngagementRecord.family_id == family_id,
            EngagementRecord.id.in_(latest),
            EngagementRecord.answer.in_(LIMITING),
        )
        .order_by(EngagementRecord.person_id, EngagementRecord.id)
    )
    return [
        Limit(
            row.person_id,
            f"{row.known_as or row.given_name} {row.family_name}",
            row.answer,
            row.purpose,
            row.organisation_id,
            row.organisation,
            row.exclusions,
            row.asked_on,
        )
        for row in rows
    ]


def stopped(found: Iterable[Limit]) -> Limit | None:
    """Who asked us to stop early help as a whole, if somebody did and has not agreed again since."""
    return next(
        (
            each
            for each in found
            if each.answer is A.ASKED_TO_STOP and each.purpose == EARLY_HELP and each.organisation_id is None
        ),
        None,
    )


def against_sharing_with(family_id: int, organisation_id: int | None, organisation: str | None) -> list[str]:
    """What stands against telling this organisation, as sentences: that it was decided not to, and what somebody has
    said, by person; nothing where it was decided to share with it on a basis that needs no agreement. `organisation`:
    its name, for one whose people do not sign in."""
    if organisation_id is not None and may_be_shared_with(family_id, organisation_id):
        return []
    known = (organisation or "").strip().casefold()
    said = [
        each.words
        for each in limits(family_id)
        if each.organisation_id is None
        or each.organisation_id == organisation_id
        or (known and (each.organisation or "").casefold() == known)
    ]
    return [*_decided_not_to_share(family_id, organisation_id, known), *said]


def _decided_not_to_share(family_id: int, organisation_id: int | None, known: str) -> list[str]:
    """The latest decision about each person, or about the family, where it is not to tell this organisation."""
    latest = (
        select(func.max(SharingDecision.id))
        .where(SharingDecision.family_id == family_id)
        .group_by(SharingDecision.organisation_id, SharingDecision.person_id)
    )
    rows = db.session.execute(
        select(SharingDecision.organisation_id, SharingDecision.decided_at, SharingDecision.why, Organisation.name)
        .join(Organisation, Organisation.id == SharingDecision.organisation_id)
        .where(SharingDecision.family_id == family_id, SharingDecision.id.in_(latest), SharingDecision.share.is_(False))
        .order_by(SharingDecision.id)
    )
    return [
        f"It was decided on {full(london_date(row.decided_at))} not to share with {row.name}: {row.why}"
        for row in rows
        if row.organisation_id == organisation_id or (known and row.name.casefold() == known)
    ]


def may_be_shared_with(family_id: int, organisation_id: int) -> bool:
    """Whether the latest decision about this organisation is to share, on a basis that needs no agreement."""
    decision = db.session.execute(
        select(SharingDecision.share, SharingDecision.basis)
        .where(SharingDecision.family_id == family_id, SharingDecision.organisation_id == organisation_id)
        .order_by(SharingDecision.id.desc())
        .limit(1)
    ).first()
    return decision is not None and decision.share and decision.basis is not SharingBasis.CONSENT
