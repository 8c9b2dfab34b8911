"""A step-down ends without early help: the family said no, or it stays with social care."""

from flask import g, url_for

from portal.blueprints.step_downs import bp
from portal.blueprints.step_downs.ending_forms import (
    AgreeStayForm,
    SaidNoForm,
    StayForm,
    agree_stay_form,
    said_no_form,
    stay_form,
)
from portal.domain.permissions import P
from portal.domain.step_downs import NoKind, StayNow
from portal.domain.viewer import Viewer
from portal.domain.wording import MOVES
from portal.models.handover import StepDown
from portal.queries import handover
from portal.services import step_down_ends as change
from portal.web.pages import Done, render
from portal.web.policy import Policy


def said_no_page(step_down: StepDown, viewer: Viewer, form: SaidNoForm) -> str:
    return render(
        "step_downs/family_said_no.html", shown=handover.of(step_down, viewer, g.words), thing=step_down, form=form
    )


@bp.form(
    "/step-downs/<ref:step_down>/family-said-no",
    policy=Policy(P.STEP_DOWN_SAID_NO, StepDown, moves=("family_says_no",)),
    form=said_no_form,
    page=said_no_page,
    keeps_draft=True,
)
def said_no(step_down: StepDown, viewer: Viewer, form: SaidNoForm) -> Done:
    person, watcher = form.said("person"), form.said("watcher")
    change.family_said_no(
        step_down,
        change.SaidNo(
            kind=NoKind(form.kind.data),
            words=form.words.data or "",
            way_back=form.way_back.data or "",
            person_id=int(person) if person else None,
            said_on=form.said("said_on"),
            offer_again_on=form.offer_again_on.data,
            watcher=change.Watcher(
                user_id=int(watcher) if watcher else None,
                name=form.said("watcher_name"),
                contact=form.said("watcher_contact") or None,
                told=form.said("watcher_told"),
            ),
        ),
        by=viewer,
    )
    return Done(url_for("step_downs.one", step_down=step_down), MOVES["step_down", "family_says_no"].confirmation)


def stay_page(step_down: StepDown, viewer: Viewer, form: StayForm) -> str:
    return render(
        "step_downs/stays_ask.html", shown=handover.of(step_down, viewer, g.words), thing=step_down, form=form
    )


@bp.form(
    "/step-downs/<ref:step_down>/stays-with-social-care",
    policy=Policy(P.STEP_DOWN_STAY_ASK, StepDown, moves=("ask_to_stay",)),
    form=stay_form,
    page=stay_page,
    keeps_draft=True,
)
def ask_to_stay(step_down: StepDown, viewer: Viewer, form: StayForm) -> Done:
    worker = form.said("worker")
    row = change.ask_to_stay(
        step_down,
        change.Staying(
            reason=form.why.data or "",
            what_now=StayNow(form.what_now.data),
            worker_id=int(worker) if worker else None,
            trigger=form.said("trigger"),
            contact_made=form.said("contact_made"),
        ),
        by=viewer,
    )
    walked = "stay_as_decided" if row.agreed else "ask_to_stay"
    return Done(url_for("step_downs.one", step_down=step_down), MOVES["step_down", walked].confirmation)


def agree_stay_page(step_down: StepDown, viewer: Viewer, form: AgreeStayForm) -> str:
    return render("step_downs/stays.html", shown=handover.of(step_down, viewer, g.words), thing=step_down, form=form)


@bp.form(
    "/step-downs/<ref:step_down>/stays",
    policy=Policy(P.STEP_DOWN_AGREE, StepDown),
    form=agree_stay_form,
    page=agree_stay_page,
    keeps_draft=True,
)
def agree_to_stay(step_down: StepDown, viewer: Viewer, form: AgreeStayForm) -> Done:
    agreed = form.agreed.data == "yes"
    answer = change.agree_to_stay if agreed else change.not_agreed_to_stay
    answer(step_down, form.words.data or "", by=viewer)
    words = MOVES["step_down", "stay" if agreed else "go_on"].confirmation
    return Done(url_for("step_downs.one", step_down=step_down), words)
