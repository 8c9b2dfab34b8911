"""From the page of a service: to which family it is suggested."""

from portal.blueprints.support import bp
from portal.domain.permissions import P
from portal.domain.viewer import Viewer
from portal.models.following import Service
from portal.queries.contacts import families_of
from portal.web.gate import listed
from portal.web.pages import render
from portal.web.policy import Policy


@bp.get("/services/<ref:service>/suggest", policy=Policy(P.CHECK_LIST, Service))
def suggest_this(service: Service, viewer: Viewer) -> str:
    found = families_of(viewer)
    listed(len(found.families))
    return render("support/suggest_this.html", service=service, found=found)
