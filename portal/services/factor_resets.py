"""Somebody has lost their phone and every recovery code: one administrator asks, another confirms, they begin anew."""

from sqlalchemy import Select, delete, select
from sqlalchemy.exc import NoResultFound

from portal.core import clock
from portal.core.db import db
from portal.core.errors import FieldRefused, Refused
from portal.domain.account_news import News
from portal.domain.administering import Act
from portal.domain.proving import RESET_LIVES
from portal.domain.viewer import Viewer
from portal.models.people import User
from portal.models.proving import AuthenticatorApp, FactorReset, Passkey, RecoveryCode
from portal.services import account_news, administration, sign_in, trusted_devices


def ask(user_id: int, *, why: str, by: Viewer) -> FactorReset:
    """Until another administrator confirms it, nothing changes for them. Raises FieldRefused at `person` for oneself,
    and where it is asked already."""
    if user_id == by.user_id:
        raise FieldRefused("person", "Ask another administrator to begin your own")
    db.session.execute(select(User.id).where(User.id == user_id).with_for_update())
    waiting = db.session.scalars(_open().where(FactorReset.user_id == user_id)).one_or_none()
    if waiting is not None and not _lapsed(waiting):
        raise FieldRefused("person", f"{waiting.asked_by_name} has asked for this already")
    if waiting is not None:
        waiting.withdrawn_at, waiting.withdrawn_by_name = clock.now(), by.name
        db.session.flush()
    made = FactorReset(user_id=user_id, why=why, asked_by_id=by.user_id, asked_by_name=by.name, asked_at=clock.now())
    db.session.add(made)
    _tell(Act.FACTOR_ASKED, made, by=by, why=why)
    return made


def confirm(reset_id: int, *, by: Viewer) -> FactorReset:
    """They are signed out everywhere, and set up an app at their next sign-in. Raises Refused for whoever asked, for
    oneself, and where it does not wait any more."""
    reset = _waiting(reset_id)
    if reset.asked_by_id == by.user_id:
        raise Refused("You asked for this. Another administrator has to confirm it.")
    if reset.user_id == by.user_id:
        raise Refused("This is about you. Another administrator has to confirm it.")
    reset.confirmed_by_id, reset.confirmed_by_name, reset.confirmed_at = by.user_id, by.name, clock.now()
    begin_anew(reset.user_id)
    _tell(Act.FACTOR_CONFIRMED, reset, by=by)
    return reset


def withdraw(reset_id: int, *, by: Viewer) -> FactorReset:
    reset = _waiting(reset_id)
    reset.withdrawn_at, reset.withdrawn_by_name = clock.now(), by.name
    _tell(Act.FACTOR_WITHDRAWN, reset, by=by)
    return reset


def _tell(act: Act, reset: FactorReset, *, by: Viewer, why: str | None = None) -> None:
    user = db.session.get_one(User, reset.user_id)
    administration.record(act, user.ref, user.name, by=by, why=why)


def begin_anew(user_id: int) -> None:
    """Nothing that proved who they are does so any more. Their password stays."""
    for model in (AuthenticatorApp, RecoveryCode, Passkey):
        db.session.execute(delete(model).where(model.user_id == user_id))
    trusted_devices.forget_all(user_id)
    sign_in.end_all(user_id)
    account_news.tell(user_id, News.BEGUN_ANEW)


def begin_anew_from_the_server(email: str) -> User:
    """For an installation whose one administrator has lost everything. Raises Refused where nobody has that address."""
    try:
        user = db.session.scalars(select(User).where(User.email == email.strip())).one()
    except NoResultFound:
        raise Refused(f"There is no account for {email}.") from None
    begin_anew(user.id)
    return user


def _waiting(reset_id: int) -> FactorReset:
    reset = db.session.scalars(_open().where(FactorReset.id == reset_id).with_for_update()).one_or_none()
    if reset is None or _lapsed(reset):
        raise Refused("This does not wait to be confirmed any more. Look at the list, or ask for it anew.")
    return reset


def _open() -> Select[FactorReset]:
    return select(FactorReset).where(FactorReset.confirmed_at.is_(None), FactorReset.withdrawn_at.is_(None))


def _lapsed(reset: FactorReset) -> bool:
    return clock.now() - reset.asked_at > RESET_LIVES
