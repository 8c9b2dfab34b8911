"""The worklist of families, a family's page, and its history."""

from flask import g, request, url_for

from portal.blueprints.families import bp
from portal.core.errors import NotInReach
from portal.domain.chronology import WORDS, Subject
from portal.domain.permissions import P
from portal.domain.viewer import Viewer
from portal.models.families import Family
from portal.queries import families, family_page, for_managers, history, leavers, own_checks
from portal.queries.worklist import worklist
from portal.web.gate import listed, printed
from portal.web.htmx import wants_a_piece
from portal.web.lately import reminders_to_undo
from portal.web.navigation import begins_here
from portal.web.pages import announced, phrase, print_line, render
from portal.web.policy import Policy


@bp.get("/families", policy=Policy(P.FAMILY_LIST))
def index(viewer: Viewer) -> str:
    view, after = request.args.get("view"), request.args.get("after")
    found = worklist(viewer, g.words, view=view, after=after, select_overdue=request.args.get("select") == "overdue")
    begins = begins_here(viewer) and after is None
    checks = own_checks.due_by_today(viewer) if begins else own_checks.NONE
    waits = for_managers.waits(viewer)
    listed(len(found.lines) + len(checks.rows) + len(waits.asked))
    return render(
        "families/list.html",
        worklist=found,
        checks=checks,
        waits=waits,
        leavers=leavers.of_early_help(viewer),
        here=url_for("families.index", view=view, after=after),
        sent=reminders_to_undo(viewer),
        all_href=url_for("families.index", view=view, after=after, select="overdue", _anchor="reminders")
        if found.late
        else None,
    )


@bp.get("/families/<ref:family>", policy=Policy(P.FAMILY_VIEW, Family))
def overview(family: Family, viewer: Viewer) -> str:
    return render(
        "families/overview.html",
        family=family,
        page=family_page.overview(family, viewer, g.words),
    )


@bp.get("/families/<ref:family>/history", policy=Policy(P.FAMILY_VIEW, Family))
def past(family: Family, _viewer: Viewer) -> str:
    before, about = request.args.get("before"), _about()
    found = history.page_of(family.id, g.words, before=before, about=about)
    kind = about.value if about else None
    if before and wants_a_piece():
        piece = render("families/_history.html", family=family, page=found, kind=kind)
        return announced(piece, "Earlier lines are shown below")
    return render(
        "families/history.html",
        family=family,
        header=families.header(family),
        page=found,
        further=before is not None,
        kind=kind,
        narrowings=history.narrowings(about, g.words),
    )


@bp.get("/families/<ref:family>/history/whole", policy=Policy(P.FAMILY_VIEW, Family))
def whole(family: Family, _viewer: Viewer) -> str:
    about = _about()
    printed()
    return render(
        "families/history_whole.html",
        family=family,
        apart=families.safety(family.id)[1],
        page=history.whole(family.id, g.words, about=about),
        about=phrase(WORDS[about]) if about else None,
        print_line=print_line(family.ref),
    )


def _about() -> Subject | None:
    """What the history is narrowed to. Raises NotInReach for anything else than one of its subjects."""
    asked = request.args.get("kind", "")
    if not asked:
        return None
    if asked not in set(Subject):
        raise NotInReach("There is no such kind of line.")
    return Subject(asked)
