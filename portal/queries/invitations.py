"""Who was invited and has not come yet; which organisations and teams somebody can be invited to."""

from dataclasses import dataclass

from sqlalchemy import Select, func, or_, select

from portal.core import clock
from portal.core.db import db
from portal.domain.dates import moment
from portal.facts.proving import can_come_in
from portal.models.people import Organisation, PasswordLink, SocialCareTeam, User


@dataclass(frozen=True)
class Invited:
    """`sent`: when the last link went out; `works`: whether it still opens something."""

    id: int
    ref: str
    name: str
    email: str
    organisation: str
    sent: str | None
    works: bool


def not_come_yet() -> list[Invited]:
    """By name."""
    rows = db.session.execute(
        select(
            User.id,
            User.name,
            User.email,
            Organisation.name.label("organisation"),
            func.max(PasswordLink.made_at).label("sent"),
            func.max(PasswordLink.expires_at).label("until"),
        )
        .join(Organisation, Organisation.id == User.organisation_id)
        .outerjoin(PasswordLink, PasswordLink.user_id == User.id)
        .where(User.active, ~can_come_in())
        .group_by(User.id, User.name, User.email, Organisation.name)
        .order_by(User.name, User.id)
    )
    now = clock.now()
    return [
        Invited(
            id=row.id,
            ref=f"{User.ref_prefix}-{row.id}",
            name=row.name,
            email=row.email,
            organisation=row.organisation,
            sent=moment(row.sent) if row.sent else None,
            works=row.until is not None and row.until > now,
        )
        for row in rows
    ]


def organisations(*, also: int | None = None) -> list[tuple[int, str]]:
    """Those that are not retired, and one that is named all the same."""
    there = or_(Organisation.retired_at.is_(None), Organisation.id == (also or 0))
    return _named(select(Organisation.id, Organisation.name).where(there).order_by(Organisation.name, Organisation.id))


def teams() -> list[tuple[int, str]]:
    return _named(select(SocialCareTeam.id, SocialCareTeam.name).order_by(SocialCareTeam.name, SocialCareTeam.id))


def _named(statement: Select[int, str]) -> list[tuple[int, str]]:
    return [(row[0], row[1]) for row in db.session.execute(statement)]
