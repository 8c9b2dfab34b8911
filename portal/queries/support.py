"""Support suggested to a family, as its pages show it: what became of it, and who checks when."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.domain.dates import Calendar, near
from portal.domain.plans import NeedState
from portal.domain.support import CheckStage, CheckState, ReferralState
from portal.domain.wording import CHOICES
from portal.facts.practice import calendar
from portal.models.families import Family, Person
from portal.models.following import FollowUpCheck, Service, SupportReferral
from portal.models.people import User
from portal.models.teamwork import PlanNeed
from portal.queries.shapes import Due, Tag, due, tag

ASKED = {
    CheckStage.SIGNPOSTED: "Has it started?",
    CheckStage.STARTED: "Is it still going?",
    CheckStage.AFTER_NO: "How are things?",
}


@dataclass(frozen=True)
class CheckLine:
    """One check of a referral: still due with its owner, or what came of it."""

    ref: str
    asked: str
    due: Due | None
    owner: str
    escalated_to: str | None
    outcome: str | None
    byline: str | None
    note: str | None


@dataclass(frozen=True)
class ReferralCard:
    """One suggestion: the service as it was, and where it stands."""

    ref: str
    family_ref: str
    family_name: str
    service: str
    organisation: str | None
    phone: str | None
    need: str
    whom: str
    label: str | None
    given: str
    recorded_by: str
    tag: Tag
    started: str | None
    started_what: str | None
    not_started: str | None
    not_started_reason: str | None
    need_now: str | None
    checks: list[CheckLine]

    @property
    def next_check(self) -> CheckLine | None:
        return next((check for check in self.checks if check.due), None)


_COLUMNS = (
    SupportReferral,
    Family.name.label("family_name"),
    PlanNeed.what.label("need"),
    Person.given_name,
    Person.known_as,
    Person.family_name.label("surname"),
)


def of_family(family: Family) -> list[ReferralCard]:
    """What still waits first, then what has started, then the rest; the latest of each first. Three statements."""
    return _cards(SupportReferral.family_id == family.id, FollowUpCheck.family_id == family.id)


def one(referral: SupportReferral) -> ReferralCard:
    """Three statements."""
    (card,) = _cards(SupportReferral.id == referral.id, FollowUpCheck.referral_id == referral.id)
    return card


def _cards(which: Any, whose: Any) -> list[ReferralCard]:
    today, days = clock.today(), calendar()
    referrals = db.session.execute(
        select(*_COLUMNS)
        .join(Family, Family.id == SupportReferral.family_id)
        .outerjoin(PlanNeed, PlanNeed.id == SupportReferral.plan_need_id)
        .outerjoin(Person, Person.id == SupportReferral.person_id)
        .where(which)
        .order_by(SupportReferral.given_on.desc(), SupportReferral.id.desc())
    ).all()
    checks: dict[int, list[CheckLine]] = {}
    for row in db.session.execute(_checks().where(whose)):
        checks.setdefault(row.referral_id, []).append(_check(row, today, days))
    order = list(ReferralState)
    ranked = sorted(referrals, key=lambda row: order.index(row.SupportReferral.state))
    return [_card(row, checks.get(row.SupportReferral.id, []), today) for row in ranked]


def _checks() -> Any:
    return (
        select(
            FollowUpCheck.id,
            FollowUpCheck.referral_id,
            FollowUpCheck.stage,
            FollowUpCheck.state,
            FollowUpCheck.due_on,
            FollowUpCheck.escalated_to,
            FollowUpCheck.outcome,
            FollowUpCheck.method,
            FollowUpCheck.waiting_on,
            FollowUpCheck.note,
            FollowUpCheck.done_on,
            FollowUpCheck.done_by_name,
            User.name.label("owner"),
        )
        .join(User, User.id == FollowUpCheck.owner_id)
        .where(FollowUpCheck.state != CheckState.VOID)
        .order_by(FollowUpCheck.id.desc())
    )


def _check(row: Any, today: date, days: Calendar) -> CheckLine:
    still = row.state is CheckState.DUE
    return CheckLine(
        ref=f"{FollowUpCheck.ref_prefix}-{row.id}",
        asked=ASKED[row.stage],
        due=due(row.due_on, today, days) if still else None,
        owner=row.owner,
        escalated_to=CHOICES[row.escalated_to] if row.escalated_to and still else None,
        outcome=None if still else outcome_words(row),
        byline=None if still else f"{near(row.done_on, today)}, by {row.done_by_name}",
        note=row.note,
    )


def outcome_words(row: Any) -> str:
    """What came of a check, with what was tried or whom it waits on."""
    words = CHOICES[row.outcome]
    if row.stage is CheckStage.STARTED:
        words = {"happened": "Still going", "not_yet": "Not settled"}.get(row.outcome, words)
    if row.stage is CheckStage.AFTER_NO:
        asked = {
            "happened": "They would like help now",
            "not_yet": "Not decided",
            "will_not_happen": "They do not want help",
        }
        words = asked.get(row.outcome, words)
    if row.method:
        words += f" ({CHOICES[row.method].lower()})"
    return f"{words}. Waiting on {row.waiting_on}" if row.waiting_on else words


def _card(row: Any, checks: list[CheckLine], today: date) -> ReferralCard:
    found: SupportReferral = row.SupportReferral
    started = None
    if found.started_on and found.started_source:
        started = f"{near(found.started_on, today)}. {CHOICES[found.started_source]}"
    return ReferralCard(
        ref=found.ref,
        family_ref=f"{Family.ref_prefix}-{found.family_id}",
        family_name=row.family_name,
        service=found.service_name,
        organisation=found.service_organisation,
        phone=found.service_phone,
        need=row.need or found.need_text or "",
        whom=f"{row.known_as or row.given_name} {row.surname}" if found.person_id else "The whole family",
        label=found.label,
        given=f"{near(found.given_on, today)}. {CHOICES[found.how_given]}",
        recorded_by=found.recorded_by_name,
        tag=tag(found.state),
        started=started,
        started_what=found.started_what,
        not_started=CHOICES[found.not_started_code] if found.not_started_code else None,
        not_started_reason=found.not_started_reason,
        need_now=CHOICES[found.need_now] if found.need_now else None,
        checks=checks,
    )


# What the form offers

Choice = tuple[str, str]


@dataclass(frozen=True)
class Offered:
    """What can be suggested, for which need, for whom: values and words for the form."""

    services: list[Choice]
    needs: list[Choice]
    people: list[Choice]


def offered(family: Family) -> Offered:
    """Three statements."""
    services = db.session.execute(
        select(Service.id, Service.name, Service.organisation_name, Service.minimum_age, Service.maximum_age)
        .where(Service.active)
        .order_by(Service.name, Service.id)
    )
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
        services=[(str(row.id), f"{row.name}, {row.organisation_name}{_ages(row)}") for row in services],
        needs=[(str(row.id), row.what) for row in needs],
        people=[(str(row.id), f"{row.known_as or row.given_name} {row.family_name}") for row in people],
    )


def _ages(row: Any) -> str:
    match row.minimum_age, row.maximum_age:
        case None, None:
            return ""
        case int(youngest), None:
            return f" (from {youngest})"
        case None, int(oldest):
            return f" (up to {oldest})"
        case youngest, oldest:
            return f" (ages {youngest} to {oldest})"
