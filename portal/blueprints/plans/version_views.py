"""Versions of a plan: put one in force, revise it, read the earlier ones."""

from flask import url_for
from wtforms import HiddenField

from portal.blueprints.plans import bp
from portal.blueprints.plans.forms import agreed_form_of
from portal.domain.permissions import P
from portal.domain.viewer import Viewer
from portal.domain.wording import MOVES
from portal.models.families import Family
from portal.queries import families, plan_forms, plan_versions
from portal.queries import plans as read
from portal.services import plan_versions as change
from portal.web.forms import PortalForm
from portal.web.pages import Done, render
from portal.web.policy import Policy


class InForceForm(PortalForm):
    wording = HiddenField()


def in_force_form(_family: Family, _viewer: Viewer) -> InForceForm:
    return InForceForm()


def in_force_page(family: Family, _viewer: Viewer, form: InForceForm) -> str:
    wording = plan_forms.to_keep(family)
    form.wording.data = wording.mark
    return render("plans/in_force.html", family=families.header(family), wording=wording, form=form)


@bp.form(
    "/families/<ref:family>/plan/in-force",
    policy=Policy(P.PLAN_IN_FORCE, Family),
    form=in_force_form,
    page=in_force_page,
)
def put_in_force(family: Family, viewer: Viewer, form: InForceForm) -> Done:
    change.put_family_plan_in_force(family, read=form.wording.data or "", by=viewer)
    return Done(_plan(family), MOVES["plan", "put_in_force"].confirmation)


def revise_form(_family: Family, _viewer: Viewer) -> PortalForm:
    return PortalForm()


def plan_again(family: Family, _viewer: Viewer, form: PortalForm) -> str:
    page = read.of_family(family)
    agreed = agreed_form_of((row.id, row.what, row.owner) for row in page.proposed)
    agreed.refusal = form.refusal
    return render("plans/plan.html", family=families.header(family), thing=family, plan=page, form=agreed, revise=form)


@bp.form(
    "/families/<ref:family>/plan/revise",
    policy=Policy(P.PLAN_EDIT, Family),
    form=revise_form,
    page=plan_again,
    shown=False,
)
def begin_revision(family: Family, viewer: Viewer, _form: PortalForm) -> Done:
    change.begin_revision(family, by=viewer)
    return Done(_plan(family), "You can write the revision now. It is not in force yet")


@bp.get("/families/<ref:family>/plan/versions", policy=Policy(P.PLAN_VIEW, Family))
def versions(family: Family, _viewer: Viewer) -> str:
    found = plan_versions.of_family(family)
    return render("plans/versions.html", family=families.header(family), thing=family, versions=found)


def _plan(family: Family) -> str:
    return url_for("plans.plan", family=family)
