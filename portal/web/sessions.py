"""The signed-in browser: Flask-Login over a row of our own, so that a session can be ended from anywhere."""

from dataclasses import dataclass
from datetime import timedelta
from typing import TypedDict

from flask import Flask, current_app, g, request, session
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user
from itsdangerous import BadData, URLSafeTimedSerializer

from portal.core import clock
from portal.domain import viewer as asking
from portal.domain.dates import clock_time
from portal.domain.unfinished import KEPT
from portal.domain.viewer import Viewer
from portal.queries import viewers
from portal.services import sign_in
from portal.web.pages import settings
from portal.web.session_cookie import SessionCookie

manager = LoginManager()
# What Flask-WTF calls the token of the session's forms, in the cookie and in each form, and how it signs it.
FORMS, _SIGNED_AS = "csrf_token", "wtf-csrf-token"


class SignedInUser(UserMixin):
    """What Flask-Login holds for one request. Its id is the session's token, never the user's number."""

    def __init__(self, token: str, viewer: Viewer | None) -> None:
        self.id = token
        self.viewer = viewer


class HowLong(TypedDict):
    """Without a click, and in any case."""

    idle: timedelta
    absolute: timedelta


def how_long() -> HowLong:
    """How long a session lasts, by the settings."""
    chosen = settings()
    return {"idle": timedelta(minutes=chosen.idle_minutes), "absolute": timedelta(hours=chosen.absolute_hours)}


@manager.user_loader  # type: ignore[untyped-decorator]
def _load(token: str) -> SignedInUser | None:
    session.setdefault(FORMS, sign_in.hashed(token))
    viewer = viewers.by_token(sign_in.hashed(token), **how_long())
    return None if viewer is None else SignedInUser(token, viewer)


def viewer_of_cookie() -> Viewer | None:
    """The person behind this request's cookie, read once."""
    viewer: Viewer | None = getattr(current_user, "viewer", None)
    return viewer


def enter(token: str) -> None:
    """From the next request on this browser is the token's."""
    session[FORMS] = sign_in.hashed(token)
    login_user(SignedInUser(token, None))


def whose_form() -> Viewer | None:
    """Who opened the form that came in, though their session is over, or another has begun since. Its token is signed,
    and is the session's own; nobody is signed in by it."""
    signer = URLSafeTimedSerializer(str(current_app.secret_key), salt=_SIGNED_AS)
    try:
        named = signer.loads(request.form.get(FORMS, ""))
    except BadData:
        return None
    return viewers.of_session(str(named), since=clock.now() - KEPT)


def leave() -> None:
    logout_user()


@dataclass(frozen=True)
class TimeOut:
    """When somebody is signed out who does nothing more: the time of day, and how many seconds that is from now."""

    at: str
    seconds: int


def time_out(viewer: Viewer) -> TimeOut | None:
    ends = viewers.signed_out_at(viewer, **how_long())
    return TimeOut(clock_time(ends), int((ends - clock.now()).total_seconds())) if ends else None


def _on_forms() -> dict[str, TimeOut | None]:
    """A page with a form says how long there is for it."""
    viewer = asking.current()
    return {"time_out": time_out(viewer) if viewer and g.get("asks") else None}


def register(app: Flask) -> None:
    app.session_interface = SessionCookie()
    manager.session_protection = ""  # ours is a row that can be ended, not a fingerprint of the browser
    # Without its context processor: a page of an error would read the session while it is rendered.
    manager.init_app(app, add_context_processor=False)
    app.context_processor(_on_forms)
