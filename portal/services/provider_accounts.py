"""Accounts of the council's own sign-in: whose one is, connect one, disconnect it."""

from sqlalchemy import delete, select

from portal.core import clock
from portal.core.db import db
from portal.core.errors import Refused
from portal.domain.account_news import News
from portal.domain.proving import Told
from portal.models.people import User
from portal.models.proving import ProviderAccount
from portal.services import account_news


def use(who: Told) -> int | None:
    """Whose account this is; None where it is nobody's, or theirs was closed. An email address says nothing here."""
    account = db.session.scalars(
        select(ProviderAccount)
        .join(User, User.id == ProviderAccount.user_id)
        .where(ProviderAccount.issuer == who.issuer, ProviderAccount.subject == who.subject, User.active)
    ).one_or_none()
    if account is None:
        return None
    account.used_at = clock.now()
    return account.user_id


def connect(user_id: int, who: Told) -> ProviderAccount:
    """Who the provider calls so signs in as this person, and whom it called so before no more. Raises Refused where it
    is somebody else already."""
    taken = select(ProviderAccount.user_id).where(
        ProviderAccount.issuer == who.issuer, ProviderAccount.subject == who.subject
    )
    if db.session.scalars(taken.where(ProviderAccount.user_id != user_id)).first():
        raise Refused("This is connected to somebody else’s account here. Call us, and we will look into it.")
    _disconnect(user_id, who.issuer)
    account_news.tell(user_id, News.CONNECTED)
    account = ProviderAccount(user_id=user_id, issuer=who.issuer, subject=who.subject, connected_at=clock.now())
    db.session.add(account)
    return account


def disconnect(user_id: int, issuer: str) -> None:
    if _disconnect(user_id, issuer):
        account_news.tell(user_id, News.DISCONNECTED)


def _disconnect(user_id: int, issuer: str) -> bool:
    """Whether it was connected."""
    mine = delete(ProviderAccount).where(ProviderAccount.user_id == user_id, ProviderAccount.issuer == issuer)
    return db.session.execute(mine.returning(ProviderAccount.id)).first() is not None


def connect_from_the_server(email: str, who: Told) -> User:
    """For those who are to come in by the provider from the first day. Raises Refused where nobody has that address."""
    user = db.session.scalars(select(User).where(User.email == email.strip())).one_or_none()
    if user is None:
        raise Refused(f"There is no account for {email}.")
    connect(user.id, who)
    return user
