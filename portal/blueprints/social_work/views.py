"""Social work with a family: closed, who holds the family then, opened again, passed to another worker."""

from flask import url_for

from portal.blueprints.social_work import bp
from portal.blueprints.social_work.forms import (
    ClosedForm,
    HolderForm,
    PassOnForm,
    ReopenForm,
    closed_form,
    holder_form,
    pass_on_form,
    reopen_form,
)
from portal.core import clock
from portal.domain.dates import counted
from portal.domain.permissions import P
from portal.domain.step_downs import HolderAnswer
from portal.domain.viewer import Viewer
from portal.models.families import Family
from portal.queries import families
from portal.services import social_work as change
from portal.services import social_workers
from portal.web.gate import listed
from portal.web.pages import Done, render
from portal.web.policy import Policy


def closed_page(family: Family, _viewer: Viewer, form: ClosedForm) -> str:
    return render("social_work/closed.html", header=families.header(family), form=form)


@bp.form(
    "/families/<ref:family>/social-work-closed",
    policy=Policy(P.SOCIAL_WORK_CLOSE, Family),
    form=closed_form,
    page=closed_page,
    keeps_draft=True,
)
def closed(family: Family, viewer: Viewer, form: ClosedForm) -> Done:
    change.closed(family, form.on.data or clock.today(), by=viewer)
    return Done(url_for("families.overview", family=family), "Recorded that social work has closed")


def holder_page(family: Family, _viewer: Viewer, form: HolderForm) -> str:
    return render("social_work/holder.html", header=families.header(family), form=form)


@bp.form(
    "/families/<ref:family>/holder",
    policy=Policy(P.HOLDER_NAME, Family),
    form=holder_form,
    page=holder_page,
    keeps_draft=True,
)
def holder(family: Family, viewer: Viewer, form: HolderForm) -> Done:
    words = form.words.data or ""
    if form.answer.data == HolderAnswer.NAMED:
        change.name_holder(family, int(form.holder.data), words, by=viewer)
        said = "Recorded who holds the family for now"
    else:
        change.ask_to_reopen(family, words, by=viewer)
        said = "The {social_care_manager} has been asked to open social work again"
    return Done(url_for("families.overview", family=family), said)


def reopen_page(family: Family, _viewer: Viewer, form: ReopenForm) -> str:
    return render("social_work/reopen.html", header=families.header(family), form=form)


@bp.form(
    "/families/<ref:family>/social-work-open",
    policy=Policy(P.SOCIAL_WORK_REOPEN, Family),
    form=reopen_form,
    page=reopen_page,
    keeps_draft=True,
)
def reopen(family: Family, viewer: Viewer, form: ReopenForm) -> Done:
    change.reopen(family, form.words.data or "", by=viewer)
    return Done(url_for("families.overview", family=family), "Social work is open again")


def pass_on_page(_viewer: Viewer, form: PassOnForm) -> str:
    listed(len(form.found.families))
    return render("social_work/pass_on.html", form=form)


@bp.form("/social-work/pass-on", policy=Policy(P.STEP_DOWN_REALLOCATE), form=pass_on_form, page=pass_on_page)
def pass_on(viewer: Viewer, form: PassOnForm) -> Done:
    ids = [int(each) for each in form.families.data or []]
    number = social_workers.pass_on(ids, int(form.worker.data), form.words.data or "", by=viewer)
    return Done(url_for("step_downs.listed"), f"{counted(number, 'family', 'families')} passed on")
