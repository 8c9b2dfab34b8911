"""Pages for what went wrong: what happened, what to do, a reference number, the phone number."""

import secrets
from typing import Any

import structlog
from flask import Flask, g, request
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from werkzeug.exceptions import (
    Conflict,
    HTTPException,
    InternalServerError,
    MethodNotAllowed,
    SecurityError,
    ServiceUnavailable,
)
from werkzeug.routing import RequestRedirect

from portal.core.db import db
from portal.core.errors import Unreadable
from portal.domain.words import SHIPPED

log = structlog.get_logger()
FAULT = 500
CANNOT_BE_READ = (
    "Part of this record can’t be read. It was encrypted with a key that the portal does not have now, or it was "
    "changed outside the portal. It has not been deleted. Call, so that somebody can bring it back."
)
BY_LINK = frozenset({"family_link.question", "family_link.answer"})
PAGES = {400, 403, 404, 405, 409, 413, 422, 429, 500, 503}


class AlreadySaved(Conflict):
    """This form made something before; `back` is where it is."""

    def __init__(self, words: str, back: str) -> None:
        super().__init__(description=words)
        self.back = back


class NotOpen(AlreadySaved):
    """What this page is for cannot be done any more, or not yet. `left`: what the person had typed into its form."""

    title = "This cannot be done now"

    def __init__(self, words: str, back: str, left: Any = None) -> None:
        super().__init__(words, back)
        self.left = left


def register(app: Flask) -> None:
    """Answer every error with a page of the portal."""
    app.register_error_handler(SecurityError, _elsewhere)
    app.register_error_handler(OperationalError, _unavailable)
    app.register_error_handler(NoConnectionFree, _unavailable)
    app.register_error_handler(Unreadable, _unreadable)
    app.register_error_handler(MethodNotAllowed, _sent_only)
    app.register_error_handler(HTTPException, _page)
    app.register_error_handler(Exception, _fault)


def _page(error: HTTPException, words: str | None = None, back: str | None = None) -> tuple[str, int]:
    from portal.web import given_back
    from portal.web.pages import phrase, render

    code = error.code or 500
    if code not in PAGES:
        code = 400 if code < FAULT else FAULT
    default = type(error).description == error.description
    db.session.rollback()
    g.setdefault("words", SHIPPED)
    if request.endpoint in BY_LINK:
        from portal.web import by_link

        return by_link.trouble(code), code
    said = words or (None if default else phrase(error.description or ""))
    return (
        render(
            f"errors/{code}.html",
            reference=reference(),
            words=said,
            back_href=back or getattr(error, "back", request.path),
            heading=getattr(error, "title", None),
            given_back=given_back.answers(),
            left=getattr(error, "left", None),
        ),
        code,
    )


def not_taken(error: HTTPException, words: str) -> tuple[str, int]:
    """The page that says why nothing was done with what came in."""
    return _page(error, words)


def _elsewhere(_error: SecurityError) -> tuple[str, int, dict[str, str]]:
    # A host that is not ours: no address of the portal can be built, so no page either.
    return _in_plain_words("This is not an address of the portal. Check the address that you typed or followed.", 400)


def _in_plain_words(words: str, code: int) -> tuple[str, int, dict[str, str]]:
    """Where no page can be made: the same three things, as text."""
    from portal.web.pages import told

    call = f"If you need help, call {told().help_phone} and quote this reference: {reference()}"
    return f"{words}\n\n{call}\n", code, {"Content-Type": "text/plain; charset=utf-8"}


def _sent_only(error: MethodNotAllowed) -> tuple[str, int, dict[str, str]]:
    """An address that only takes forms was opened: the nearest page above it shows what the form was about."""
    return *_page(error, back=nearest_page(request.path)), {"Allow": ", ".join(sorted(error.valid_methods or ()))}


def nearest_page(path: str) -> str:
    """The page above this address, without which nothing of it would be there."""
    while path := path.rpartition("/")[0]:
        if _is_page(path):
            return path
    return "/"


def page_of(path: str) -> str:
    """This address, if it is a page of the portal, or the nearest one above it."""
    return path if _is_page(path) else nearest_page(path)


def _is_page(path: str) -> bool:
    from flask import current_app

    try:
        current_app.url_map.bind("").match(path, method="GET")
    except (HTTPException, RequestRedirect):
        return False
    return True


def _unavailable(error: Exception) -> tuple[str, int]:
    """The disk is full, the database is away or busy: nothing was saved, and it is worth trying again."""
    _log(error)
    return _page(ServiceUnavailable())


def _unreadable(error: Unreadable) -> tuple[str, int]:
    """Never left out in silence: an empty line would say that nothing is known."""
    log.error("unreadable", reference=reference(), place=error.place, row=error.row, why=error.why)
    return _page(InternalServerError(CANNOT_BE_READ))


def _fault(error: Exception) -> tuple[str, int] | tuple[str, int, dict[str, str]]:
    _log(error)
    try:
        return _page(InternalServerError())
    except Exception as again:  # noqa: BLE001  # the last resort: whatever it is, somebody waits for words
        _log(again)
        return _in_plain_words("Sorry, there is a problem with the service. Nothing was saved. Try again later.", 500)


def _log(error: Exception) -> None:
    # The kind of fault and where, never its message: that may hold what somebody typed.
    log.error(
        "fault", reference=reference(), kind=type(error).__name__, endpoint=request.endpoint, exc_info=_debug(error)
    )


def _debug(error: Exception) -> Exception | None:
    from flask import current_app

    return error if current_app.config["PORTAL"].environment in ("development", "test") else None


def reference() -> str:
    """A short number for this request, to tell on the phone and to find in the log."""
    if "reference" not in g:
        g.reference = secrets.token_hex(4).upper()
    return str(g.reference)
