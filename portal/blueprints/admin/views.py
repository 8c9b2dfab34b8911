"""People and organisations of the portal, as an administrator sees them."""

from portal.blueprints.admin import bp
from portal.domain.permissions import P
from portal.domain.viewer import Viewer
from portal.queries import people as read
from portal.web.gate import listed
from portal.web.pages import render
from portal.web.policy import Policy


@bp.get("/admin", policy=Policy(P.ADMINISTER))
def everybody(_viewer: Viewer) -> str:
    organisations = read.organisations()
    listed(sum(len(each.people) for each in organisations))
    return render("admin/everybody.html", organisations=organisations)
