"""The list of step-downs, one of them, and what is answered: accepted, or not accepted."""

from flask import g, redirect, url_for
from flask.typing import ResponseReturnValue

from portal.blueprints.step_downs import bp
from portal.blueprints.step_downs.forms import (
    AcceptForm,
    DeclineForm,
    accept_form,
    decline_form,
)
from portal.domain.permissions import P
from portal.domain.step_downs import DeclineCode, StepDownState
from portal.domain.viewer import Viewer
from portal.domain.wording import MOVES
from portal.models.handover import StepDown
from portal.queries import handover, leavers, own_checks
from portal.queries import step_downs as read
from portal.services import step_downs as change
from portal.web.gate import listed
from portal.web.navigation import begins_here
from portal.web.pages import Done, phrase, print_line, render
from portal.web.policy import Policy


@bp.get("/step-downs", policy=Policy(P.STEP_DOWN_LIST), endpoint="listed")
def every(viewer: Viewer) -> str:
    found = read.of_viewer(viewer)
    checks = own_checks.due_by_today(viewer) if begins_here(viewer) else own_checks.NONE
    listed(found.count + len(checks.rows))
    return render("step_downs/list.html", found=found, checks=checks, leavers=leavers.of_social_work(viewer))


@bp.get("/step-downs/<ref:step_down>", policy=Policy(P.STEP_DOWN_VIEW, StepDown))
def one(step_down: StepDown, viewer: Viewer) -> ResponseReturnValue:
    if step_down.state is StepDownState.DRAFT:
        return redirect(f"/step-downs/{step_down.ref}/edit", 303)
    found = handover.of(step_down, viewer, g.words)
    return render(
        "step_downs/one.html", shown=found, thing=step_down, print_line=print_line(step_down.ref, found.header.ref)
    )


def accept_page(step_down: StepDown, viewer: Viewer, form: AcceptForm) -> str:
    if form.conflict and step_down.state is not StepDownState.ACCEPTED and (said := handover.answered(step_down)):
        # Nothing is left to compare: who was to lead no longer matters.
        form.refusal, form.conflict = phrase(said), None
    return render("step_downs/accept.html", shown=handover.of(step_down, viewer, g.words), thing=step_down, form=form)


@bp.form(
    "/step-downs/<ref:step_down>/accept",
    policy=Policy(P.STEP_DOWN_ANSWER, StepDown),
    form=accept_form,
    page=accept_page,
)
def accept(step_down: StepDown, viewer: Viewer, form: AcceptForm) -> Done:
    change.accept(step_down, int(form.lead.data) if form.meant.asks else None, by=viewer)
    return Done(url_for("step_downs.one", step_down=step_down), MOVES["step_down", "accept"].confirmation)


def decline_page(step_down: StepDown, viewer: Viewer, form: DeclineForm) -> str:
    return render("step_downs/decline.html", shown=handover.of(step_down, viewer, g.words), thing=step_down, form=form)


@bp.form(
    "/step-downs/<ref:step_down>/decline",
    policy=Policy(P.STEP_DOWN_ANSWER, StepDown),
    form=decline_form,
    page=decline_page,
    keeps_draft=True,
)
def decline(step_down: StepDown, viewer: Viewer, form: DeclineForm) -> Done:
    change.decline(step_down, DeclineCode(form.decline_code.data), form.decline_reason.data or "", by=viewer)
    return Done(url_for("step_downs.one", step_down=step_down), MOVES["step_down", "decline"].confirmation)
