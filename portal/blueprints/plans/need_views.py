"""How a need ends: met, passed on, could not be met; and that it is open again."""

from portal.blueprints.plans import bp
from portal.blueprints.plans import need_forms as ask
from portal.domain.permissions import P
from portal.domain.viewer import Viewer
from portal.domain.wording import MOVES
from portal.models.teamwork import PlanNeed
from portal.queries import plans as read
from portal.services import needs as change
from portal.web.forms import PortalForm
from portal.web.pages import Done, render
from portal.web.policy import Policy

TITLES = {
    "met": "{Need:a} that is met",
    "transfer": "{Need:a} that was passed on",
    "not_met": "{Need:a} that could not be met",
    "reopen": "{Need:a} that is open again",
}


def _page(need: PlanNeed, form: PortalForm, move: str) -> str:
    return render(
        "plans/need_end.html",
        need=read.one_need(need),
        form=form,
        title=TITLES[move],
        button=MOVES["need", move].button,
        reopens=move == "reopen",
    )


def _done(need: PlanNeed, move: str) -> Done:
    return Done(f"/families/F-{need.family_id}/plan", f"{need.ref}: {MOVES['need', move].confirmation}")


def met_page(need: PlanNeed, _viewer: Viewer, form: ask.MetForm) -> str:
    return _page(need, form, "met")


@bp.form(
    "/needs/<ref:need>/met",
    policy=Policy(P.NEED_END, PlanNeed, moves=("met",)),
    form=ask.met_form,
    page=met_page,
    keeps_draft=True,
)
def met(need: PlanNeed, viewer: Viewer, form: ask.MetForm) -> Done:
    change.met(need, form.met_reason.data or "", by=viewer)
    return _done(need, "met")


def passed_on_page(need: PlanNeed, _viewer: Viewer, form: ask.PassedOnForm) -> str:
    return _page(need, form, "transfer")


@bp.form(
    "/needs/<ref:need>/passed-on",
    policy=Policy(P.NEED_END, PlanNeed, moves=("transfer",)),
    form=ask.passed_on_form,
    page=passed_on_page,
    keeps_draft=True,
)
def passed_on(need: PlanNeed, viewer: Viewer, form: ask.PassedOnForm) -> Done:
    change.pass_on(need, form.transferred_to.data or "", note=form.note.data, by=viewer)
    return _done(need, "transfer")


def not_met_page(need: PlanNeed, _viewer: Viewer, form: ask.NotMetForm) -> str:
    return _page(need, form, "not_met")


@bp.form(
    "/needs/<ref:need>/not-met",
    policy=Policy(P.NEED_NOT_MET, PlanNeed, moves=("not_met",)),
    form=ask.not_met_form,
    page=not_met_page,
    keeps_draft=True,
)
def not_met(need: PlanNeed, viewer: Viewer, form: ask.NotMetForm) -> Done:
    change.could_not_meet(need, form.not_met_reason.data or "", by=viewer)
    return _done(need, "not_met")


def reopen_page(need: PlanNeed, _viewer: Viewer, form: ask.ReopenForm) -> str:
    return _page(need, form, "reopen")


@bp.form(
    "/needs/<ref:need>/reopen",
    policy=Policy(P.NEED_NOT_MET, PlanNeed, moves=("reopen",)),
    form=ask.reopen_form,
    page=reopen_page,
    keeps_draft=True,
)
def reopen(need: PlanNeed, viewer: Viewer, form: ask.ReopenForm) -> Done:
    change.reopen(need, form.reason.data or "", by=viewer)
    return _done(need, "reopen")
