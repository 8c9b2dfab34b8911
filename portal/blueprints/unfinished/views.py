"""Throw away what one had typed, and begin again; stay signed in while one writes."""

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue

from portal.blueprints.unfinished import bp
from portal.domain.viewer import Viewer
from portal.services import form_drafts as change
from portal.web.errors import page_of
from portal.web.form_drafts import Kept
from portal.web.htmx import wants_a_piece
from portal.web.pages import render
from portal.web.policy import SignedIn
from portal.web.sessions import time_out


@bp.post("/unfinished/throw-away", policy=SignedIn("what one typed oneself and did not send", unfinished=True))
def throw_away(viewer: Viewer) -> Kept:
    change.discard(request.form.get("form", ""), request.form.get("subject", ""), by=viewer)
    return Kept(_begin_again)


@bp.get("/stay-signed-in", policy=SignedIn("one's own session lasts longer"))
def stay(viewer: Viewer) -> str:
    template = "unfinished/_time_out.html" if wants_a_piece() else "unfinished/stay.html"
    return render(template, time_out=time_out(viewer))


def _begin_again() -> ResponseReturnValue:
    flash("Thrown away. You can begin again", "success")
    return redirect(page_of(request.form.get("back", "")), 303)
