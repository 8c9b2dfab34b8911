"""One's own actions, an action, and every move of it."""

from collections.abc import Callable

from flask import g, url_for

from portal.blueprints.actions import bp
from portal.blueprints.actions import forms as ask
from portal.blueprints.actions.forms import Outcome, Why
from portal.domain.permissions import P
from portal.domain.plans import FamilyAgrees
from portal.domain.support import Source
from portal.domain.viewer import Viewer
from portal.domain.wording import MOVES
from portal.models.record import Event
from portal.models.teamwork import PlanAction
from portal.queries import actions as read
from portal.queries import agreements, covers, history, leads, received, reminders, social_work, undoable
from portal.services import actions as change
from portal.services import passing_on
from portal.web import form_drafts
from portal.web.gate import listed
from portal.web.htmx import wants_a_piece
from portal.web.pages import Done, can, render
from portal.web.policy import Policy


@bp.get("/my-actions", policy=Policy(P.ACTION_LIST))
def mine(viewer: Viewer) -> str:
    found, asked, held = read.mine(viewer), leads.asked_of(viewer), social_work.held_by(viewer)
    listed(found.count + len(asked) + len(held))
    return render(
        "actions/mine.html",
        actions=found,
        asked=asked,
        held=held,
        undoable=undoable.of_viewer(viewer),
        closures=covers.asked_of(viewer),
        agreement=agreements.of_lead(viewer),
        sent_to_us=received.waiting_words(viewer),
    )


def action_page(action: PlanAction, viewer: Viewer, form: ask.AgreeForm) -> str:
    return render(
        "actions/one.html",
        action=read.one(action),
        thing=action,
        form=form,
        undoable=undoable.of_action(action, viewer),
        reminder=reminders.of([action.ref], viewer).get(action.ref),
        next_ref=read.next_of(viewer, action),
        history=history.of_subject(action.family_id, action.ref, g.words),
    )


@bp.get("/actions/<ref:action>", policy=Policy(P.ACTION_VIEW, PlanAction))
def one(action: PlanAction, viewer: Viewer) -> str:
    if not can(P.ACTION_AGREE, action):
        return action_page(action, viewer, ask.agree_form(action, viewer))
    return action_page(action, viewer, form_drafts.offer("actions.agree", ask.agree_form, (action, viewer)))


def update_page(action: PlanAction, viewer: Viewer, form: ask.UpdateForm) -> str:
    return render("actions/update.html", action=read.one(action), form=form, next_ref=read.next_of(viewer, action))


@bp.form(
    "/actions/<ref:action>/update",
    policy=Policy(P.ACTION_UPDATE, PlanAction),
    form=ask.update_form,
    page=update_page,
    keeps_draft=True,
)
def update(action: PlanAction, viewer: Viewer, form: ask.UpdateForm) -> Done:
    event, words = _update(action, viewer, form)
    return _done(
        action,
        event,
        words,
        block=lambda: render(
            "actions/_updated.html",
            action=read.one(action),
            next_ref=read.next_of(viewer, action),
            undo=event.ref,
        ),
    )


def _update(action: PlanAction, viewer: Viewer, form: ask.UpdateForm) -> tuple[Event, str]:
    note, told = form.note.data or "", form.told()
    match ask.outcome():
        case Outcome.AGREED:
            event = change.agree(action, read.owner_of(action), by=viewer, told=told, note=note)
            return event, MOVES["action", "agree"].confirmation
        case Outcome.IN_PROGRESS:
            return change.go_on(action, by=viewer, note=note, told=told), MOVES["action", "start"].confirmation
        case Outcome.CANNOT if form.why.data == Why.HAND_BACK:
            return change.hand_back(action, note, by=viewer, told=told), MOVES["action", "hand_back"].confirmation
        case Outcome.CANNOT:
            event = change.block(
                action,
                in_the_way=note,
                waiting_on=form.waiting_on.data or "",
                review_on=form.review_on.data,
                by=viewer,
                told=told,
            )
            return event, MOVES["action", "block"].confirmation
    event = change.do(action, by=viewer, note=note, done_on=form.done_on.data, told=told)
    return event, MOVES["action", "do"].confirmation


@bp.form(
    "/actions/<ref:action>/agree",
    policy=Policy(P.ACTION_AGREE, PlanAction),
    form=ask.agree_form,
    page=action_page,
    shown=False,
    offered=True,
)
def agree(action: PlanAction, viewer: Viewer, form: ask.AgreeForm) -> Done:
    event = change.agree(action, read.one(action).owner, by=viewer, told=form.told())
    return _done(action, event, MOVES["action", "agree"].confirmation)


def verify_page(action: PlanAction, _viewer: Viewer, form: ask.VerifyForm) -> str:
    return render("actions/verify.html", action=read.one(action), form=form)


@bp.form(
    "/actions/<ref:action>/check",
    policy=Policy(P.ACTION_VERIFY, PlanAction, moves=("verify",)),
    form=ask.verify_form,
    page=verify_page,
    keeps_draft=True,
)
def verify(action: PlanAction, viewer: Viewer, form: ask.VerifyForm) -> Done:
    event = change.verify(action, form.what_changed.data or "", source=Source(form.source.data), by=viewer)
    return _done(action, event, MOVES["action", "verify"].confirmation)


def reopen_page(action: PlanAction, _viewer: Viewer, form: ask.ReopenForm) -> str:
    return render("actions/reopen.html", action=read.one(action), form=form)


@bp.form(
    "/actions/<ref:action>/reopen",
    policy=Policy(P.ACTION_REOPEN, PlanAction, moves=("reopen",)),
    form=ask.reopen_form,
    page=reopen_page,
    keeps_draft=True,
)
def reopen(action: PlanAction, viewer: Viewer, form: ask.ReopenForm) -> Done:
    event = change.reopen(action, form.reason.data or "", by=viewer)
    return _done(action, event, MOVES["action", "reopen"].confirmation)


def drop_page(action: PlanAction, _viewer: Viewer, form: ask.DropForm) -> str:
    return render("actions/drop.html", action=read.one(action), form=form)


@bp.form(
    "/actions/<ref:action>/drop",
    policy=Policy(P.ACTION_DROP, PlanAction, moves=("drop",)),
    form=ask.drop_form,
    page=drop_page,
    keeps_draft=True,
)
def drop(action: PlanAction, viewer: Viewer, form: ask.DropForm) -> Done:
    agrees = FamilyAgrees(form.family_agreed.data)
    event = change.drop(action, form.dropped_reason.data or "", family_agreed=agrees, by=viewer)
    return _done(action, event, MOVES["action", "drop"].confirmation)


def due_page(action: PlanAction, _viewer: Viewer, form: ask.MoveDueForm) -> str:
    """The whole page, or where a list asks for it in place the form alone."""
    return render("actions/_due.html" if wants_a_piece() else "actions/due.html", action=read.one(action), form=form)


@bp.form(
    "/actions/<ref:action>/due",
    policy=Policy(P.ACTION_MOVE, PlanAction, moves=("move_due",)),
    form=ask.move_due_form,
    page=due_page,
)
def move_due(action: PlanAction, viewer: Viewer, form: ask.MoveDueForm) -> Done:
    event = change.move_due(action, form.working_day, form.reason.data or "", by=viewer)
    return _done(
        action,
        event,
        f"{MOVES['action', 'move_due'].confirmation}, due {form.meant}",
        block=_piece("due", action, event),
    )


def owner_page(action: PlanAction, _viewer: Viewer, form: ask.OwnerForm) -> str:
    return render(
        "actions/_owner.html" if wants_a_piece() else "actions/owner.html", action=read.one(action), form=form
    )


@bp.form(
    "/actions/<ref:action>/owner",
    policy=Policy(P.ACTION_MOVE, PlanAction, moves=("pass_on", "pass_on_asked")),
    form=ask.owner_form,
    page=owner_page,
)
def pass_on(action: PlanAction, viewer: Viewer, form: ask.OwnerForm) -> Done:
    event = passing_on.pass_on(action, form.who.data, form.reason.data or "", by=viewer)
    return _done(action, event, MOVES["action", "pass_on"].confirmation, block=_piece("owner", action, event))


def _piece(part: str, action: PlanAction, event: Event) -> Callable[[], str]:
    """What stands in a list again once its form was saved in place."""
    return lambda: render("actions/_saved_in_place.html", part=part, action=read.one(action), undo=event.ref)


def _done(action: PlanAction, event: Event, words: str, block: Callable[[], str] | None = None) -> Done:
    return Done(url_for("actions.one", action=action), f"{action.ref}: {words}", block=block, undo=event)
