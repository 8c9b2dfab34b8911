"""The days on which organisations close: listed, added, taken out."""

from portal.blueprints.closures import bp
from portal.blueprints.closures.forms import CloseForm, TakeOutForm, close_form, take_out_form
from portal.domain.dates import counted
from portal.domain.permissions import P
from portal.domain.viewer import Viewer
from portal.queries import closures
from portal.services import covers
from portal.web.gate import listed as counted_rows
from portal.web.pages import Done, render
from portal.web.policy import Policy


def list_page(_viewer: Viewer, form: TakeOutForm) -> str:
    found = closures.coming()
    counted_rows(len(found))
    return render("closures/list.html", found=found, form=form)


@bp.get("/closures", policy=Policy(P.CLOSURE_KEEP))
def listed(viewer: Viewer) -> str:
    return list_page(viewer, take_out_form(viewer))


@bp.form("/closures/take-out", policy=Policy(P.CLOSURE_KEEP), form=take_out_form, page=list_page, shown=False)
def take_out(viewer: Viewer, form: TakeOutForm) -> Done:
    covers.take_out_closure(form.number(), by=viewer)
    return Done("/closures", "Those days are taken out")


def new_page(_viewer: Viewer, form: CloseForm) -> str:
    return render("closures/new.html", form=form)


@bp.form("/closures/new", policy=Policy(P.CLOSURE_KEEP), form=close_form, page=new_page)
def new(viewer: Viewer, form: CloseForm) -> Done:
    added = covers.close(
        [int(each) for each in form.organisations.data or ()],
        form.name.data or "",
        form.from_on.data,
        form.to_on.data,
        by=viewer,
    )
    return Done("/closures", f"{counted(added, 'closure', 'closures')} added")
