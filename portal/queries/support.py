"""Support suggested to a family, as its pages show it: what became of it, and who checks when."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from portal.core import clock
from portal.core.db import db
from portal.domain.dates import Calendar, near
from portal.domain.following import in_short
from portal.domain.support import CheckOutcome, CheckStage, CheckState, ReferralState, Source
from portal.domain.viewer import THE_FAMILY
from portal.domain.wording import CHOICES
from portal.facts import follow_up, seeking
from portal.facts.practice import calendar
from portal.models.families import Family, Person
from portal.models.following import FollowUpCheck, SupportReferral
from portal.models.people import User
from portal.models.teamwork import PlanNeed
from portal.queries import ringing
from portal.queries.ringing import NOT_RUNG
from portal.queries.shapes import Due, Tag, due, referral_tag


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
    on: date
    # The family answered and is to be rung: that goes before everything else.
    rings: bool
    # Until when nobody asks, and why.
    waived: str | None = None
    # Why a family that answered is not to be rung, and what to do instead.
    not_rung: str | None = None


@dataclass(frozen=True)
class ReferralCard:
    """One suggestion: the service as it was, and where it stands. `facts`: what is known of it, as pairs of a key and
    words, the latest first; `instead_of` and `replaced_by` are references of others."""

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
    stands: str | None
    facts: list[tuple[str, str]]
    instead_of: str | None
    replaced_by: str | None
    # By when another service is to be suggested, while that waits for somebody.
    sought: Due | None
    checks: list[CheckLine]

    @property
    def to_come(self) -> list[CheckLine]:
        """What is still asked: whom to ring, then the earliest due; what is put off comes last."""
        standing = [check for check in self.checks if check.due or check.waived]
        return sorted(standing, key=lambda check: (check.due is None, not check.rings, check.on))

    @property
    def next_check(self) -> CheckLine | None:
        return next(iter(self.to_come), None)


_replacement, _agreeing, _naming = aliased(SupportReferral), aliased(Person), aliased(Person)
_COLUMNS = (
    SupportReferral,
    Family.name.label("family_name"),
    PlanNeed.what.label("need"),
    Person.given_name,
    Person.known_as,
    Person.family_name.label("surname"),
    select(func.max(_replacement.id))
    .where(_replacement.instead_of_id == SupportReferral.id)
    .correlate(SupportReferral)
    .scalar_subquery()
    .label("replaced_by"),
    select(_agreeing.given_name + " " + _agreeing.family_name)
    .where(_agreeing.id == SupportReferral.share_agreed_by_id)
    .correlate(SupportReferral)
    .scalar_subquery()
    .label("agreed_by"),
    select(_naming.given_name + " " + _naming.family_name)
    .where(_naming.id == SupportReferral.label_by_id)
    .correlate(SupportReferral)
    .scalar_subquery()
    .label("label_by"),
    seeking.is_sought().label("sought"),
)


# Who reads it is mostly not who saw it.
SHOWN = {**CHOICES, Source.SEEN: "Whoever recorded it saw it themselves"}


def of_family(family: Family) -> list[ReferralCard]:
    """What still waits first, then what has started, then the rest; the latest of each first. Three statements, four
    where families are to be rung."""
    return _cards(SupportReferral.family_id == family.id, FollowUpCheck.family_id == family.id)


def one(referral: SupportReferral) -> ReferralCard:
    """Three statements."""
    (card,) = _cards(SupportReferral.id == referral.id, FollowUpCheck.referral_id == referral.id)
    return card


def asks_next(check: FollowUpCheck) -> str:
    """Who owns a check, by name."""
    return db.session.execute(select(User.name).where(User.id == check.owner_id)).scalar_one()


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
    asked = db.session.execute(_checks().where(whose)).all()
    not_rung = ringing.of_rows(row for row in asked if row.state is CheckState.DUE)
    for row in asked:
        checks.setdefault(row.referral_id, []).append(_check(row, today, days, not_rung))
    order = list(ReferralState)
    ranked = sorted(referrals, key=lambda row: order.index(row.SupportReferral.state))
    return [_card(row, checks.get(row.SupportReferral.id, []), today, days) for row in ranked]


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
            FollowUpCheck.waived_until,
            FollowUpCheck.waived_reason,
            User.name.label("owner"),
            follow_up.answered_by_column().label("answered_by"),
            follow_up.said_no_column().label("said_no"),
        )
        .join(User, User.id == FollowUpCheck.owner_id)
        .outerjoin(SupportReferral, SupportReferral.id == FollowUpCheck.referral_id)
        .where(FollowUpCheck.state != CheckState.VOID)
        .order_by(FollowUpCheck.id.desc())
    )


def _check(row: Any, today: date, days: Calendar, not_rung: Mapping[str, str]) -> CheckLine:
    ref = f"{FollowUpCheck.ref_prefix}-{row.id}"
    still = row.state is CheckState.DUE
    waived = row.state is CheckState.WAIVED
    return CheckLine(
        ref=ref,
        asked=NOT_RUNG if ref in not_rung else in_short(row.stage, said_no=row.said_no),
        not_rung=not_rung.get(ref),
        due=due(row.due_on, today, days) if still else None,
        owner=row.owner,
        escalated_to=CHOICES[row.escalated_to] if row.escalated_to and still else None,
        outcome=outcome_words(row) if row.outcome else None,
        byline=done_words(row, today),
        note=row.note,
        on=row.waived_until if waived else row.due_on,
        rings=row.stage is CheckStage.CALL_BACK,
        waived=f"Not asked until {near(row.waived_until, today)}: {row.waived_reason}" if waived else None,
    )


def outcome_words(row: Any, answered_by: Any = None) -> str:
    """What came of a check, with what was tried or whom it waits on. `answered_by`: what was recorded instead, where a
    row of `follow_up.answered_by_column` is not at hand."""
    words = CHOICES[row.outcome]
    if row.outcome is CheckOutcome.GONE_ON and _by_the_family(row):
        words = "The family answered by its link"
    elif row.outcome is CheckOutcome.GONE_ON and (said := answered_by or getattr(row, "answered_by", None)):
        words += f": {said['answer']}"
    if row.stage is CheckStage.WAITING and row.outcome is CheckOutcome.NOT_YET:
        words = "Still on the list"
    if row.stage is CheckStage.STARTED:
        words = {"happened": "Still going", "not_yet": "Not settled"}.get(row.outcome, words)
    if row.stage is CheckStage.AFTER_NO:
        asked = {
            "happened": "They would like help now",
            "not_yet": "Not decided",
            "will_not_happen": "They do not want help",
        }
        words = asked.get(row.outcome, words)
    if row.stage is CheckStage.AFTER_UNIVERSAL:
        words = {"happened": "It goes well", "not_yet": "Not settled"}.get(row.outcome, words)
    if row.stage is CheckStage.CALL_BACK and row.outcome is CheckOutcome.HAPPENED:
        words = "Somebody spoke with them"
    if row.method:
        words += f" ({CHOICES[row.method].lower()})"
    return f"{words}. Waiting on {row.waiting_on}" if row.waiting_on else words


def done_words(row: Any, today: date) -> str | None:
    """When a check was recorded and by whom; None where it was not."""
    if row.done_on is None:
        return None
    return f"{near(row.done_on, today)}, by {'the family' if _by_the_family(row) else row.done_by_name}"


def _by_the_family(row: Any) -> bool:
    return bool(row.done_by_name == THE_FAMILY.name)


def _card(row: Any, checks: list[CheckLine], today: date, days: Calendar) -> ReferralCard:
    found: SupportReferral = row.SupportReferral
    return ReferralCard(
        ref=found.ref,
        family_ref=f"{Family.ref_prefix}-{found.family_id}",
        family_name=row.family_name,
        service=found.service_name,
        organisation=found.service_organisation,
        phone=found.service_phone,
        need=row.need or found.need_text or "",
        whom=_whom(row),
        label=f"“{found.label}”, as {row.label_by} asked" if found.label and row.label_by else found.label,
        given=f"{near(found.given_on, today)}. {CHOICES[found.how_given]}",
        recorded_by=found.recorded_by_name,
        tag=referral_tag(found.state, confirmed=found.confirmed_on is not None, declined=found.declined_on is not None),
        stands=_stands(found, today),
        facts=_facts(found, row.agreed_by, today),
        instead_of=f"{SupportReferral.ref_prefix}-{found.instead_of_id}" if found.instead_of_id else None,
        replaced_by=f"{SupportReferral.ref_prefix}-{row.replaced_by}" if row.replaced_by else None,
        sought=due(found.instead_by, today, days) if row.sought else None,
        checks=checks,
    )


def _whom(row: Any) -> str:
    found: SupportReferral = row.SupportReferral
    if found.person_id:
        return f"{row.known_as or row.given_name} {row.surname}"
    return found.person_text or "The whole family"


def _stands(found: SupportReferral, today: date) -> str | None:
    """One line for a list: the date that matters most now."""
    match found.state:
        case ReferralState.STARTED if found.stopped_on:
            return f"Seems to have stopped on {near(found.stopped_on, today)}"
        case ReferralState.STARTED:
            return f"First received on {near(found.started_on, today)}" if found.started_on else None
        case ReferralState.ENDED:
            return f"Ended on {near(found.last_on, today)}" if found.last_on else None
        case ReferralState.NOT_STARTED:
            return CHOICES[found.not_started_code] if found.not_started_code else None
        case ReferralState.WAITING_LIST:
            return f"A place is expected by {near(found.expected_on, today)}" if found.expected_on else None
        case ReferralState.BOOKED:
            return f"The first day is {near(found.booked_for, today)}" if found.booked_for else None
        case _:
            return f"Since {near(found.state_on, today)}" if found.state_on else None


def _facts(found: SupportReferral, agreed_by: str | None, today: date) -> list[tuple[str, str]]:
    to_come = found.started_on is None and found.declined_on is None
    pairs = [
        ("Ended", _dated(found.last_on, today, found.ended_how)),
        ("Why it ended early", found.ended_why),
        ("What it did about the {need}", CHOICES[found.helped] if found.helped else None),
        ("Seems to have stopped", near(found.stopped_on, today) if found.stopped_on else None),
        ("Confirmed by a second source", _learned(found.confirmed_on, today, found.confirmed_source)),
        ("First received", _dated(found.started_on, today, found.started_source)),
        ("What they received", found.started_what),
        ("They were already receiving it", "Before it was suggested" if found.already_receiving else None),
        ("Why it did not start", CHOICES[found.not_started_code] if found.not_started_code else None),
        ("What happened", found.not_started_reason),
        ("The {need} now", CHOICES[found.need_now] if found.need_now else None),
        ("What was agreed", found.need_now_words),
        ("The service said no", _dated(found.declined_on, today, None)),
        ("Why the service said no", found.declined_why),
        ("Last heard", _dated(found.state_on, today, found.state_source)),
        ("First day booked", near(found.booked_for, today) if found.booked_for and to_come else None),
        ("Place expected by", near(found.expected_on, today) if found.expected_on and to_come else None),
        ("Help until then", found.interim if to_come else None),
        ("Sent to the service", near(found.sent_on, today) if found.sent_on else None),
        ("What it was asked for", found.sent_reason),
        ("How it reaches them safely", found.safe_contact),
        ("Sharing agreed by", ". ".join(filter(None, (agreed_by, found.share_agreed_by_text)))),
        ("Shared all the same", found.shared_despite),
    ]
    return [(key, words) for key, words in pairs if words]


def _dated(day: date | None, today: date, choice: StrEnum | None) -> str | None:
    if day is None:
        return None
    return f"{near(day, today)}. {SHOWN[choice]}" if choice else near(day, today)


def _learned(day: date | None, today: date, source: Source | None) -> str | None:
    """The day is not when it started, but when that was heard."""
    return f"{SHOWN[source]}, as we learned on {near(day, today)}" if day and source else None
