"""Second factors in tests: somebody with an app, the code it shows now, and what a password alone leads to."""

import pyotp
from flask import Flask
from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.models.people import User
from portal.models.proving import AuthenticatorApp
from portal.services import second_factors
from tests.support.people import PASSWORD, Council
from tests.support.web import Browser, Page


def code_of(council: Council, user: User, *, waiting: bool = False) -> str:
    """What their app shows now; with `waiting` the one that is still to be confirmed."""
    with council.behind_the_scenes():
        confirmed = AuthenticatorApp.confirmed_at
        secret = (
            db.session.scalars(
                select(AuthenticatorApp).where(
                    AuthenticatorApp.user_id == user.id, confirmed.is_(None) if waiting else confirmed.is_not(None)
                )
            )
            .one()
            .secret
        )
    return pyotp.TOTP(secret).at(clock.now())


def with_an_app(council: Council, user: User) -> list[str]:
    """They have set up an app, and no code of it is used. Returns their recovery codes."""
    with council.behind_the_scenes():
        second_factors.prepare(user.id)
    code = code_of(council, user, waiting=True)
    with council.behind_the_scenes():
        codes = second_factors.confirm(user.id, code)
        db.session.scalars(select(AuthenticatorApp).where(AuthenticatorApp.user_id == user.id)).one().last_step = None
    return codes


def after_password(app: Flask, user: User, *, next_: str = "/sign-in") -> Page:
    """Where the right password leads in a browser of its own."""
    return Browser(app.test_client()).submit("/sign-in", {"email": user.email, "password": PASSWORD}, on=next_)
