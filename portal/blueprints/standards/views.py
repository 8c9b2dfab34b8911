"""The standards with their sources, and changing one."""

from portal.blueprints.standards import bp
from portal.blueprints.standards.forms import StandardForm, standard_form
from portal.domain.dates import counted
from portal.domain.permissions import P
from portal.domain.viewer import Viewer
from portal.queries import standards as read
from portal.services import standards as change_of
from portal.web.pages import Done, render
from portal.web.policy import Policy


@bp.get("/standards", policy=Policy(P.STANDARDS_VIEW))
def listed(_viewer: Viewer) -> str:
    return render("standards/list.html", rows=read.rows())


def change_page(_viewer: Viewer, form: StandardForm) -> str:
    if not form.unfinished:
        # Shown again after somebody was faster: what they saved has been read now.
        form.version.data = str(read.newest_change())
    return render("standards/change.html", form=form)


@bp.form("/standards/change", policy=Policy(P.STANDARDS_CHANGE), form=standard_form, page=change_page)
def change(viewer: Viewer, form: StandardForm) -> Done:
    made = change_of.change(
        form.standard,
        form.amount.number or 0,
        why=form.why.data or "",
        seen=int(form.version.data or 0),
        by=viewer,
    )
    moved = f". {counted(made.moved, 'date', 'dates')} that had not passed moved with it" if made.moved else ""
    return Done("/standards", f"Standard changed{moved}")
