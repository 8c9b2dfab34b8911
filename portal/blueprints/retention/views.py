"""The list of what is due, one family's record, holds, and destroying it by two people."""

from collections.abc import Callable

from flask import request, url_for

from portal.blueprints.retention import bp
from portal.blueprints.retention.forms import ConfirmForm, HoldForm, LiftForm, ProposeForm, WithdrawForm, form_of
from portal.domain.permissions import P
from portal.domain.viewer import Viewer
from portal.models.families import Family
from portal.queries import retention as read
from portal.services import retention as change
from portal.web.forms import PortalForm
from portal.web.gate import listed
from portal.web.pages import Done, render
from portal.web.policy import Policy
from portal.web.refs import number_in

OF_FAMILY = Policy(P.RECORD_KEEP, Family)


@bp.get("/retention", policy=Policy(P.RECORD_KEEP))
def due(_viewer: Viewer) -> str:
    view, after = read.view_of(request.args.get("view")), number_in(request.args.get("after"))
    page = read.page_of(view, after)
    listed(page.count)
    return render("retention/list.html", page=page, View=read.View, further=bool(after))


@bp.get("/families/<ref:family>/retention", policy=OF_FAMILY)
def of_family(family: Family, viewer: Viewer) -> str:
    return _page(family, viewer, WithdrawForm())


def _page(family: Family, viewer: Viewer, form: WithdrawForm) -> str:
    return render("retention/of_family.html", family=family, kept=read.of_family(family, viewer), form=form)


def _asking(name: str) -> Callable[[Family, Viewer, PortalForm], str]:
    def page(family: Family, viewer: Viewer, form: PortalForm) -> str:
        return render(f"retention/{name}.html", family=family, kept=read.of_family(family, viewer), form=form)

    return page


def _back(family: Family, words: str) -> Done:
    return Done(url_for("retention.of_family", family=family), words)


@bp.form("/families/<ref:family>/retention/hold", policy=OF_FAMILY, form=form_of(HoldForm), page=_asking("hold"))
def hold(family: Family, viewer: Viewer, form: HoldForm) -> Done:
    change.hold(family, why=form.why.data or "", review_on=form.review_on.data, by=viewer)
    return _back(family, "The record is on hold")


@bp.form("/families/<ref:family>/retention/lift", policy=OF_FAMILY, form=form_of(LiftForm), page=_asking("lift"))
def lift(family: Family, viewer: Viewer, form: LiftForm) -> Done:
    change.lift(family, why=form.why.data or "", by=viewer)
    return _back(family, "The hold was lifted")


@bp.form(
    "/families/<ref:family>/retention/propose", policy=OF_FAMILY, form=form_of(ProposeForm), page=_asking("propose")
)
def propose(family: Family, viewer: Viewer, form: ProposeForm) -> Done:
    change.propose(family, why=form.why.data or "", by=viewer)
    return _back(family, "Proposed. Somebody else has to confirm it")


@bp.form(
    "/families/<ref:family>/retention/withdraw", policy=OF_FAMILY, form=form_of(WithdrawForm), page=_page, shown=False
)
def withdraw(family: Family, viewer: Viewer, _form: WithdrawForm) -> Done:
    change.withdraw(family, by=viewer)
    return _back(family, "Withdrawn. Nothing is destroyed")


@bp.form(
    "/families/<ref:family>/retention/confirm", policy=OF_FAMILY, form=form_of(ConfirmForm), page=_asking("confirm")
)
def confirm(family: Family, viewer: Viewer, form: ConfirmForm) -> Done:
    reference = family.ref
    change.confirm(family, reference=form.reference.data or "", by=viewer)
    return Done(url_for("retention.due", view="destroyed"), f"The record {reference} was destroyed")
