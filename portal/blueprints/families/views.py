"""The worklist of families, a family's page, and its history."""

from flask import g, request

from portal.blueprints.families import bp
from portal.domain.permissions import P
from portal.domain.viewer import Viewer
from portal.models.families import Family
from portal.queries import families, family_page, history
from portal.queries.worklist import worklist
from portal.web.forms import PortalForm
from portal.web.gate import listed
from portal.web.htmx import wants_a_piece
from portal.web.pages import announced, render
from portal.web.policy import Policy


@bp.get("/families", policy=Policy(P.FAMILY_LIST))
def index(viewer: Viewer) -> str:
    found = worklist(viewer, g.words, view=request.args.get("view"), after=request.args.get("after"))
    listed(len(found.lines))
    return render("families/list.html", worklist=found)


@bp.get("/families/<ref:family>", policy=Policy(P.FAMILY_VIEW, Family))
def overview(family: Family, viewer: Viewer) -> str:
    return render(
        "families/overview.html",
        family=family,
        page=family_page.overview(family, viewer, g.words),
        start=PortalForm(),
    )


@bp.get("/families/<ref:family>/history", policy=Policy(P.FAMILY_VIEW, Family))
def past(family: Family, _viewer: Viewer) -> str:
    before = request.args.get("before")
    found = history.page_of(family.id, g.words, before=before)
    if before and wants_a_piece():
        return announced(render("families/_history.html", family=family, page=found), "Earlier lines are shown below")
    return render(
        "families/history.html", family=family, header=families.header(family), page=found, further=before is not None
    )
