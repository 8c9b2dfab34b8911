"""The list of what was shared all the same."""

from portal.blueprints.sharing import bp
from portal.domain.permissions import P
from portal.domain.viewer import Viewer
from portal.queries import shared_despite as read
from portal.web.gate import listed
from portal.web.pages import render
from portal.web.policy import Policy


@bp.get("/shared-despite", policy=Policy(P.SHARED_DESPITE_LIST))
def despite(_viewer: Viewer) -> str:
    found = read.listing()
    listed(len(found.lines))
    return render("sharing/despite.html", page=found)
