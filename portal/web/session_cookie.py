"""The cookie of a session: Flask's own, signed as Flask signs it; asked about once a day, not at each click."""

from datetime import date
from functools import lru_cache

from flask import Flask, Request, current_app
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from itsdangerous import BadSignature

from portal.core import clock


class SessionCookie(SecureCookieSessionInterface):
    """The same cookie comes with every click, and whether it is signed does not change. How old it may be is counted in
    days, so that it is asked again every day; whether the session is over, its row says (`queries/viewers.py`)."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        cookie = request.cookies.get(self.get_cookie_name(app), "")
        return self.session_class(self.serializer.loads(_held(cookie, str(app.secret_key), clock.today())))


_flask = SessionCookie()


@lru_cache(maxsize=512)
def _held(cookie: str, _secret: str, _today: date) -> str:
    """What the cookie holds, as text, of which each request makes values of its own; nothing, if nobody signed it."""
    signer = _flask.get_signing_serializer(current_app)
    oldest = int(current_app.permanent_session_lifetime.total_seconds())
    try:
        held = signer.loads(cookie, max_age=oldest) if signer else {}
    except BadSignature:
        held = {}
    return _flask.serializer.dumps(held)
