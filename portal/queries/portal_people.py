"""Those who can sign in, as an administrator sees them: found by what they are, and one with what they hold."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_, select

from portal.core import clock
from portal.core.db import db
from portal.domain.dates import moment
from portal.domain.roles import ROLE_NAMES, Role
from portal.facts import held
from portal.facts.proving import can_come_in
from portal.models.people import Organisation, SocialCareTeam, User, UserRole, UserSession
from portal.models.proving import AuthenticatorApp, FactorReset, Passkey
from portal.queries import administration
from portal.queries.administration import ChangeLine

MOST = 200
LATELY = timedelta(days=90)
OPEN, INVITED, CLOSED = "open", "invited", "closed"
STATES = {OPEN: "Account open", INVITED: "Invited, has not come yet", CLOSED: "Account closed"}
HAS, HAS_NOT = "has", "has_not"
FACTORS = {HAS: "Has an app or a passkey", HAS_NOT: "Has neither"}
SEEN, NOT_SEEN, NEVER = "lately", "not_lately", "never"
SIGNED_IN = {SEEN: "In the last 90 days", NOT_SEEN: "Not in the last 90 days", NEVER: "Never"}


@dataclass(frozen=True)
class Wanted:
    """What the list is narrowed to; None is everything."""

    words: str | None = None
    organisation_id: int | None = None
    role: Role | None = None
    state: str | None = None
    factor: str | None = None
    signed_in: str | None = None


@dataclass(frozen=True)
class Somebody:
    ref: str
    name: str
    job: str | None
    email: str
    organisation: str
    roles: str
    team: str | None
    state: str
    closed: bool
    signed_in: str
    factor: str


@dataclass(frozen=True)
class Found:
    """By name; `more`: there are more than are shown."""

    people: list[Somebody]
    more: bool = False


def found(wanted: Wanted) -> Found:
    """One statement, however many there are."""
    rows = db.session.execute(_people().where(*_conditions(wanted)).order_by(User.name, User.id).limit(MOST + 1)).all()
    return Found([_somebody(row) for row in rows[:MOST]], len(rows) > MOST)


@dataclass(frozen=True)
class OnePerson:
    """`holds`: what there is of each kind and who passes it on, in numbers; `browsers`: where they are signed in."""

    about: Somebody
    user_id: int
    phone: str | None
    browsers: int
    reset_waits: bool
    holds: held.Held
    changes: list[ChangeLine] = field(default_factory=list)


def one(user: User) -> OnePerson:
    """Four statements."""
    row = db.session.execute(_people().where(User.id == user.id)).one()
    now = clock.now()
    live = select(func.count(UserSession.id)).where(
        UserSession.user_id == user.id, UserSession.ended_at.is_(None), UserSession.seen_at > now - timedelta(hours=1)
    )
    waits = exists().where(
        FactorReset.user_id == user.id, FactorReset.confirmed_at.is_(None), FactorReset.withdrawn_at.is_(None)
    )
    more = db.session.execute(select(live.scalar_subquery().label("browsers"), waits.label("waits"))).one()
    return OnePerson(
        _somebody(row),
        user.id,
        user.phone,
        more.browsers,
        bool(more.waits),
        held.of(user.id),
        administration.of([user.ref]),
    )


def _people() -> Any:
    roles = select(func.aggregate_strings(UserRole.role, ",")).where(UserRole.user_id == User.id).scalar_subquery()
    return (
        select(
            User.id,
            User.name,
            User.job,
            User.email,
            User.active,
            (~can_come_in()).label("waits"),
            Organisation.name.label("organisation"),
            SocialCareTeam.name.label("team"),
            roles.label("roles"),
            _last_sign_in().label("signed_in"),
            _has(AuthenticatorApp).label("app"),
            _has(Passkey).label("passkey"),
        )
        .join(Organisation, Organisation.id == User.organisation_id)
        .outerjoin(SocialCareTeam, SocialCareTeam.id == User.social_care_team_id)
    )


def _last_sign_in() -> Any:
    began = select(func.max(UserSession.started_at))
    return began.where(UserSession.user_id == User.id, UserSession.proof.is_not(None)).scalar_subquery()


def _has(proof: type[AuthenticatorApp] | type[Passkey]) -> ColumnElement[bool]:
    there = exists().where(proof.user_id == User.id)
    return there.where(AuthenticatorApp.confirmed_at.is_not(None)) if proof is AuthenticatorApp else there


def _conditions(wanted: Wanted) -> list[Any]:
    conditions: list[Any] = []
    if wanted.words:
        part = wanted.words.lower()
        conditions.append(
            or_(
                func.lower(User.name).contains(part, autoescape=True),
                func.lower(User.email).contains(part, autoescape=True),
            )
        )
    if wanted.organisation_id:
        conditions.append(User.organisation_id == wanted.organisation_id)
    if wanted.role:
        conditions.append(exists().where(UserRole.user_id == User.id, UserRole.role == wanted.role))
    if wanted.state:
        conditions.append(_STATES[wanted.state])
    if wanted.factor:
        has = or_(_has(AuthenticatorApp), _has(Passkey))
        conditions.append(has if wanted.factor == HAS else ~has)
    if wanted.signed_in:
        since = clock.now() - LATELY
        last = _last_sign_in()
        conditions.append({SEEN: last >= since, NOT_SEEN: last < since, NEVER: last.is_(None)}[wanted.signed_in])
    return conditions


_STATES = {
    OPEN: and_(User.active, can_come_in()),
    INVITED: and_(User.active, ~can_come_in()),
    CLOSED: ~User.active,
}


def _somebody(row: Any) -> Somebody:
    held_roles = set((row.roles or "").split(","))
    state = CLOSED if not row.active else INVITED if row.waits else OPEN
    proofs = [words for has, words in ((row.app, "app"), (row.passkey, "passkey")) if has]
    return Somebody(
        ref=f"{User.ref_prefix}-{row.id}",
        name=row.name,
        job=row.job,
        email=row.email,
        organisation=row.organisation,
        roles=", ".join(words for role, words in ROLE_NAMES.items() if role in held_roles) or "No role",
        team=row.team,
        state=STATES[state],
        closed=not row.active,
        signed_in=moment(row.signed_in) if row.signed_in else "Never",
        factor=" and ".join(proofs).capitalize() or "Not set up",
    )
