"""A long form kept on the server while it is written: saved by itself, offered again, gone once it is sent.

A form keeps its draft with `@bp.form(…, keeps_draft=True)` and, in its template, `autosave` on the form, `resumed` at
its top, `kept_line` and a button *Save for later* at its end (components/draft.html).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal.core import clock
from portal.domain.dates import clock_time
from portal.domain.viewer import Viewer
from portal.queries import form_drafts as read
from portal.services import form_drafts as change
from portal.web import submissions
from portal.web.forms import PortalForm, resumed
from portal.web.htmx import wants_a_piece

KEEPS, AGAIN = "draft", "again"
_NOT_TYPED = {"csrf_token", "idempotency_key", "version", KEEPS}


@dataclass(frozen=True)
class Kept:
    """A draft was kept or thrown away: the gate commits that and nothing else."""

    answer: Callable[[], ResponseReturnValue]


def offer(form: str, make: Callable[..., PortalForm], args: tuple[Any, ...], rest: dict[str, Any]) -> PortalForm:
    """The form as its writer left it, or as it is made."""
    thing, viewer = args
    unfinished = read.of(form, thing, viewer)
    with resumed(unfinished.answers if unfinished else None):
        made = make(*args, **rest)
    made.unfinished = unfinished
    return made


def keep(form: str, thing: Any, viewer: Viewer) -> Kept:
    """Keep what was typed so far. What arrives after its form was sent is dropped: it would offer the same form
    again."""
    if request.form.get(KEEPS) == AGAIN:
        change.discard(form, thing, by=viewer)
        return Kept(lambda: _back(form, "You can begin again"))
    answers = {name: values for name, values in request.form.lists() if name not in _NOT_TYPED}
    if answers and not submissions.was_answered(viewer):
        change.keep(form, thing, answers, by=viewer)
    if wants_a_piece():
        return Kept(lambda: f"Kept at {clock_time(clock.now())}. It is not saved yet, and only you can see it.")
    return Kept(lambda: _back(form, "Kept for later. It is not saved yet, and only you can see it"))


def gone(form: str, args: tuple[Any, ...]) -> None:
    """It was sent."""
    thing, viewer = args
    change.discard(form, thing, by=viewer)


def _back(form: str, words: str) -> ResponseReturnValue:
    flash(words, "success")
    return redirect(url_for(form, **(request.view_args or {})), 303)
