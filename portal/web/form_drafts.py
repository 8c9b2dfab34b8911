"""A form kept on the server until it is sent: what was typed is offered again to whoever typed it.

What comes in after its session was over is kept by itself (`too_late.py`). A long form is kept while it is written too:
it says so with `@bp.form(…, keeps_draft=True)` and, in its template, `kept_form` and `kept_buttons` in place of
`form_open` and `buttons` (components/draft.html).
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from types import MappingProxyType
from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal.core import clock
from portal.domain.dates import clock_time
from portal.domain.viewer import Viewer
from portal.models.families import Family
from portal.queries import form_drafts as read
from portal.queries.form_drafts import Unfinished
from portal.services import form_drafts as change
from portal.web import answers, faster, submissions
from portal.web.errors import page_of
from portal.web.forms import PasswordField, PortalForm, resumed
from portal.web.htmx import wants_a_piece

Make = Callable[..., PortalForm]
KEEPS = "draft"
NOTHING_ELSE: Mapping[str, Any] = MappingProxyType({})
_NOT_TYPED = {"csrf_token", "idempotency_key", KEEPS}
# Kept, and yet nothing that anybody typed.
_UNSEEN = {"version", "as_opened"}


@dataclass(frozen=True)
class Kept:
    """A draft was kept or thrown away: the gate commits that and nothing else."""

    answer: Callable[[], ResponseReturnValue]
    # Whether anything was there to be kept.
    something: bool = True


def offer(form: str, make: Make, args: tuple[Any, ...], rest: Mapping[str, Any] = NOTHING_ELSE) -> Any:
    """The form as its writer left it, or as it is made. Where somebody saved the same thing since it was written, both
    texts are shown. What cannot be read is said to be, and the form is empty."""
    writer = _writer(args)
    unfinished = read.of(form, _subject(args), writer) if writer and writer.left_unfinished else None
    if unfinished is None:
        return make(*args, **rest)
    if unfinished.lost:
        made = make(*args, **rest)
        made.unfinished = unfinished
        return made
    with resumed(unfinished.answers):
        made = make(*args, **rest)
    made.unfinished = replace(unfinished, typed=answers.answered(made))
    if made.edits and made.version.data != str(args[0].version):
        faster.show_both(make, args, rest, made)
    return made


def left(form: str, make: Make, args: tuple[Any, ...], rest: Mapping[str, Any]) -> Unfinished | None:
    """What its writer had typed, where the form itself is not shown any more."""
    made: PortalForm = offer(form, make, args, rest)
    unfinished: Unfinished | None = made.unfinished
    return unfinished


def keep(form: str, *args: Any) -> Kept:
    """Keep what was typed so far, never a password."""
    sent = {name: values for name, values in request.form.lists() if name not in _NOT_TYPED | _secrets()}
    writer = _writer(args)
    typed = any(any(values) for name, values in sent.items() if name not in _UNSEEN)
    something = writer is not None and typed
    if writer and something:
        family_id = args[0].id if isinstance(args[0], Family) else getattr(args[0], "family_id", None)
        change.keep(form, _subject(args), sent, family_id=family_id, by=writer)
    return Kept(lambda: _kept_so_far(form), something)


def keep_so_far(form: str, *args: Any) -> Kept:
    """While it is written. What arrives after its form was sent is dropped: it would offer the same form again."""
    if submissions.was_answered(_writer(args)):
        return Kept(lambda: _kept_so_far(form), something=False)
    return keep(form, *args)


def gone(form: str, args: tuple[Any, ...]) -> None:
    """It was sent."""
    writer = _writer(args)
    if writer and writer.left_unfinished:
        change.discard(form, _subject(args), by=writer)


def _writer(args: tuple[Any, ...]) -> Viewer | None:
    """Nobody where the form needs no sign-in."""
    viewer: Viewer | None = args[-1]
    return viewer


def _subject(args: tuple[Any, ...]) -> str:
    """Of a form about nothing that is there yet, there is one a person."""
    return str(args[0].ref) if len(args) > 1 else ""


@cache
def _secrets() -> set[str]:
    """The names of every password that any form asks for."""
    return {name for kind in _kinds(PortalForm) for name, field in vars(kind).items() if _is_password(field)}


def _kinds(of: type[Any]) -> Iterator[type[Any]]:
    for kind in of.__subclasses__():
        yield kind
        yield from _kinds(kind)


def _is_password(field: Any) -> bool:
    kind = getattr(field, "field_class", None)
    return isinstance(kind, type) and issubclass(kind, PasswordField)


def _kept_so_far(form: str) -> ResponseReturnValue:
    if wants_a_piece():
        return f"Kept at {clock_time(clock.now())}. It is not saved yet, and only you can see it."
    flash("Kept for later. It is not saved yet, and only you can see it", "success")
    return redirect(page_of(url_for(form, **(request.view_args or {}))), 303)
