"""A form whose session is over: kept for whoever wrote it, who signs in and finds it filled as they left it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app, flash, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import BadRequest

from portal.domain.viewer import Viewer
from portal.web import errors, sessions
from portal.web.errors import page_of
from portal.web.htmx import go_to, wants_a_piece
from portal.web.policy import Anyone

SIGNED_OUT = "You were signed out to keep information safe."
KEPT = f"{SIGNED_OUT} Sign in, and what you typed will be here. It is not saved yet, and only you can see it."
NOTHING = f"{SIGNED_OUT} Nothing was saved just now. Sign in, then do it again."
SAVED = f"{SIGNED_OUT} What you sent had been saved before that."
AGAIN = "You have signed in again since you opened this page, so nothing was saved yet."
FORGED = "This form was opened in another session or was open for too long. Open the page again."
OPEN_TOO_LONG = "Somebody signed in or out here while this page was open. Nothing was sent: do it again."
SOMEBODY_ELSES = (
    "Somebody else was signed in here when this page was opened. Nothing was saved; what they typed is kept for them."
)


@dataclass(frozen=True)
class Late:
    """What became of a form that came too late: whether anything was there to be kept, or, of a second click on one
    that had been saved in time, where the first one led."""

    kept: bool = False
    led_to: str | None = None


def answer(take: Callable[[Viewer], Late]) -> ResponseReturnValue | None:
    """Keep the form for its writer, and ask who is here to sign in, or to look at it and send it again. None where
    nobody can be found who opened it."""
    writer, here = sessions.whose_form(), sessions.viewer_of_cookie()
    if writer is None:
        return None
    late = take(writer)
    if here is None and late.led_to:
        return to_sign_in(SAVED, late.led_to)
    if here is None:
        return to_sign_in(KEPT if late.kept else NOTHING)
    if here.user_id != writer.user_id:
        return errors.not_taken(BadRequest(), SOMEBODY_ELSES)
    if late.led_to:
        return _go(late.led_to)
    flash(f"{AGAIN} {'Look at what you typed, then send it again.' if late.kept else 'Do it again.'}", "notice")
    return _go(page_of(request.path))


def to_sign_in(words: str | None = None, then: str | None = None) -> ResponseReturnValue:
    """Sign in, then come back to this page, or to the one that the form stood on; or `then` to another."""
    if words:
        flash(words, "notice")
    back = request.full_path.rstrip("?") if request.method == "GET" else page_of(request.path)
    return _go(url_for("account.sign_in", next=then or back))


def _go(location: str) -> ResponseReturnValue:
    return go_to(location) if wants_a_piece() else redirect(location, 303)


def register(app: Flask) -> None:
    app.register_error_handler(CSRFError, _not_of_this_session)


def _not_of_this_session(error: CSRFError) -> ResponseReturnValue:
    """Signed out, or signed in anew, on another page of the same browser."""
    from portal.web import gate

    view: Any = current_app.view_functions.get(request.endpoint or "")
    if isinstance(getattr(view, "policy", None), Anyone) and sessions.FORMS in session:
        flash(OPEN_TOO_LONG, "notice")
        return _go(page_of(request.path))
    came_late = getattr(view, "came_late", None)
    found: ResponseReturnValue | None = came_late(**(request.view_args or {})) if came_late else None
    if found is not None:
        return found
    gate.remember_forged()
    return errors.not_taken(error, FORGED)
