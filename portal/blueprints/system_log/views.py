"""The system's log: a page of it, and what is asked for as a file."""

from flask import Response, url_for

from portal.blueprints.system_log import bp
from portal.blueprints.system_log.asked import searched
from portal.blueprints.system_log.forms import ExportForm, export_form
from portal.core.sheets import MARK, lines
from portal.domain.permissions import P
from portal.domain.viewer import Viewer
from portal.models.people import User
from portal.queries import system_log as read
from portal.services import exports
from portal.web.gate import exported, listed
from portal.web.pages import export_line, phrase, render
from portal.web.policy import Policy

ADMINISTER = Policy(P.ADMINISTER)
COLUMNS = ("When", "Who", "Kind", "What", "More")


@bp.get("/admin/log", policy=ADMINISTER)
def shown(_viewer: Viewer) -> str:
    search = searched()
    found = read.page(search.asked)
    listed(len(found.lines))
    return render(
        "system_log/log.html",
        search=search,
        found=found,
        kinds=read.KINDS,
        people=[(f"{User.ref_prefix}-{id_}", words) for id_, words in read.people()],
        further=url_for("system_log.shown", **search.kept(found.further)) if found.further else None,
        export=url_for("system_log.export", **search.kept()),
    )


def export_page(_viewer: Viewer, form: ExportForm) -> str:
    search = searched()
    here, back = (url_for(f"system_log.{name}", **search.kept()) for name in ("export", "shown"))
    return render("system_log/export.html", form=form, here=here, back=back, most=read.MOST)


@bp.form("/admin/log/export", policy=ADMINISTER, form=export_form, page=export_page)
def export(viewer: Viewer, form: ExportForm) -> Response:
    exports.demand_pace(viewer)
    found, purpose = read.export(searched().asked), form.purpose.data or ""
    exported(len(found), purpose)
    head: list[tuple[object, ...]] = [(export_line("System log"), purpose), COLUMNS]
    rows = [(line.when, line.who, line.kind, phrase(line.what), line.more) for line in found]
    headers = {"Content-Disposition": 'attachment; filename="system-log.csv"'}
    return Response([MARK, *lines([*head, *rows])], mimetype="text/csv", headers=headers)
