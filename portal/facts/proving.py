"""What somebody can prove with that it is them: read when they sign in, and on their own page."""

from sqlalchemy import ColumnElement, exists, or_, select

from portal.core.db import db
from portal.models.people import User
from portal.models.proving import AuthenticatorApp, ProviderAccount


def can_come_in() -> ColumnElement[bool]:
    """The condition under which somebody has what they were invited to make: a password, or the council's own sign-in
    connected to their account."""
    return or_(User.password_hash.is_not(None), exists().where(ProviderAccount.user_id == User.id))


def app_of(user_id: int) -> AuthenticatorApp | None:
    """The app whose codes count."""
    return db.session.scalars(
        select(AuthenticatorApp).where(AuthenticatorApp.user_id == user_id, AuthenticatorApp.confirmed_at.is_not(None))
    ).one_or_none()


def lock(user_id: int) -> None:
    """Whatever is tried at one account at one instant happens one after the other."""
    db.session.execute(select(User.id).where(User.id == user_id).with_for_update())


def handle_of(user_id: int) -> bytes:
    """How a passkey knows whose it is: it says nothing of who that is."""
    return f"U-{user_id}".encode()
