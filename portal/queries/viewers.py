"""Who is behind a session token, as they are at this request."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Date, String, bindparam, exists, func, or_, select

from portal.core import clock
from portal.core.db import UTCDateTime, db
from portal.core.kept import kept
from portal.domain.proving import WAITS
from portal.domain.roles import Role
from portal.domain.standards import Standard
from portal.domain.viewer import SEEN_EVERY, Viewer
from portal.facts import at_hand, practice, sharing
from portal.models.people import Organisation, User, UserRole, UserSession
from portal.models.record import FormDraft


def by_token(token_hash: str, *, idle: timedelta, absolute: timedelta) -> Viewer | None:
    """The viewer of a live session, in one statement; None where it ended, ran out, or the account was disabled.
    Roles and the sharing agreement are read each time, so that rights end on the next request. How the council works
    comes with it."""
    now = clock.now()
    since = {"seen_since": now - idle, "started_since": now - absolute, "waits_since": now - WAITS}
    row = db.session.execute(_by_token(), {"token": token_hash, "today": clock.today(), **since}).first()
    if row is None:
        return None
    return Viewer(
        user_id=row.id,
        name=row.name,
        organisation_id=row.organisation_id,
        organisation=row.organisation,
        roles=frozenset(Role(name) for name in (row.roles or "").split(",") if name),
        social_care_team_id=row.social_care_team_id,
        shares=bool(row.shares),
        looks_back=at_hand.take(row).amounts[Standard.SOCIAL_CARE_REACH],
        session_id=row.session_id,
        seen_at=row.seen_at,
        signed_in_at=row.started_at,
        left_unfinished=bool(row.left_unfinished),
        proven=row.proof is not None,
    )


@kept
def _by_token() -> Any:
    roles = select(func.aggregate_strings(UserRole.role, ",")).where(UserRole.user_id == User.id).scalar_subquery()
    return (
        select(
            User.id,
            User.name,
            User.organisation_id,
            Organisation.name.label("organisation"),
            User.social_care_team_id,
            roles.label("roles"),
            sharing.is_live(bindparam("today", type_=Date())).label("shares"),
            UserSession.id.label("session_id"),
            UserSession.seen_at,
            UserSession.started_at,
            UserSession.proof,
            exists().where(FormDraft.user_id == User.id).label("left_unfinished"),
            *at_hand.columns(),
        )
        .join(UserSession, UserSession.user_id == User.id)
        .join(Organisation, Organisation.id == User.organisation_id)
        .where(
            UserSession.token_hash == bindparam("token", type_=String()),
            UserSession.ended_at.is_(None),
            UserSession.seen_at > bindparam("seen_since", type_=UTCDateTime()),
            UserSession.started_at > bindparam("started_since", type_=UTCDateTime()),
            or_(UserSession.proof.is_not(None), UserSession.started_at > bindparam("waits_since", type_=UTCDateTime())),
            User.active,
        )
    )


def as_viewer(user_id: int) -> Viewer:
    """A user as a viewer without a session: for the command line, the worker and tests. Raises LookupError."""
    row = db.session.execute(
        select(
            User.name,
            User.organisation_id,
            Organisation.name.label("organisation"),
            User.social_care_team_id,
            sharing.is_live(clock.today()).label("shares"),
            practice.own_amount(Standard.SOCIAL_CARE_REACH).label("looks_back"),
        )
        .join(Organisation, Organisation.id == User.organisation_id)
        .where(User.id == user_id, User.active)
    ).first()
    if row is None:
        raise LookupError(f"No active user {user_id}")
    roles = db.session.scalars(select(UserRole.role).where(UserRole.user_id == user_id))
    return Viewer(
        user_id,
        row.name,
        row.organisation_id,
        row.organisation,
        frozenset(roles),
        row.social_care_team_id,
        bool(row.shares),
        row.looks_back,
    )


def of_session(token_hash: str, *, since: datetime) -> Viewer | None:
    """Whose session that is or was, as they are now; None where it began earlier, or the account was disabled."""
    user_id = db.session.scalar(
        select(UserSession.user_id)
        .join(User, User.id == UserSession.user_id)
        .where(UserSession.token_hash == token_hash, UserSession.started_at > since, User.active)
    )
    return None if user_id is None else as_viewer(user_id)


def signed_out_at(viewer: Viewer, *, idle: timedelta, absolute: timedelta) -> datetime | None:
    """When this session ends if nothing more is clicked after this request."""
    if viewer.seen_at is None or viewer.signed_in_at is None:
        return None
    now = clock.now()
    # A click is written down once a minute.
    clicked = now if now - viewer.seen_at >= SEEN_EVERY else viewer.seen_at
    return min(clicked + idle, viewer.signed_in_at + absolute)
