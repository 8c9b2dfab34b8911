"""Support suggested to a family found by looking it up: no step-down is needed, and the record is not opened."""

from flask import url_for

from portal.blueprints.support import bp
from portal.blueprints.support.forms import SEND, FoundAndSentForm, FoundForm, found_form
from portal.blueprints.support.shown import services_shown, which_service
from portal.core import clock
from portal.core.errors import Refused
from portal.domain.dates import near
from portal.domain.permissions import P
from portal.domain.support import HowGiven
from portal.domain.viewer import Viewer
from portal.queries import support as read
from portal.queries.suggested import reaches
from portal.services import suggesting as change
from portal.web.gate import shows
from portal.web.htmx import wants_a_piece
from portal.web.pages import Done, render
from portal.web.policy import Policy
from portal.web.refs import number_in


def found_page(_viewer: Viewer, form: FoundForm) -> str:
    if wants_a_piece():
        return which_service(form)
    return render("support/found.html", form=form, **services_shown(form))


@bp.form("/suggested/new", policy=Policy(P.REFERRAL_SUGGEST), form=found_form, page=found_page)
def suggest_to_found(viewer: Viewer, form: FoundForm) -> Done:
    number = number_in(form.look_up.data)
    if not number:
        raise Refused("Look the {family} up first.")
    service = form.said("service")
    referral, check = change.signpost_found(
        number,
        by=viewer,
        service_id=int(service) if service else None,
        service_name=form.said("service_name"),
        service_organisation=form.said("service_organisation"),
        service_phone=form.said("service_phone"),
        need_text=form.need_text.data,
        given_on=form.given_on.data,
        how_given=HowGiven(form.how_given.data),
        person_text=form.said("person_text"),
        label=form.label.data,
        sent=form.sent if isinstance(form, FoundAndSentForm) else None,
    )
    shows(referral.family_id, referral.ref)
    who, due = read.asks_next(check), near(check.due_on, clock.today())
    recorded = f"Recorded for F-{referral.family_id}, {referral.ref}"
    if referral.sent_on:
        words = f"{recorded}, as sent to the service. {who} asks by {due} whether it has been in touch"
    elif form.then.data != SEND:
        words = f"{recorded}. {who} asks by {due} whether it started"
    elif reaches(referral.family_id):
        return Done(url_for("support.send", referral=referral), "Recorded. Now say what the service is sent")
    else:
        words = f"{recorded}. It is not sent yet: you do not reach this {{family}}, so ask {who} to send it"
    return Done(url_for("look_up.suggested"), words)
