"""Resets of second factors: the list, asking for one, confirming and withdrawing it."""

from flask import url_for

from portal.blueprints.factor_resets import bp
from portal.blueprints.factor_resets.forms import AskForm, WaitingForm, ask_form, waiting_form
from portal.domain.permissions import P
from portal.domain.viewer import Viewer
from portal.queries import factor_resets as read
from portal.services import factor_resets as change
from portal.web.gate import concerns, listed
from portal.web.pages import Done, render
from portal.web.policy import Policy

ADMINISTER = Policy(P.ADMINISTER)


def resets_page(viewer: Viewer, form: WaitingForm) -> str:
    resets = read.latest(viewer)
    listed(len(resets))
    return render("factor_resets/list.html", form=form, resets=resets)


@bp.get("/admin/second-factors", policy=ADMINISTER)
def resets(viewer: Viewer) -> str:
    return resets_page(viewer, waiting_form(viewer))


def ask_page(_viewer: Viewer, form: AskForm) -> str:
    return render("factor_resets/ask.html", form=form)


@bp.form("/admin/second-factors/ask", policy=ADMINISTER, form=ask_form, page=ask_page)
def ask(viewer: Viewer, form: AskForm) -> Done:
    reset = change.ask(int(form.person.data), why=form.why.data or "", by=viewer)
    concerns(f"U-{reset.user_id}")
    return Done(url_for("factor_resets.resets"), "Asked. Another administrator has to confirm it")


@bp.form("/admin/second-factors/confirm", policy=ADMINISTER, form=waiting_form, page=resets_page, shown=False)
def confirm(viewer: Viewer, form: WaitingForm) -> Done:
    concerns(f"U-{change.confirm(form.number, by=viewer).user_id}")
    words = "Confirmed. They are signed out, and set up an app when they sign in again"
    return Done(url_for("factor_resets.resets"), words)


@bp.form("/admin/second-factors/withdraw", policy=ADMINISTER, form=waiting_form, page=resets_page, shown=False)
def withdraw(viewer: Viewer, form: WaitingForm) -> Done:
    concerns(f"U-{change.withdraw(form.number, by=viewer).user_id}")
    return Done(url_for("factor_resets.resets"), "Withdrawn. Nothing was changed")
