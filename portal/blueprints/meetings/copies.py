"""Agenda and minutes on paper, a copy for each person."""

from flask import abort, g, request

from portal.blueprints.meetings import bp
from portal.domain.permissions import P
from portal.domain.viewer import Viewer
from portal.models.teamwork import Meeting
from portal.queries import agreement, meetings
from portal.queries import meeting_copies as read
from portal.web.gate import printed
from portal.web.pages import print_line, render
from portal.web.policy import Policy
from portal.web.refs import number_in


@bp.get("/meetings/<ref:meeting>/copy", policy=Policy(P.MEETING_ARRANGE, Meeting))
def copy(meeting: Meeting, _viewer: Viewer) -> str:
    """For whom is in the query; without it, who can get one."""
    family, wanted = meetings.family_of(meeting), request.args.get("for", "")
    limits = agreement.limits(meeting.family_id, g.words)
    if not wanted:
        return render(
            "meetings/copies.html",
            family=family,
            meeting=meetings.named(meeting),
            recipients=read.recipients(meeting),
            limits=limits,
        )
    found = read.copy(meeting, number_in(wanted))
    if found is None:
        abort(404)
    printed()
    return render("meetings/copy.html", copy=found, limits=limits, print_line=print_line(family.ref))
