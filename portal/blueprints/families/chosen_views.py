"""Families that are ticked in the list: marked as seen or not seen, and printed."""

from flask import g, request, url_for

from portal.blueprints.families import bp
from portal.domain.dates import counted
from portal.domain.permissions import P
from portal.domain.viewer import Viewer
from portal.models.record import AuditKind
from portal.queries import chosen, worklist
from portal.services import seen as change
from portal.web.chosen import ChosenForm, back_to
from portal.web.gate import listed
from portal.web.pages import Answer, Done, phrase, print_line, render
from portal.web.policy import Policy


def chosen_form(_viewer: Viewer) -> ChosenForm:
    return ChosenForm()


def nothing_done_page(_viewer: Viewer, form: ChosenForm) -> str:
    return render("families/nothing_done.html", form=form, href=form.came_from)


@bp.form("/families/seen", policy=Policy(P.HOME), form=chosen_form, page=nothing_done_page, shown=False)
def seen(viewer: Viewer, form: ChosenForm) -> Done:
    number, click = change.mark_chosen(chosen.families(form.refs), by=viewer, until=form.moment)
    listed(number, AuditKind.CHANGE)
    return _marked(form, number, "marked as seen", click)


@bp.form("/families/not-seen", policy=Policy(P.HOME), form=chosen_form, page=nothing_done_page, shown=False)
def not_seen(viewer: Viewer, form: ChosenForm) -> Done:
    number, click = change.unmark_chosen(chosen.families(form.refs), by=viewer)
    listed(number, AuditKind.CHANGE)
    return _marked(form, number, "marked as not seen", click)


def _marked(form: ChosenForm, number: int, words: str, click: str) -> Done:
    back = form.came_from
    undo = url_for("families.undo_seen", click=click, back=back)
    return Done(back, f"{counted(number, 'family', 'families')} {words}", undo_at=undo)


def not_undone_page(_viewer: Viewer, form: ChosenForm) -> str:
    return render("families/nothing_done.html", form=form, href=back_to(request.args.get("back")))


@bp.form("/families/seen/undo", policy=Policy(P.HOME), form=chosen_form, page=not_undone_page, shown=False)
def undo_seen(viewer: Viewer, _form: ChosenForm) -> Done:
    number = change.undo(request.args.get("click", ""), by=viewer)
    return Done(back_to(request.args.get("back")), f"Undone for {counted(number, 'family', 'families')}")


@bp.form("/families/print", policy=Policy(P.FAMILY_LIST), form=chosen_form, page=nothing_done_page, shown=False)
def print_chosen(viewer: Viewer, form: ChosenForm) -> Answer:
    lines = worklist.lines_of(chosen.families(form.refs), viewer, g.words)
    listed(len(lines), AuditKind.PRINT)
    return Answer(
        lambda: render(
            "families/printed.html", lines=lines, print_line=print_line(phrase("{Family:many}")), href=form.came_from
        )
    )
