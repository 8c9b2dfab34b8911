"""What can be recorded of support: services, needs and people to choose from, who agreed, what is prefilled."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.domain.plans import NeedState
from portal.facts import agreement
from portal.models.families import Family, Person, PersonKind
from portal.models.following import Service, SupportReferral
from portal.models.teamwork import PlanNeed
from portal.queries.directory import Asked, ages, assured, matching
from portal.queries.families import safety

Choice = tuple[str, str]


@dataclass(frozen=True)
class ServiceChoice:
    """`assured`: when somebody last looked whether it is as the directory says."""

    value: str
    words: str
    assured: str


@dataclass(frozen=True)
class Offered:
    """What can be suggested, for which need, for whom: values and words for the form."""

    services: list[ServiceChoice]
    needs: list[Choice]
    people: list[Choice]


def services(asked: Asked) -> list[ServiceChoice]:
    """Of the directory, those that somebody looks for, by name. One statement."""
    rows = db.session.execute(
        select(
            Service.id,
            Service.name,
            Service.organisation_name,
            Service.minimum_age,
            Service.maximum_age,
            Service.assured_on,
        )
        .where(*matching(asked))
        .order_by(Service.name, Service.id)
    )
    today = clock.today()
    return [
        ServiceChoice(str(row.id), f"{row.name}, {row.organisation_name}{_ages(row)}", assured(row.assured_on, today))
        for row in rows
    ]


def offered(family: Family, asked: Asked) -> Offered:
    """Three statements."""
    needs = db.session.execute(
        select(PlanNeed.id, PlanNeed.what)
        .where(PlanNeed.family_id == family.id, PlanNeed.state == NeedState.OPEN)
        .order_by(PlanNeed.id)
    )
    people = db.session.execute(
        select(Person.id, Person.given_name, Person.known_as, Person.family_name)
        .where(Person.family_id == family.id, Person.died_on.is_(None), Person.pregnancy_ended_on.is_(None))
        .order_by(Person.kind, Person.date_of_birth, Person.id)
    )
    return Offered(
        services=services(asked),
        needs=[(str(row.id), row.what) for row in needs],
        people=[(str(row.id), f"{row.known_as or row.given_name} {row.family_name}") for row in people],
    )


def _ages(row: Any) -> str:
    """In brackets behind a name, where not everybody is meant."""
    said = ages(row.minimum_age, row.maximum_age)
    return "" if said == ages(None, None) else f" ({said[0].lower()}{said[1:]})"


@dataclass(frozen=True)
class InsteadOf:
    """Support that did not start, and what is taken over from it into the next suggestion."""

    ref: str
    service: str
    plan_need_id: int | None
    need_text: str | None
    person_id: int | None
    person_text: str | None
    label: str | None
    label_by_id: int | None


def instead_of(family: Family, referral_id: int | None) -> InsteadOf | None:
    """None where it is not of this family. One statement, none without a number."""
    if referral_id is None:
        return None
    found = db.session.execute(
        select(SupportReferral).where(SupportReferral.id == referral_id, SupportReferral.family_id == family.id)
    ).scalar_one_or_none()
    if found is None:
        return None
    return InsteadOf(
        found.ref,
        found.service_name,
        found.plan_need_id,
        found.need_text,
        found.person_id,
        found.person_text,
        found.label,
        found.label_by_id,
    )


@dataclass(frozen=True)
class ToSend:
    """What the form for sending offers: people who can have agreed, and how they can safely be reached. `unread`: of
    whom that cannot be read."""

    people: list[Choice]
    with_children: bool
    safe_contact: str
    unread: list[str]


def to_send(referral: SupportReferral) -> ToSend:
    """Living people who can be asked: adults first, then children who may be judged to decide. Two statements, and the
    standard."""
    rows = db.session.execute(
        select(Person.id, Person.given_name, Person.known_as, Person.family_name, Person.kind, Person.date_of_birth)
        .where(Person.family_id == referral.family_id, Person.died_on.is_(None), Person.pregnancy_ended_on.is_(None))
        .order_by(Person.kind, Person.date_of_birth, Person.id)
    )
    people = [row for row in rows if agreement.may_agree(row.kind, row.date_of_birth)]
    found, _ = safety(referral.family_id)
    ways = [way for way in found if not way.never]
    return ToSend(
        people=[(str(row.id), f"{row.known_as or row.given_name} {row.family_name}") for row in people],
        with_children=any(row.kind is PersonKind.CHILD for row in people),
        safe_contact="; ".join(f"{way.name}: {way.ways}" for way in ways if not way.unread)[:500],
        unread=[way.name for way in ways if way.unread],
    )
