"""Who has looked at a family: its team, everybody else, and each look."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, func, select

from portal.core.db import db
from portal.domain.dates import moment
from portal.domain.log import OF_THE_TEAM
from portal.domain.log_words import as_what, because, did, often
from portal.facts import merging
from portal.models.families import LookUp
from portal.models.people import Organisation, User
from portal.models.record import Audit, AuditKind
from portal.queries import log_changes
from portal.queries.log_as_shown import changes_as_shown, reason_as_shown

AT_ONCE = 50
THE_FAMILY = "The family, by its link"
TIMES = {
    AuditKind.LOOK: "opened",
    AuditKind.LINK: "opened",
    AuditKind.PRINT: "printed",
    AuditKind.CHANGE: "changed",
    AuditKind.EXPORT: "exported",
    AuditKind.REFUSAL: "refused",
    AuditKind.EMERGENCY: "opened in an emergency",
}


@dataclass(frozen=True)
class Looker:
    """One person, as they stood to the family when they looked."""

    ref: str | None
    name: str
    organisation: str
    what: str
    times: str
    last: str


@dataclass(frozen=True)
class Look:
    at: str
    name: str
    what: str
    did: str
    reason: str | None
    changes: list[str]


@dataclass(frozen=True)
class FoundBy:
    """Somebody looked for the family by what they knew, and found it."""

    at: str
    name: str
    organisation: str
    reason: str


@dataclass(frozen=True)
class WhoHasLooked:
    """`earlier` is where the next page of looks begins; `of` whose looks are shown, where it is one person's."""

    team: list[Looker]
    others: list[Looker]
    found_by: list[FoundBy]
    looks: list[Look]
    earlier: int | None
    of: str | None


def at_family(
    family_id: int, *, user_id: int | None = None, before: int | None = None, with_changes: bool = False
) -> WhoHasLooked:
    """Three statements. Whoever was on the team when they looked stands with the team, whatever they are today."""
    lookers = _lookers(family_id)
    rows = _looks(family_id, user_id, before)
    looks = [
        Look(
            at=moment(row.at),
            name=row.name or THE_FAMILY,
            what=as_what(row.standing, row.roles),
            did=did(row.kind, row.page, row.subject),
            reason=because(row.reason),
            changes=log_changes.lines(row.changes) if with_changes else [],
        )
        for row in rows[:AT_ONCE]
    ]
    return WhoHasLooked(
        team=[looker for on_team, looker in lookers if on_team],
        others=[looker for on_team, looker in lookers if not on_team],
        found_by=_found_by(family_id),
        looks=looks,
        earlier=rows[AT_ONCE - 1].id if len(rows) > AT_ONCE else None,
        of=looks[0].name if user_id and looks else None,
    )


def between(family_id: int, since: datetime, until: datetime) -> list[Looker]:
    """Who opened, printed, changed or exported anything of the family in this time; who looked last first."""
    within = (Audit.at >= since, Audit.at <= until, Audit.kind != AuditKind.REFUSAL)
    return [looker for _, looker in _lookers(family_id, *within)]


def _lookers(family_id: int, *within: ColumnElement[bool]) -> list[tuple[bool, Looker]]:
    """Who looked last first."""
    rows = db.session.execute(
        select(
            Audit.user_id,
            User.name,
            Organisation.name.label("organisation"),
            Audit.roles,
            Audit.standing,
            Audit.kind,
            func.count().label("times"),
            func.max(Audit.at).label("last"),
        )
        .outerjoin(User, User.id == Audit.user_id)
        .outerjoin(Organisation, Organisation.id == Audit.organisation_id)
        .where(Audit.family_id.in_(merging.whole(family_id)), *within)
        .group_by(Audit.user_id, User.name, Organisation.name, Audit.roles, Audit.standing, Audit.kind)
    ).all()
    found = [_looker(group) for group in _together(rows)]
    return [(on_team, looker) for _, on_team, looker in sorted(found, key=lambda each: each[0], reverse=True)]


def _together(rows: Iterable[Any]) -> Iterable[list[Any]]:
    """Of one person, once for what they did on the team and once for the rest."""

    def of(row: Any) -> tuple[int, bool]:
        return row.user_id or 0, row.standing in OF_THE_TEAM

    return [list(group) for _, group in groupby(sorted(rows, key=of), key=of)]


def _looker(rows: list[Any]) -> tuple[datetime, bool, Looker]:
    latest = max(rows, key=lambda row: row.last)
    times: dict[str, int] = {}
    for row in sorted(rows, key=lambda row: list(TIMES).index(row.kind) if row.kind in TIMES else len(TIMES)):
        words = TIMES.get(row.kind, row.kind.value.replace("_", " "))
        times[words] = times.get(words, 0) + row.times
    looker = Looker(
        ref=f"{User.ref_prefix}-{latest.user_id}" if latest.user_id else None,
        name=latest.name or THE_FAMILY,
        organisation=latest.organisation or "",
        what=as_what(latest.standing, latest.roles),
        times=", ".join(f"{words} {often(n)}" for words, n in times.items()),
        last=moment(latest.last),
    )
    return latest.last, latest.standing in OF_THE_TEAM, looker


def _looks(family_id: int, user_id: int | None, before: int | None) -> list[Any]:
    wanted: list[ColumnElement[bool]] = [Audit.family_id.in_(merging.whole(family_id))]
    if user_id is not None:
        wanted.append(Audit.user_id == user_id)
    if before is not None:
        wanted.append(Audit.id < before)
    return list(
        db.session.execute(
            select(
                Audit.id,
                Audit.at,
                Audit.kind,
                Audit.page,
                Audit.subject,
                Audit.standing,
                Audit.roles,
                reason_as_shown(),
                changes_as_shown(),
                User.name,
            )
            .outerjoin(User, User.id == Audit.user_id)
            .where(*wanted)
            .order_by(Audit.id.desc())
            .limit(AT_ONCE + 1)
        )
    )


def _found_by(family_id: int) -> list[FoundBy]:
    """The latest first."""
    rows = db.session.execute(
        select(LookUp.at, LookUp.reason, User.name, Organisation.name.label("organisation"))
        .join(User, User.id == LookUp.user_id)
        .join(Organisation, Organisation.id == User.organisation_id)
        .where(LookUp.found_family_id == family_id)
        .order_by(LookUp.id.desc())
        .limit(AT_ONCE)
    )
    return [FoundBy(moment(row.at), row.name, row.organisation, row.reason) for row in rows]
