"""A meeting for one's own calendar."""

import re
from datetime import timedelta

from flask import Response
from icalendar import Calendar, Event

from portal.blueprints.meetings import bp
from portal.core import clock
from portal.domain.permissions import P
from portal.domain.viewer import Viewer
from portal.models.teamwork import Meeting
from portal.queries import meeting_calendar as read
from portal.web.pages import settings
from portal.web.policy import Policy

# Nobody says how long a meeting lasts; a calendar that is told nothing shows none at all.
LASTS = timedelta(hours=1)


@bp.get("/meetings/<ref:meeting>/calendar", policy=Policy(P.MEETING_VIEW, Meeting))
def calendar(meeting: Meeting, _viewer: Viewer) -> Response:
    found = read.entry(meeting)
    council = re.sub(r"[^a-z0-9]+", "-", settings().council_name.lower()).strip("-")
    event = Event()
    event.add("uid", f"{found.name}@{council}.early-help")
    event.add("sequence", found.sequence)
    event.add("dtstamp", clock.now())
    event.add("dtstart", found.starts_at)
    event.add("duration", LASTS)
    event.add("summary", found.ref)
    event.add("status", "CANCELLED" if found.cancelled else "CONFIRMED")
    if found.place:
        event.add("location", found.place)
    file = Calendar()
    file.add("prodid", f"-//{settings().service_name}//EN")
    file.add("version", "2.0")
    file.add("method", "CANCEL" if found.cancelled else "PUBLISH")
    file.add_component(event)
    headers = {"Content-Disposition": f'attachment; filename="{found.ref}.ics"'}
    return Response(file.to_ical(), mimetype="text/calendar", headers=headers)
