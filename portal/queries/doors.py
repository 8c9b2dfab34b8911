"""Narrow doors: what somebody may read of a family outside their reach, one named question each."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import and_, exists, or_, select
from sqlalchemy.orm import aliased
from sqlalchemy.sql.elements import ColumnElement

from portal.core import clock
from portal.core.db import db
from portal.core.sealed import holds, opened
from portal.domain.dates import counted, full, london_date
from portal.domain.identifiers import family_number, name_key, social_care_number
from portal.domain.leads import LeadState
from portal.domain.plans import HEADLINES, NeedState
from portal.domain.step_downs import OPEN
from portal.domain.viewer import Viewer
from portal.domain.wording import CHOICES
from portal.facts import merging
from portal.facts.practice import calendar
from portal.models.families import (
    ConfidentialAddress,
    Family,
    Household,
    HouseholdMembership,
    Person,
    PersonKind,
)
from portal.models.handover import LeadAssignment, StepDown, StepDownChild
from portal.models.people import Organisation, User
from portal.models.teamwork import PlanNeed, TeamMember
from portal.policies import barred
from portal.policies.scope import unscoped
from portal.queries.handover_parts import age
from portal.queries.shapes import Due, due

FEW = 5


@dataclass(frozen=True)
class Terms:
    """What is known of somebody: a family reference, the council's own for the family or a social care number, or all
    three of the others."""

    number: str | None = None
    surname: str | None = None
    born_on: date | None = None
    postcode: str | None = None


@dataclass(frozen=True)
class LookUpCard:
    """All that a look-up tells of a family. `reached`: the viewer reaches the whole record anyway."""

    family_id: int
    ref: str
    known_since: str
    lead: str | None
    lead_phone: str | None
    step_down_open: bool
    reached: bool


def look_up(terms: Iterable[Terms], viewer: Viewer) -> list[LookUpCard]:
    """The families that match any of the terms, a few at most, in two statements. A restricted family, and one
    that the viewer has a conflict of interest with, is as if it were not there."""
    asked, found = list(terms), aliased(Family)
    if not asked:
        return []
    with unscoped("look-up card"):
        rows = db.session.execute(
            select(
                Family.id,
                Family.added_at,
                _of_lead(LeadAssignment.name).label("lead"),
                _of_lead(User.id).label("leader"),
                _of_lead(User.phone_sealed).label("own_phone"),
                _of_lead(Organisation.phone).label("phone"),
                _of_lead(TeamMember.id).label("member"),
                _of_lead(TeamMember.contact_sealed).label("contact"),
                exists()
                .where(StepDown.family_id == Family.id, StepDown.state.in_(OPEN))
                .correlate(Family)
                .label("step_down"),
            )
            .where(
                # What was merged into another record is found as that one.
                Family.id.in_(select(merging.record_of(found)).where(or_(*(_matches(each, found) for each in asked)))),
                Family.restricted.is_(False),
                ~barred.conflicted(Family.id, viewer.user_id),
            )
            .order_by(Family.id)
            .limit(FEW)
        ).all()
    reached = _reached([row.id for row in rows])
    return [
        LookUpCard(
            family_id=row.id,
            ref=f"{Family.ref_prefix}-{row.id}",
            known_since=full(london_date(row.added_at)),
            lead=row.lead,
            lead_phone=opened(row.own_phone, row.leader) or row.phone or opened(row.contact, row.member),
            step_down_open=bool(row.step_down),
            reached=row.id in reached,
        )
        for row in rows
    ]


def _reached(family_ids: Sequence[int]) -> set[int]:
    return set(db.session.scalars(select(Family.id).where(Family.id.in_(family_ids)))) if family_ids else set()


def _of_lead(column: Any) -> Any:
    return (
        select(column)
        .select_from(LeadAssignment)
        .outerjoin(User, User.id == LeadAssignment.user_id)
        .outerjoin(Organisation, Organisation.id == User.organisation_id)
        .outerjoin(TeamMember, TeamMember.id == LeadAssignment.member_id)
        .where(LeadAssignment.family_id == Family.id, LeadAssignment.state == LeadState.ACCEPTED)
        .correlate(Family)
        .limit(1)
        .scalar_subquery()
    )


def _matches(terms: Terms, family: Any) -> ColumnElement[bool]:
    if terms.number:
        number = social_care_number(terms.number)
        numbered = (
            exists()
            .where(Person.family_id == family.id, Person.social_care_number.in_([terms.number, number]))
            .correlate(family)
        )
        typed = terms.number.strip()
        own = family.council_reference.in_([typed, typed.upper(), typed.lower()])
        reference = family_number(typed)
        return or_(family.id == reference, own, numbered) if reference else or_(own, numbered)
    return (
        exists()
        .where(
            Person.family_id == family.id,
            Person.name_key == name_key(terms.surname or ""),
            Person.date_of_birth == terms.born_on,
            HouseholdMembership.person_id == Person.id,
            HouseholdMembership.to_on.is_(None),
            Household.id == HouseholdMembership.household_id,
            holds(Household.postcode, terms.postcode or ""),
            ~_told_by(Household.id),
        )
        .correlate(family)
    )


def _told_by(home_id: Any) -> ColumnElement[bool]:
    """Whether the postcode of a home would tell the confidential address of somebody who lives there: then it finds
    nobody."""
    lives = aliased(HouseholdMembership)
    return (
        exists()
        .where(
            lives.household_id == home_id,
            lives.to_on.is_(None),
            ConfidentialAddress.person_id == lives.person_id,
        )
        .correlate(Household)
    )


@dataclass(frozen=True)
class AskedChild:
    """Given name and age: who is asked to lead learns no more of a child."""

    name: str
    age: str


@dataclass(frozen=True)
class Nomination:
    """What somebody who was asked to lead learns before they answer. Labels may hold concepts in braces."""

    by_whom: str
    due: Due | None
    destination: str | None
    children: list[AskedChild]
    needs: list[str]
    social_worker: str | None
    social_worker_phone: str | None


def nomination(assignment: LeadAssignment, viewer: Viewer) -> Nomination | None:
    """The summary of the step-down for whom it asks to lead, until they answer. None for anybody else, and where
    their organisation has no live sharing agreement: then they learn nothing of the family."""
    if assignment.user_id != viewer.user_id or assignment.state is not LeadState.NOMINATED or not viewer.shares:
        return None
    today, days = clock.today(), calendar()
    with unscoped("nominated lead"):
        came_with = db.session.execute(
            select(StepDown.destination, User.id, User.name, User.phone_sealed)
            .join(User, User.id == StepDown.social_worker_id)
            .where(StepDown.id == assignment.step_down_id)
        ).first()
        children = db.session.execute(
            select(Person.known_as, Person.given_name, Person.date_of_birth, Person.expected_on)
            .where(_to_be_led(assignment))
            .order_by(Person.date_of_birth.is_(None), Person.date_of_birth, Person.id)
        ).all()
        needs = db.session.scalars(
            select(PlanNeed.what)
            .where(PlanNeed.episode_id == assignment.episode_id, PlanNeed.state == NeedState.OPEN)
            .order_by(PlanNeed.id)
        ).all()
    return Nomination(
        by_whom=assignment.nominated_by_name,
        due=due(assignment.answer_by, today, days),
        destination=CHOICES[came_with.destination] if came_with else None,
        children=[
            AskedChild(row.known_as or row.given_name, age(row.date_of_birth, row.expected_on, today))
            for row in children
        ],
        needs=list(needs),
        social_worker=came_with.name if came_with else None,
        social_worker_phone=opened(came_with.phone_sealed, came_with.id) if came_with else None,
    )


@dataclass(frozen=True)
class AskedAbout:
    """What tells one request to lead from another, without a name. Labels may hold concepts in braces."""

    family_ref: str
    children: str
    needs: list[str]


def asked_about(viewer: Viewer) -> dict[int, AskedAbout]:
    """By request that waits for the viewer: how many children of what age, and the headlines of their needs. Nothing
    where their organisation has no live sharing agreement. Two statements, however many requests."""
    if not viewer.shares:
        return {}
    today = clock.today()
    waits = (LeadAssignment.user_id == viewer.user_id, LeadAssignment.state == LeadState.NOMINATED)
    handed_over = exists().where(
        StepDownChild.step_down_id == LeadAssignment.step_down_id, StepDownChild.person_id == Person.id
    )
    living = and_(
        LeadAssignment.step_down_id.is_(None),
        Person.kind == PersonKind.CHILD,
        Person.died_on.is_(None),
        Person.pregnancy_ended_on.is_(None),
    )
    with unscoped("nominated lead"):
        children = db.session.execute(
            select(LeadAssignment.id, LeadAssignment.family_id, Person.date_of_birth, Person.expected_on)
            .outerjoin(Person, and_(Person.family_id == LeadAssignment.family_id, or_(handed_over, living)))
            .where(*waits)
            .order_by(LeadAssignment.id, Person.date_of_birth.is_(None), Person.date_of_birth, Person.id)
        ).all()
        needs = db.session.execute(
            select(LeadAssignment.id, PlanNeed.headline)
            .join(PlanNeed, PlanNeed.episode_id == LeadAssignment.episode_id)
            .where(*waits, PlanNeed.state == NeedState.OPEN)
            .order_by(PlanNeed.id)
        ).all()
    found = {}
    for asked in dict.fromkeys((row.id, row.family_id) for row in children):
        ages = [
            age(row.date_of_birth, row.expected_on, today)
            for row in children
            if row.id == asked[0] and (row.date_of_birth or row.expected_on)
        ]
        found[asked[0]] = AskedAbout(
            family_ref=f"{Family.ref_prefix}-{asked[1]}",
            children=f"{counted(len(ages), 'child', 'children')}: {', '.join(ages)}" if ages else "No children named",
            needs=list(dict.fromkeys(HEADLINES[row.headline] for row in needs if row.id == asked[0])),
        )
    return found


def _to_be_led(assignment: LeadAssignment) -> ColumnElement[bool]:
    """The children handed over; without a step-down, every living child of the family."""
    if assignment.step_down_id is not None:
        return Person.id.in_(
            select(StepDownChild.person_id).where(StepDownChild.step_down_id == assignment.step_down_id)
        )
    return and_(
        Person.family_id == assignment.family_id,
        Person.kind == PersonKind.CHILD,
        Person.died_on.is_(None),
        Person.pregnancy_ended_on.is_(None),
    )
