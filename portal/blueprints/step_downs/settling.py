"""An outstanding action of a step-down, settled outside a meeting."""

from flask import g, url_for

from portal.blueprints.step_downs import bp
from portal.blueprints.step_downs.forms import Agreed, Outcome, SettleForm, Told, ToldForm, settle_form, told_form
from portal.domain.permissions import P
from portal.domain.viewer import Viewer
from portal.domain.wording import MOVES
from portal.models.handover import OutstandingAction
from portal.queries import agreement
from portal.services import outstanding as change
from portal.web.pages import Done, render
from portal.web.policy import Policy


def settle_page(outstanding: OutstandingAction, _viewer: Viewer, form: SettleForm) -> str:
    return render(
        "step_downs/settle.html",
        shown=form.meant,
        limits=agreement.limits(outstanding.family_id, g.words),
        form=form,
    )


@bp.form(
    "/outstanding/<ref:outstanding>",
    policy=Policy(P.OUTSTANDING_SETTLE, OutstandingAction),
    form=settle_form,
    page=settle_page,
)
def settle(outstanding: OutstandingAction, viewer: Viewer, form: SettleForm) -> Done:
    move = Outcome(form.outcome.data)
    match move:
        case Outcome.COMPLETE:
            change.complete(outstanding, form.said("evidence"), by=viewer)
        case Outcome.DROP:
            told = form.said("told") == Told.YES
            change.drop(outstanding, form.said("drop_reason"), by=viewer, family_told=told)
        case Outcome.CARRY if form.by is not None:
            change.hand_to(
                outstanding,
                owner_id=int(form.owner.data),
                due_on=form.by.on,
                agreed=form.said("agreed") == Agreed.YES,
                by=viewer,
            )
    words = MOVES["outstanding_action", move.value].confirmation
    return Done(url_for("step_downs.one", step_down=form.meant.step_down_ref), f"{outstanding.ref}: {words}")


def told_page(_outstanding: OutstandingAction, _viewer: Viewer, form: ToldForm) -> str:
    return render("step_downs/told.html", shown=form.meant, form=form)


@bp.form(
    "/outstanding/<ref:outstanding>/told",
    policy=Policy(P.OUTSTANDING_SETTLE, OutstandingAction),
    form=told_form,
    page=told_page,
)
def told(outstanding: OutstandingAction, viewer: Viewer, form: ToldForm) -> Done:
    change.tell_family(outstanding, form.told_on.data, by=viewer)
    return Done(
        url_for("step_downs.one", step_down=form.meant.step_down_ref),
        f"{outstanding.ref}: recorded that the {{family}} knows",
    )
