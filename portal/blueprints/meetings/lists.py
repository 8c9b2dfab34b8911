"""Meetings somebody has to see to."""

from portal.blueprints.meetings import bp
from portal.domain.permissions import P
from portal.domain.viewer import Viewer
from portal.queries import meeting_lists as read
from portal.web.gate import listed
from portal.web.pages import render
from portal.web.policy import Policy


@bp.get("/meetings", policy=Policy(P.MEETING_LIST))
def to_see_to(viewer: Viewer) -> str:
    found = read.of(viewer)
    listed(found.count)
    return render("meetings/to_see_to.html", lists=found)
