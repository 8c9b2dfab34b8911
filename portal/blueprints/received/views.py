"""What was sent to the viewer's own service: seen, and answered."""

from datetime import date
from typing import Any

from flask import url_for

from portal.blueprints.received import bp
from portal.blueprints.received.forms import AnswerForm, Told, answer_form, told
from portal.domain.permissions import P
from portal.domain.support import EndedHow, Helped
from portal.domain.viewer import Viewer
from portal.models.following import SharedReferral
from portal.queries import received as read
from portal.services import received as change
from portal.web.gate import listed
from portal.web.pages import Done, render
from portal.web.policy import Policy

SAID = {
    Told.RECEIVED: "Thank you. They know that you have it",
    Told.ACCEPTED: "Thank you. They know that you take them on",
    Told.WAITING: "Thank you. They know that there is a waiting list",
    Told.BOOKED: "Thank you. They know the first day",
    Told.STARTED: "Thank you. They know that it has started",
    Told.DECLINED: "Thank you. They know, and decide what happens now",
    Told.ENDED: "Thank you. They know that it has ended",
}


@bp.get("/received", policy=Policy(P.RECEIVED_LIST))
def all_of_them(viewer: Viewer) -> str:
    found = read.listing(viewer)
    listed(len(found.rows))
    return render("received/all.html", found=found, organisation=viewer.organisation)


def answer_page(shared: SharedReferral, viewer: Viewer, form: AnswerForm) -> str:
    found = read.one(shared, viewer)
    form.seen.data = found.version
    return render("received/one.html", one=found, form=form)


@bp.form(
    "/received/<ref:shared>",
    policy=Policy(P.REFERRAL_ANSWER, SharedReferral),
    form=answer_form,
    page=answer_page,
    keeps_draft=True,
)
def answer(shared: SharedReferral, viewer: Viewer, form: AnswerForm) -> Done:
    answered, after_all = told() or Told.RECEIVED, form.after_all.data
    change.demand_as_seen(shared, form.seen.data or "", by=viewer)
    match answered:
        case Told.RECEIVED:
            change.received(shared, by=viewer, after_all=after_all)
        case Told.ACCEPTED:
            change.accepted(shared, by=viewer, after_all=after_all)
        case Told.WAITING:
            day, interim = _day(form.expected_on), form.interim.data or ""
            change.waits(shared, by=viewer, expected_on=day, interim=interim, after_all=after_all)
        case Told.BOOKED:
            change.booked(shared, by=viewer, booked_for=_day(form.booked_for), after_all=after_all)
        case Told.STARTED:
            change.started(
                shared,
                by=viewer,
                started_on=_day(form.started_on),
                what=form.started_what.data or "",
                already_receiving=bool(form.already_receiving.data),
                date_is_right=bool(form.date_is_right.data),
            )
        case Told.DECLINED:
            change.declined(shared, by=viewer, why=form.why.data or "")
        case Told.ENDED:
            change.ended(
                shared,
                by=viewer,
                on=_day(form.last_on),
                how=EndedHow(form.ended_how.data),
                helped=Helped(form.helped.data),
                why=form.said("ended_why"),
            )
    return Done(url_for("received.all_of_them"), f"{shared.ref}: {SAID[answered]}")


def _day(field: Any) -> date:
    day: date = field.data
    return day
