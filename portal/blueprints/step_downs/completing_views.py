"""Confirming that a step-down is complete, for all of its children or some."""

from flask import url_for

from portal.blueprints.step_downs import bp
from portal.blueprints.step_downs.completing_form import CompleteForm, complete_form
from portal.domain.permissions import P
from portal.domain.viewer import Viewer
from portal.domain.wording import MOVES
from portal.models.handover import StepDown
from portal.services import completion as change
from portal.web.pages import Done, render
from portal.web.policy import Policy


def complete_page(_step_down: StepDown, _viewer: Viewer, form: CompleteForm) -> str:
    return render("step_downs/complete.html", shown=form.meant, form=form)


@bp.form(
    "/step-downs/<ref:step_down>/complete",
    policy=Policy(P.STEP_DOWN_COMPLETE, StepDown),
    form=complete_form,
    page=complete_page,
)
def complete(step_down: StepDown, viewer: Viewer, form: CompleteForm) -> Done:
    further = change.complete(
        step_down,
        by=viewer,
        family_told="family_told" in form and bool(form.family_told.data),
        children=form.chosen,
        instead=form.instead.data if "instead" in form else None,
    )
    words = MOVES["step_down", "complete"].confirmation
    if further is not None:
        words = f"{words}. The others go on in {further.ref}"
    return Done(url_for("step_downs.one", step_down=step_down), words)
