"""One's own actions, an action, and its update."""

from flask import g, url_for

from portal.blueprints.actions import bp
from portal.blueprints.actions.forms import AgreeForm, UpdateForm, agree_form, goes_on, update_form
from portal.domain.permissions import P
from portal.domain.viewer import Viewer
from portal.domain.wording import MOVES
from portal.models.teamwork import PlanAction
from portal.queries import actions as read
from portal.queries import history, leads
from portal.services import actions as change
from portal.web.gate import listed
from portal.web.pages import Done, render
from portal.web.policy import Policy


@bp.get("/my-actions", policy=Policy(P.ACTION_LIST))
def mine(viewer: Viewer) -> str:
    found, asked = read.mine(viewer), leads.asked_of(viewer)
    listed(found.count + len(asked))
    return render("actions/mine.html", actions=found, asked=asked)


def action_page(action: PlanAction, viewer: Viewer, form: AgreeForm) -> str:
    return render(
        "actions/one.html",
        action=read.one(action),
        thing=action,
        form=form,
        next_ref=read.next_of(viewer, action),
        history=history.of_subject(action.family_id, action.ref, g.words),
    )


@bp.get("/actions/<ref:action>", policy=Policy(P.ACTION_VIEW, PlanAction))
def one(action: PlanAction, viewer: Viewer) -> str:
    return action_page(action, viewer, agree_form(action, viewer))


def update_page(action: PlanAction, viewer: Viewer, form: UpdateForm) -> str:
    return render("actions/update.html", action=read.one(action), form=form, next_ref=read.next_of(viewer, action))


@bp.form("/actions/<ref:action>/update", policy=Policy(P.ACTION_UPDATE, PlanAction), form=update_form, page=update_page)
def update(action: PlanAction, viewer: Viewer, form: UpdateForm) -> Done:
    if goes_on():
        change.go_on(action, by=viewer, note=form.note.data)
    else:
        change.do(action, by=viewer, note=form.note.data, done_on=form.done_on.data)
    words = MOVES["action", "start" if goes_on() else "do"].confirmation
    return Done(
        url_for("actions.one", action=action),
        f"{action.ref}: {words}",
        block=lambda: render("actions/_updated.html", action=read.one(action), next_ref=read.next_of(viewer, action)),
    )


@bp.form(
    "/actions/<ref:action>/agree",
    policy=Policy(P.ACTION_AGREE, PlanAction),
    form=agree_form,
    page=action_page,
    shown=False,
)
def agree(action: PlanAction, viewer: Viewer, _form: AgreeForm) -> Done:
    change.agree(action, read.one(action).owner, by=viewer)
    return Done(url_for("actions.one", action=action), f"{action.ref}: {MOVES['action', 'agree'].confirmation}")
