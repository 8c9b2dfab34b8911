"""Sharing agreements that end, and extending one."""

from flask import url_for

from portal.blueprints.agreements import bp
from portal.blueprints.agreements.forms import ExtendForm, extend_form
from portal.domain.dates import full
from portal.domain.permissions import P
from portal.domain.standards import DEFAULTS, Standard, length
from portal.domain.viewer import Viewer
from portal.facts import practice
from portal.queries import agreements as read
from portal.services import agreements as change
from portal.web.gate import listed as counted
from portal.web.pages import Done, render
from portal.web.policy import Policy


@bp.get("/agreements", policy=Policy(P.AGREEMENT_LIST))
def listed(_viewer: Viewer) -> str:
    found = read.ending()
    counted(len(found))
    return render("agreements/list.html", agreements=found)


def extend_page(_viewer: Viewer, form: ExtendForm) -> str:
    days = length(practice.amount(Standard.SHARING_EXTENSION), DEFAULTS[Standard.SHARING_EXTENSION].unit)
    return render("agreements/extend.html", form=form, days=days)


@bp.form("/agreements/extend", policy=Policy(P.AGREEMENT_EXTEND), form=extend_form, page=extend_page)
def extend(viewer: Viewer, form: ExtendForm) -> Done:
    made = change.extend(int(form.agreement.data), seen=form.last_day_seen, why=form.why.data or "", by=viewer)
    return Done(url_for("agreements.listed"), f"The agreement lasts until {full(made.after)}")
