"""What both managers decide together: a gate waived for a time, or how a step-down past its standard goes on."""

from flask import url_for

from portal.blueprints.step_downs import bp
from portal.blueprints.step_downs.together_forms import (
    Answer,
    AnswerForm,
    DecideForm,
    WaiveForm,
    answer_form,
    decide_form,
    waive_form,
)
from portal.domain.permissions import P
from portal.domain.viewer import Viewer
from portal.models.deciding import JointDecision
from portal.models.handover import StepDown
from portal.services import deciding as change
from portal.web.pages import Done, render
from portal.web.policy import Policy


def waive_page(_step_down: StepDown, _viewer: Viewer, form: WaiveForm) -> str:
    return render("step_downs/waive.html", shown=form.meant, form=form)


@bp.form(
    "/step-downs/<ref:step_down>/waive",
    policy=Policy(P.STEP_DOWN_DECIDE_TOGETHER, StepDown),
    form=waive_form,
    page=waive_page,
    keeps_draft=True,
)
def waive(step_down: StepDown, viewer: Viewer, form: WaiveForm) -> Done:
    return _proposed(step_down, viewer, form)


def decide_page(_step_down: StepDown, _viewer: Viewer, form: DecideForm) -> str:
    return render("step_downs/decide.html", shown=form.meant, form=form)


@bp.form(
    "/step-downs/<ref:step_down>/decide",
    policy=Policy(P.STEP_DOWN_DECIDE_TOGETHER, StepDown),
    form=decide_form,
    page=decide_page,
    keeps_draft=True,
)
def decide(step_down: StepDown, viewer: Viewer, form: DecideForm) -> Done:
    return _proposed(step_down, viewer, form)


def _proposed(step_down: StepDown, viewer: Viewer, form: WaiveForm) -> Done:
    decision = change.propose(step_down, form.proposal(), by=viewer)
    return Done(
        url_for("step_downs.one", step_down=step_down),
        f"{decision.ref} proposed. It holds once the other manager has agreed",
    )


def decision_page(_decision: JointDecision, _viewer: Viewer, form: AnswerForm) -> str:
    return render("step_downs/decision.html", shown=form.meant, form=form)


@bp.form(
    "/decisions/<ref:decision>",
    policy=Policy(P.DECISION_ANSWER, JointDecision),
    form=answer_form,
    page=decision_page,
    keeps_draft=True,
)
def decision(decision: JointDecision, viewer: Viewer, form: AnswerForm) -> Done:
    back = url_for("step_downs.one", step_down=form.meant.step_down_ref)
    if form.answer.data == Answer.AGREE:
        change.agree(decision, by=viewer)
        return Done(back, f"{decision.ref}: you decided this together")
    change.end(decision, form.said("ended_reason"), by=viewer)
    return Done(back, f"{decision.ref}: ended")
