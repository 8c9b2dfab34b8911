"""Reminders that somebody sends to whom things wait on, and takes back."""

from flask import request, url_for

from portal.blueprints.reminders import bp
from portal.blueprints.reminders.forms import back_form, reminders_form
from portal.domain.dates import counted
from portal.domain.permissions import P
from portal.domain.viewer import Viewer
from portal.models.families import Family
from portal.models.record import AuditKind, Event
from portal.services import reminders as change
from portal.web.chosen import ChosenForm, back_to
from portal.web.forms import PortalForm
from portal.web.gate import listed
from portal.web.lately import sent_reminders
from portal.web.pages import Done, render
from portal.web.policy import Policy


def not_sent_page(_viewer: Viewer, form: ChosenForm) -> str:
    return render("reminders/not_sent.html", form=form, href=form.came_from)


# Of what each may be reminded is asked thing by thing.
@bp.form("/reminders", policy=Policy(P.ACTION_LIST), form=reminders_form, page=not_sent_page, shown=False)
def send(viewer: Viewer, form: ChosenForm) -> Done:
    sent = change.send(form.refs, by=viewer)
    listed(len(sent.events), AuditKind.CHANGE)
    sent_reminders()
    back = form.came_from
    return Done(back, sent.words, undo_at=url_for("reminders.take_back", event=sent.events[0], back=back))


def not_taken_back_page(event: Event, _viewer: Viewer, form: PortalForm) -> str:
    href = url_for("families.past", family=f"{Family.ref_prefix}-{event.family_id}")
    return render("reminders/not_taken_back.html", form=form, href=href)


@bp.form(
    "/reminders/<ref:event>/undo",
    policy=Policy(P.UNDO, Event),
    form=back_form,
    page=not_taken_back_page,
    shown=False,
)
def take_back(event: Event, viewer: Viewer, _form: PortalForm) -> Done:
    number = change.take_back(event, by=viewer)
    words = f"{counted(number, 'reminder', 'reminders')} taken back. Nobody is told"
    return Done(back_to(request.args.get("back")), words)
