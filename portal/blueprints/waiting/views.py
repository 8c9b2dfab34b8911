"""The list of what waits longest."""

from flask import g, request

from portal.blueprints.waiting import bp
from portal.domain.permissions import P
from portal.domain.viewer import Viewer
from portal.queries.waiting_longest import listing
from portal.web.gate import listed
from portal.web.pages import render
from portal.web.policy import Policy


@bp.get("/waiting-longest", policy=Policy(P.WAITING_LIST))
def longest(viewer: Viewer) -> str:
    found = listing(
        viewer,
        g.words,
        stage=request.args.get("stage"),
        organisation=request.args.get("organisation"),
    )
    listed(len(found.lines))
    return render("waiting/longest.html", page=found)
