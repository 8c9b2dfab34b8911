"""Looks that somebody should ask about: at one's own name, at many families in an hour, from outside the team, in an
emergency, at restricted families."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, extract, func, or_, select

from portal.core import clock
from portal.core.db import db
from portal.domain.dates import clock_time, counted, london_date, moment, near, to_utc
from portal.domain.identifiers import name_key
from portal.domain.log import OF_THE_TEAM, Tied
from portal.domain.log_words import as_what, did
from portal.domain.roles import EVERY_FAMILY, Role
from portal.models.families import Family, Person
from portal.models.handover import StepDown
from portal.models.people import Organisation, User
from portal.models.record import Audit, AuditKind
from portal.policies import barred

DAYS = 28
FEW = 5
LOT = 10  # where the signature begins, after the name of its key
MANY, HOUR = 20, timedelta(hours=1)
SEEN = (AuditKind.LOOK, AuditKind.PRINT, AuditKind.CHANGE, AuditKind.EXPORT, AuditKind.EMERGENCY)


@dataclass(frozen=True)
class Opened:
    """One person and one family."""

    who: str
    who_ref: str
    organisation: str
    family: str
    family_ref: str
    times: str
    last: str


@dataclass(frozen=True)
class Hour:
    """Many families of one person, one after the other."""

    who: str
    organisation: str
    families: str
    when: str


@dataclass(frozen=True)
class Outsider:
    """Somebody who opened families on whose team they were not."""

    who: str
    who_ref: str
    organisation: str
    what: str
    families: str
    last: str


@dataclass(frozen=True)
class Drawn:
    """One look, whoever's it is."""

    who: str
    who_ref: str
    organisation: str
    family: str
    family_ref: str
    did: str
    at: str


@dataclass(frozen=True)
class ToAsk:
    own_name: list[Opened]
    many: list[Hour]
    drawn: list[Drawn]
    outside: list[Outsider]
    emergencies: list[Opened]
    restricted: list[Opened]

    @property
    def count(self) -> int:
        return sum(map(len, vars(self).values()))


def lately() -> ToAsk:
    """Of the families that the viewer reaches; nine statements at most."""
    return ToAsk(_own_name(), _many(), _drawn(), _outside(), _in_emergencies(), _restricted())


def from_outside(user_id: int) -> list[Opened]:
    """The families that one person opened from outside their teams, the latest first."""
    return [_opened(row) for row in db.session.execute(_pairs().where(Audit.user_id == user_id, *_not_on_the_team()))]


def _seen() -> list[Any]:
    return [Audit.at > clock.now() - timedelta(days=DAYS), Audit.family_id.is_not(None), Audit.kind.in_(SEEN)]


def _pairs() -> Any:
    """Each person with each family they saw, the latest first."""
    last = func.max(Audit.at)
    return (
        select(
            Audit.user_id,
            User.name.label("who"),
            Organisation.name.label("organisation"),
            Family.id.label("family_id"),
            Family.name.label("family"),
            func.count(Audit.id.distinct()).label("times"),
            last.label("last"),
        )
        .join(User, User.id == Audit.user_id)
        .join(Organisation, Organisation.id == User.organisation_id)
        .join(Family, Family.id == Audit.family_id)
        .where(*_seen())
        .group_by(Audit.user_id, User.name, Organisation.name, Family.id, Family.name)
        .order_by(last.desc(), Family.id)
    )


def _opened(row: Any) -> Opened:
    return Opened(
        who=row.who,
        who_ref=f"{User.ref_prefix}-{row.user_id}",
        organisation=row.organisation,
        family=row.family,
        family_ref=f"{Family.ref_prefix}-{row.family_id}",
        times=counted(row.times, "time", "times"),
        last=moment(row.last),
    )


def _in_emergencies() -> list[Opened]:
    """What was seen by whoever opened it in an emergency."""
    return [_opened(row) for row in db.session.execute(_pairs().where(Audit.standing == Tied.OPENED.value))]


def _restricted() -> list[Opened]:
    """Families that are restricted today, by whoever was not on their team: those who are cleared for their own work
    look every day, and so do social workers."""
    not_on_team = or_(Audit.standing.is_(None), Audit.standing.not_in([tied.value for tied in OF_THE_TEAM]))
    cleared = and_(Audit.roles.contains(Role.SOCIAL_WORKER.value), barred.cleared(Family.id, Audit.user_id))
    opened = func.coalesce(Audit.standing, "") == Tied.OPENED.value
    theirs = and_(~opened, or_(cleared, _own_social_worker()))
    return [_opened(row) for row in db.session.execute(_pairs().where(Family.restricted, not_on_team, ~theirs))]


def _own_social_worker() -> ColumnElement[bool]:
    """It is in their hands, or was stepped down by them."""
    stepped_down = exists().where(StepDown.family_id == Family.id, StepDown.social_worker_id == Audit.user_id)
    return or_(func.coalesce(Family.social_worker_id, 0) == Audit.user_id, stepped_down)


def _own_name() -> list[Opened]:
    """Families in which somebody has the surname of whoever looked."""
    people = db.session.execute(
        select(User.id, User.name).where(User.id.in_(select(Audit.user_id).where(*_seen())))
    ).all()
    surnames = {row.id: name_key(row.name.split()[-1]) for row in people}
    found = db.session.execute(
        _pairs()
        .add_columns(Person.name_key)
        .join(Person, Person.family_id == Family.id)
        .where(Person.name_key.in_(set(surnames.values())))
        .group_by(Person.name_key)
    )
    return [_opened(row) for row in found if row.name_key == surnames.get(row.user_id)]


def _many() -> list[Hour]:
    """The most families that one person saw within any hour of a day, where they are many."""
    busy = _busy()
    if not busy:
        return []
    rows = db.session.execute(
        select(Audit.user_id, Audit.at, Audit.family_id, User.name, Organisation.name.label("organisation"))
        .join(User, User.id == Audit.user_id)
        .join(Organisation, Organisation.id == User.organisation_id)
        .join(Family, Family.id == Audit.family_id)
        .where(*_seen(), Audit.user_id.in_(busy))
        .order_by(Audit.user_id, Audit.at, Audit.id)
    )
    found = [hour for _, looks in groupby(rows, lambda row: row.user_id) for hour in _hours(list(looks))]
    return [hour for _, hour in sorted(found, key=lambda each: each[0], reverse=True)]


def _busy() -> Collection[int]:
    """Who saw at least half as many within an hour of the clock: any hour that goes over its end has half of it in
    one of the two."""
    hour = [extract(part, Audit.at) for part in ("year", "month", "day", "hour")]
    return set(
        db.session.scalars(
            select(Audit.user_id)
            .join(Family, Family.id == Audit.family_id)
            .where(*_seen())
            .group_by(Audit.user_id, *hour)
            .having(func.count(Audit.family_id.distinct()) * 2 >= MANY)
        )
    )


def _hours(looks: list[Any]) -> Iterable[tuple[datetime, Hour]]:
    """Of one person's looks in their order, the fullest hour of each day."""
    fullest: dict[Any, tuple[int, Any, Any]] = {}
    start, within = 0, dict[int, int]()
    for look in looks:
        within[look.family_id] = within.get(look.family_id, 0) + 1
        while look.at - looks[start].at > HOUR:
            gone = looks[start].family_id
            within[gone] -= 1
            if not within[gone]:
                del within[gone]
            start += 1
        day = london_date(look.at)
        if len(within) >= MANY and len(within) > fullest.get(day, (0,))[0]:
            fullest[day] = len(within), looks[start], look
    for day, (number, first, last) in fullest.items():
        when = f"{near(day, clock.today())}, {clock_time(first.at)} to {clock_time(last.at)}"
        yield last.at, Hour(last.name, last.organisation, counted(number, "{family}", "{family:many}"), when)


def _drawn() -> list[Drawn]:
    """By lot from the last whole week, the same ones until it is over: a signature is as good as a die, and nobody
    knows it before the look is made."""
    today = clock.today()
    monday = today - timedelta(days=today.weekday())
    begins, ends = (to_utc(day, time()) for day in (monday - timedelta(days=7), monday))
    lot = func.substr(Audit.mac, LOT)
    rows = db.session.execute(
        select(
            Audit.user_id,
            User.name.label("who"),
            Organisation.name.label("organisation"),
            Family.id.label("family_id"),
            Family.name.label("family"),
            Audit.kind,
            Audit.page,
            Audit.subject,
            Audit.at,
        )
        .join(User, User.id == Audit.user_id)
        .join(Organisation, Organisation.id == User.organisation_id)
        .join(Family, Family.id == Audit.family_id)
        .where(Audit.at >= begins, Audit.at < ends, Audit.family_id.is_not(None), Audit.kind.in_(SEEN))
        .order_by(lot, Audit.id)
        .limit(FEW)
    )
    return [
        Drawn(
            who=row.who,
            who_ref=f"{User.ref_prefix}-{row.user_id}",
            organisation=row.organisation,
            family=row.family,
            family_ref=f"{Family.ref_prefix}-{row.family_id}",
            did=did(row.kind, row.page, row.subject),
            at=moment(row.at),
        )
        for row in rows
    ]


def _not_on_the_team() -> list[Any]:
    """Whoever may open any family, and does not work with this one. Others reach one by their work with it alone."""
    wide = or_(*(Audit.roles.contains(role.value) for role in sorted(EVERY_FAMILY)))
    return [Audit.standing.is_(None), wide, ~_own_social_worker()]


def _outside() -> list[Outsider]:
    last = func.max(Audit.at)
    rows = db.session.execute(
        select(
            Audit.user_id,
            User.name,
            Organisation.name.label("organisation"),
            func.max(Audit.roles).label("roles"),
            func.count(Audit.family_id.distinct()).label("families"),
            last.label("last"),
        )
        .join(User, User.id == Audit.user_id)
        .join(Organisation, Organisation.id == User.organisation_id)
        .join(Family, Family.id == Audit.family_id)
        .where(*_seen(), *_not_on_the_team())
        .group_by(Audit.user_id, User.name, Organisation.name)
        .order_by(last.desc(), Audit.user_id)
    )
    return [
        Outsider(
            who=row.name,
            who_ref=f"{User.ref_prefix}-{row.user_id}",
            organisation=row.organisation,
            what=as_what(None, row.roles),
            families=counted(row.families, "{family}", "{family:many}"),
            last=moment(row.last),
        )
        for row in rows
    ]
