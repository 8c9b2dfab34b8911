"""Something is done to several families that were ticked in the list, and taken back together."""

from flask import request, url_for

from portal.blueprints.together import bp
from portal.blueprints.together.forms import LeadForm, ReviewForm, chosen_form, lead_form, review_form, undo_form
from portal.domain.leads import EndCode
from portal.domain.permissions import P
from portal.domain.viewer import Viewer
from portal.models.record import AuditKind, Event
from portal.queries import chosen
from portal.services import together as change
from portal.services.together import Outcome
from portal.web.chosen import ChosenForm, back_to
from portal.web.forms import PortalForm
from portal.web.gate import listed
from portal.web.pages import Done, render
from portal.web.policy import Policy


def nothing_chosen_page(_viewer: Viewer, form: ChosenForm) -> str:
    return render("families/nothing_done.html", form=form, href=form.came_from)


@bp.form(
    "/families/lead/choose", policy=Policy(P.LEAD_NOMINATE), form=chosen_form, page=nothing_chosen_page, shown=False
)
def choose_lead(_viewer: Viewer, form: ChosenForm) -> Done:
    return _led_to("together.lead", form)


@bp.form(
    "/families/review/choose", policy=Policy(P.MEETING_ARRANGE), form=chosen_form, page=nothing_chosen_page, shown=False
)
def choose_review(_viewer: Viewer, form: ChosenForm) -> Done:
    return _led_to("together.review", form)


def _led_to(endpoint: str, form: ChosenForm) -> Done:
    families = chosen.families(form.refs)
    listed(len(families))
    return Done(url_for(endpoint, of=[family.ref for family in families], back=form.came_from), "")


def lead_page(_viewer: Viewer, form: LeadForm) -> str:
    listed(len(form.families))
    return render("together/lead.html", form=form, back=form.came_from)


@bp.form("/families/lead", policy=Policy(P.LEAD_NOMINATE), form=lead_form, page=lead_page)
def lead(viewer: Viewer, form: LeadForm) -> Done:
    code = EndCode(form.end_code.data) if "end_code" in form else None
    return _done(change.ask_to_lead(form.meant(), int(form.lead.data), code, by=viewer), form)


def review_page(_viewer: Viewer, form: ReviewForm) -> str:
    listed(len(form.families))
    return render("together/review.html", form=form, back=form.came_from)


@bp.form("/families/review", policy=Policy(P.MEETING_ARRANGE), form=review_form, page=review_page)
def review(viewer: Viewer, form: ReviewForm) -> Done:
    return _done(change.set_review(form.meant(), form.on.data, by=viewer), form)


def _done(outcome: Outcome, form: ChosenForm) -> Done:
    listed(outcome.number, AuditKind.CHANGE)
    back = form.came_from
    return Done(back, outcome.words, undo_at=url_for("together.undo", event=outcome.event.ref, back=back))


def not_undone_page(_event: Event, _viewer: Viewer, form: PortalForm) -> str:
    return render("families/nothing_done.html", form=form, href=back_to(request.args.get("back")))


@bp.form(
    "/families/together/<ref:event>/undo",
    policy=Policy(P.UNDO, Event),
    form=undo_form,
    page=not_undone_page,
    shown=False,
)
def undo(event: Event, viewer: Viewer, _form: PortalForm) -> Done:
    return Done(back_to(request.args.get("back")), change.take_back(event, by=viewer))
