"""Sending a step-down back with a question, answering it, and what social work does after a decline."""

from flask import g, url_for

from portal.blueprints.step_downs import bp
from portal.blueprints.step_downs.returning_forms import (
    AnswerForm,
    AskForm,
    WhatNowForm,
    answer_form,
    ask_form,
    what_now_form,
)
from portal.core import clock
from portal.domain.permissions import P
from portal.domain.step_downs import DeclinedThen
from portal.domain.viewer import Viewer
from portal.domain.wording import MOVES
from portal.models.handover import StepDown
from portal.queries import handover
from portal.services import step_down_declines, step_down_questions
from portal.web.pages import Done, render
from portal.web.policy import Policy


def ask_page(step_down: StepDown, viewer: Viewer, form: AskForm) -> str:
    return render("step_downs/return.html", shown=handover.of(step_down, viewer, g.words), thing=step_down, form=form)


@bp.form(
    "/step-downs/<ref:step_down>/return",
    policy=Policy(P.STEP_DOWN_ANSWER, StepDown),
    form=ask_form,
    page=ask_page,
    keeps_draft=True,
)
def ask(step_down: StepDown, viewer: Viewer, form: AskForm) -> Done:
    step_down_questions.ask(
        step_down,
        form.question.data or "",
        of=int(form.asked_of.data),
        due_on=form.due_on.data or clock.today(),
        by=viewer,
    )
    return Done(url_for("step_downs.one", step_down=step_down), MOVES["step_down", "ask"].confirmation)


def answer_page(step_down: StepDown, viewer: Viewer, form: AnswerForm) -> str:
    return render("step_downs/answer.html", shown=handover.of(step_down, viewer, g.words), thing=step_down, form=form)


@bp.form(
    "/step-downs/<ref:step_down>/answer",
    policy=Policy(P.STEP_DOWN_REPLY, StepDown),
    form=answer_form,
    page=answer_page,
    keeps_draft=True,
)
def answer(step_down: StepDown, viewer: Viewer, form: AnswerForm) -> Done:
    step_down_questions.reply(step_down, form.answer.data or "", by=viewer)
    return Done(url_for("step_downs.one", step_down=step_down), MOVES["step_down", "reply"].confirmation)


def what_now_page(step_down: StepDown, viewer: Viewer, form: WhatNowForm) -> str:
    return render("step_downs/what_now.html", shown=handover.of(step_down, viewer, g.words), thing=step_down, form=form)


@bp.form(
    "/step-downs/<ref:step_down>/what-now",
    policy=Policy(P.STEP_DOWN_SETTLE_DECLINE, StepDown),
    form=what_now_form,
    page=what_now_page,
    keeps_draft=True,
)
def what_now(step_down: StepDown, viewer: Viewer, form: WhatNowForm) -> Done:
    then = DeclinedThen(form.declined_then.data)
    draft = step_down_declines.settle(step_down, then, form.declined_then_words.data or "", by=viewer)
    if draft is not None:
        words = f"{{Step_down}} {draft.ref} is a draft with everything that was written. Change what has to change"
        return Done(url_for("drafts.outline", step_down=draft), words)
    return Done(url_for("step_downs.one", step_down=step_down), MOVES["step_down", "settle_decline"].confirmation)
