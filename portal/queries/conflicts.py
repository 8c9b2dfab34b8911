"""Conflicts of interest: what somebody declared, what is recorded of a family and everywhere, what waits for a
manager."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import aliased

from portal.core.db import db
from portal.domain.dates import full, london_date, moment
from portal.domain.viewer import Viewer
from portal.models.families import ConflictOfInterest, Family
from portal.models.people import Organisation, User
from portal.models.restricting import ConflictDeclaration
from portal.policies import barred


@dataclass(frozen=True)
class Declared:
    """In the words of who declared it."""

    ref: str
    name: str
    organisation: str
    about: str
    why: str
    at: str


@dataclass(frozen=True)
class Conflict:
    """`since`: when, and on whose word."""

    ref: str
    name: str
    organisation: str
    family: str
    family_ref: str
    why: str
    since: str


def own(viewer: Viewer) -> list[Declared]:
    """What the viewer declared, the latest first; not what became of it."""
    return _declared(ConflictDeclaration.user_id == viewer.user_id)


def waiting(viewer: Viewer) -> list[Declared]:
    """What names no family that is known, and nobody has answered; never the viewer's own."""
    return _declared(
        ConflictDeclaration.user_id != viewer.user_id,
        ConflictDeclaration.family_id.is_(None),
        ConflictDeclaration.answered_at.is_(None),
    )


def one(declared: ConflictDeclaration) -> Declared:
    return _declared(ConflictDeclaration.id == declared.id)[0]


def _declared(*which: Any) -> list[Declared]:
    rows = db.session.execute(
        select(ConflictDeclaration, User.name, Organisation.name.label("organisation"))
        .join(User, User.id == ConflictDeclaration.user_id)
        .join(Organisation, Organisation.id == User.organisation_id)
        .where(*which)
        .order_by(ConflictDeclaration.declared_at.desc(), ConflictDeclaration.id.desc())
    )
    return [
        Declared(
            ref=row.ConflictDeclaration.ref,
            name=row.name,
            organisation=row.organisation,
            about=", ".join(part for part in (row.ConflictDeclaration.reference, row.ConflictDeclaration.who) if part),
            why=row.ConflictDeclaration.why,
            at=moment(row.ConflictDeclaration.declared_at),
        )
        for row in rows
    ]


def of_family(family_id: int) -> list[Conflict]:
    """Those that hold, by name."""
    return _conflicts(ConflictOfInterest.family_id == family_id)


def everywhere() -> list[Conflict]:
    """Those that hold, of the families that the viewer reaches."""
    return _conflicts()


def named(conflict: ConflictOfInterest) -> Conflict:
    return _conflicts(ConflictOfInterest.id == conflict.id, held=False)[0]


def _conflicts(*which: Any, held: bool = True) -> list[Conflict]:
    by = aliased(User)
    rows = db.session.execute(
        select(
            ConflictOfInterest,
            User.name,
            Organisation.name.label("organisation"),
            Family.name.label("family"),
            by.name.label("by"),
        )
        .join(User, User.id == ConflictOfInterest.user_id)
        .join(Organisation, Organisation.id == User.organisation_id)
        .join(Family, Family.id == ConflictOfInterest.family_id)
        .outerjoin(by, by.id == ConflictOfInterest.recorded_by_id)
        .where(*which, *([barred.stands(ConflictOfInterest)] if held else []))
        .order_by(User.name, ConflictOfInterest.id)
    )
    return [_conflict(row) for row in rows]


def _conflict(row: Any) -> Conflict:
    one: ConflictOfInterest = row.ConflictOfInterest
    own = one.recorded_by_id == one.user_id
    by = ", declared by themselves" if own else f", by {row.by}" if row.by else ""
    return Conflict(
        ref=one.ref,
        name=row.name,
        organisation=row.organisation,
        family=row.family,
        family_ref=f"{Family.ref_prefix}-{one.family_id}",
        why=one.why or "Not recorded",
        since=full(london_date(one.recorded_at)) + by,
    )


def who_could_be_named(family_id: int) -> list[tuple[int, str]]:
    """Everybody with an open account of whom it is not recorded already, by organisation."""
    rows = db.session.execute(
        select(User.id, User.name, User.job, Organisation.name.label("organisation"))
        .join(Organisation, Organisation.id == User.organisation_id)
        .where(User.active, ~barred.conflicted(family_id, User.id))
        .order_by(Organisation.name, User.name, User.id)
    )
    return [(row.id, f"{row.organisation}: {row.name}{f' ({row.job})' if row.job else ''}") for row in rows]
