"""Somebody's own password: judged, and changed."""

from collections.abc import Iterable

from sqlalchemy import select, update

from portal.core.db import db
from portal.core.errors import FieldRefused, Refused, TooMany
from portal.domain import passwords
from portal.domain.account_news import News
from portal.domain.limits import Limit
from portal.domain.viewer import Viewer
from portal.models.people import User
from portal.services import account_news, sign_in, throttles, trusted_devices
from portal.services.sign_in import Account
from portal.services.throttles import Use

WAIT = "There were too many tries. Wait 5 minutes, then try again"


def demand_patience(viewer: Viewer) -> Use:
    """Whoever sits at somebody's open browser does not guess their password there. No transaction may be open. Raises
    TooMany."""
    use = throttles.take(Limit.OWN_PASSWORD, viewer.user_id)
    if use is None:
        raise TooMany(WAIT)
    return use


def demand_own(known: Account | None, given: str, memory_kib: int) -> Account:
    """The account, where it is the password they have. Raises FieldRefused."""
    if not sign_in.password_is(known, given, memory_kib) or known is None:
        raise FieldRefused("current_password", "Enter the password that you sign in with now")
    return known


def demand_good(password: str, about: Iterable[str]) -> None:
    """Raises FieldRefused where it is not good enough."""
    if fault := passwords.fault(password, about):
        raise FieldRefused("new_password", fault)


def demand_another(new: str, current: str) -> None:
    """Raises FieldRefused where it is the one they have. A password that is set by a link is not judged so: whoever
    holds the link would learn which was the old one."""
    if passwords.normal(new) == passwords.normal(current):
        raise FieldRefused("new_password", "This is the password you have now. Choose another")


def known_of(user_id: int) -> list[str]:
    """What everybody knows of somebody, of which no password is made."""
    row = db.session.execute(select(User.name, User.email).where(User.id == user_id)).one()
    return passwords.of_person(row.name, row.email)


def change_own(viewer: Viewer, known: Account, password_hash: str) -> str:
    """From now on they sign in with it, and are signed out everywhere else. Returns the new token of this session.
    Raises Refused where it was changed meanwhile."""
    changed = db.session.execute(
        update(User)
        .where(User.id == viewer.user_id, User.password_hash == known.password_hash)
        .values(password_hash=password_hash)
        .returning(User.id)
    ).first()
    if changed is None:
        raise Refused("Your password was changed in another browser meanwhile. Sign in with that one.")
    account_news.tell(viewer.user_id, News.PASSWORD)
    sign_in.end_others(viewer)
    trusted_devices.forget_all(viewer.user_id)
    return sign_in.renewed(viewer)
