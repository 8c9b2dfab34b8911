"""Starter plans: choose one, adjust it, use it."""

from flask import url_for

from portal.blueprints.plans import bp
from portal.blueprints.plans import starter_forms as ask
from portal.domain.dates import counted
from portal.domain.permissions import P
from portal.domain.plans import HEADLINES
from portal.domain.starters import starters
from portal.domain.viewer import Viewer
from portal.models.families import Family
from portal.queries import families
from portal.queries import plans as read
from portal.services import plans as change
from portal.web.pages import Done, render
from portal.web.policy import Policy


def templates_page(family: Family, _viewer: Viewer, form: ask.StarterForm) -> str:
    return render(
        "plans/templates.html",
        family=families.header(family),
        why_none=read.why_none(family),
        starters=starters().values(),
        headlines=HEADLINES,
        form=form,
    )


@bp.form(
    "/families/<ref:family>/plan/templates",
    policy=Policy(P.PLAN_EDIT, Family),
    form=ask.starter_form,
    page=templates_page,
    keeps_draft=True,
)
def templates(family: Family, viewer: Viewer, form: ask.StarterForm) -> Done:
    needs = change.begin_with(family, form.beginnings(), by=viewer)
    return Done(
        url_for("plans.plan", family=family), f"{counted(len(needs), '{need}', '{need:many}')} added to the {{plan}}"
    )
