"""The family's own copy of the plan: chosen for one of them, and printed."""

from flask import g, request

from portal.blueprints.plans import bp
from portal.domain.permissions import P
from portal.domain.viewer import Viewer
from portal.models.families import Family
from portal.queries import agreement, families
from portal.queries import plan_copy as read
from portal.web.gate import printed
from portal.web.pages import render
from portal.web.policy import Policy


@bp.get("/families/<ref:family>/plan/copy", policy=Policy(P.PLAN_EDIT, Family))
def copy(family: Family, _viewer: Viewer) -> str:
    everybody = read.readers(family)
    wanted = request.args.get("for", "")
    reader = next((one for one in everybody if str(one.id) == wanted and not one.never), None)
    if reader:
        printed()
    return render(
        "plans/copy.html",
        family=families.header(family),
        readers=everybody,
        reader=reader,
        limits=agreement.limits(family.id, g.words),
        copy=read.for_reader(family, reader) if reader else None,
        large=request.args.get("size") == "large",
    )
