"""The page of agreement and sharing: what each person said, what is shared with whom, and what waits for us."""

from dataclasses import dataclass

from sqlalchemy import select

from portal.core.db import db
from portal.domain.dates import full, london_date, moment
from portal.domain.wording import CHOICES
from portal.domain.words import Word, say
from portal.facts import agreement
from portal.models.families import Family, Person
from portal.models.handover import EngagementRecord, SharingDecision, StopRequest
from portal.models.people import Organisation
from portal.queries.households import living


@dataclass(frozen=True)
class Answer:
    """One answer: what it was about, what was said, when and to whom; the details as they were written."""

    about: str
    answer: str
    byline: str
    details: list[tuple[str, str]]


@dataclass(frozen=True)
class Asked:
    """One person: the latest answer for each purpose and organisation, and the earlier ones, newest first."""

    name: str
    now: list[Answer]
    earlier: list[Answer]


@dataclass(frozen=True)
class Decision:
    organisation: str
    share: bool
    basis: str
    why: str
    byline: str
    latest: bool


@dataclass(frozen=True)
class Agreement:
    people: list[Asked]
    limits: list[str]
    stops: list[str]
    settled: list[tuple[str, str]]
    decisions: list[Decision]

    @property
    def asked(self) -> bool:
        return any(person.now for person in self.people)


def of_family(family: Family, words: dict[str, Word]) -> Agreement:
    """Six statements."""
    people = living(family.id)
    records, bodies = _records(family.id), dict(organisations())
    stops = db.session.scalars(
        select(StopRequest).where(StopRequest.family_id == family.id).order_by(StopRequest.id.desc())
    ).all()
    return Agreement(
        people=[_asked(one.name, [row for row in records if row.person_id == one.id], bodies, words) for one in people],
        limits=limits(family.id, words),
        stops=[f"{each.name} asked us to stop on {full(each.asked_on)}" for each in stops if each.settled_on is None],
        settled=[
            (
                f"{each.name} asked us to stop on {full(each.asked_on)}. "
                f"{each.settled_by_name} settled it on {full(each.settled_on)}",
                each.what_now or "",
            )
            for each in stops
            if each.settled_on is not None
        ],
        decisions=_decisions(family.id),
    )


def limits(family_id: int, words: dict[str, Word]) -> list[str]:
    """What people have not agreed to, a sentence each: shown wherever something is about to be shared."""
    return [say(each.words, words) for each in agreement.limits(family_id)]


def waiting(family_id: int) -> list[str]:
    """Who asked us to stop and waits for what happens now, by name."""
    return list(
        db.session.scalars(
            select(StopRequest.name)
            .where(StopRequest.family_id == family_id, StopRequest.settled_on.is_(None))
            .order_by(StopRequest.id)
        )
    )


def organisations() -> list[tuple[int, str]]:
    """By name."""
    rows = db.session.execute(select(Organisation.id, Organisation.name).order_by(Organisation.name, Organisation.id))
    return [(row.id, row.name) for row in rows]


def _records(family_id: int) -> list[EngagementRecord]:
    return list(
        db.session.scalars(
            select(EngagementRecord)
            .join(Person, Person.id == EngagementRecord.person_id)
            .where(EngagementRecord.family_id == family_id)
            .order_by(EngagementRecord.id.desc())
        )
    )


def _asked(name: str, records: list[EngagementRecord], bodies: dict[int, str], words: dict[str, Word]) -> Asked:
    seen: set[tuple[str, int | None]] = set()
    now: list[Answer] = []
    earlier: list[Answer] = []
    for row in records:
        about = (row.purpose, row.organisation_id)
        (earlier if about in seen else now).append(_answer(row, bodies.get(row.organisation_id or 0), words))
        seen.add(about)
    return Asked(name, now, earlier)


def _answer(row: EngagementRecord, organisation: str | None, words: dict[str, Word]) -> Answer:
    purpose = say(row.purpose, words)
    when = f"on {full(row.asked_on)}, " if row.asked_on else ""
    asked = {
        "Not agreed to": row.exclusions,
        "How it was explained": row.how_explained,
        "What worries them": row.worries,
        "Language support": row.language_support,
        "Offer again": full(row.offer_again_on) if row.offer_again_on else None,
        "Can decide": "The worker judged that this child can decide" if row.child_can_decide else None,
    }
    return Answer(
        about=f"{purpose}: {organisation}" if organisation else purpose,
        answer=CHOICES[row.answer],
        byline=f"Asked {when}by {row.asked_by_name}, recorded {moment(row.recorded_at)}",
        details=[(key, value) for key, value in asked.items() if value],
    )


def _decisions(family_id: int) -> list[Decision]:
    rows = db.session.execute(
        select(SharingDecision, Organisation.name, Person.given_name, Person.known_as)
        .join(Organisation, Organisation.id == SharingDecision.organisation_id)
        .outerjoin(Person, Person.id == SharingDecision.person_id)
        .where(SharingDecision.family_id == family_id)
        .order_by(SharingDecision.id.desc())
    ).all()
    seen: set[int] = set()
    found = []
    for decision, organisation, given, known_as in rows:
        whom = f", about {known_as or given}" if given else ""
        notice = f". Privacy notice given on {full(decision.privacy_notice_on)}" if decision.privacy_notice_on else ""
        found.append(
            Decision(
                organisation=f"{organisation}{whom}",
                share=decision.share,
                basis=f"{CHOICES[decision.basis]}{notice}",
                why=decision.why,
                byline=f"{decision.decided_by_name}, {full(london_date(decision.decided_at))}",
                latest=decision.organisation_id not in seen,
            )
        )
        seen.add(decision.organisation_id)
    return found
