"""The council’s closed days: listed with what falls on them, added, taken out."""

from flask import url_for

from portal.blueprints.closed_days import bp
from portal.blueprints.closed_days.forms import CloseForm, TakeOutForm, close_form, take_out_form
from portal.domain.permissions import P
from portal.domain.viewer import Viewer
from portal.queries import closed_days as read
from portal.services import closed_days as change
from portal.web.gate import concerns
from portal.web.gate import listed as counted_rows
from portal.web.pages import Done, render
from portal.web.policy import Policy

ADMINISTER = Policy(P.ADMINISTER)


def list_page(_viewer: Viewer, form: TakeOutForm) -> str:
    found = read.coming(change.SUBJECT)
    counted_rows(len(found.closed))
    return render("closed_days/list.html", found=found, form=form)


@bp.get("/admin/closed-days", policy=ADMINISTER)
def listed(viewer: Viewer) -> str:
    return list_page(viewer, take_out_form(viewer))


@bp.form("/admin/closed-days/take-out", policy=ADMINISTER, form=take_out_form, page=list_page, shown=False)
def take_out(viewer: Viewer, form: TakeOutForm) -> Done:
    change.take_out(*form.span(), by=viewer)
    concerns(change.SUBJECT)
    return Done(url_for("closed_days.listed"), "Those days are working days again")


def new_page(_viewer: Viewer, form: CloseForm) -> str:
    return render("closed_days/new.html", form=form)


@bp.form("/admin/closed-days/new", policy=ADMINISTER, form=close_form, page=new_page)
def new(viewer: Viewer, form: CloseForm) -> Done:
    days = change.add(form.first.data, form.last.data or form.first.data, form.name.data or "", by=viewer)
    concerns(change.SUBJECT)
    due = read.due_on(days)
    return Done(
        url_for("closed_days.listed"), f"Added. {read.said(due)}" if due else "Added. Nothing falls due on them"
    )
