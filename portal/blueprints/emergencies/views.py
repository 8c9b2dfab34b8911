"""The door for what cannot wait, and the manager's list of who went through it."""

from flask import request, url_for

from portal.blueprints.emergencies import bp
from portal.blueprints.emergencies.forms import (
    CloseForm,
    OpenForm,
    ReviewForm,
    close_form,
    open_form,
    review_form,
)
from portal.domain.dates import counted
from portal.domain.emergencies import Emergency
from portal.domain.identifiers import family_number
from portal.domain.permissions import P
from portal.domain.viewer import Viewer
from portal.models.families import Family
from portal.models.record import AuditKind
from portal.models.restricting import EmergencyOpening
from portal.queries import emergencies as read
from portal.services import emergencies as change
from portal.web import gate
from portal.web.pages import Done, render
from portal.web.policy import Policy

REVIEW = Policy(P.EMERGENCY_REVIEW, EmergencyOpening)


def open_page(viewer: Viewer, form: OpenForm) -> str:
    return render("emergencies/open.html", form=form, open=read.own_open(viewer))


@bp.form("/break-glass", policy=Policy(P.EMERGENCY_OPEN), form=open_form, page=open_page, endpoint="open")
def open_(viewer: Viewer, form: OpenForm) -> Done:
    """Each try is in the log, with the reference that was tried: what opens nothing as what was refused."""
    reference, number = form.reference.data or "", family_number(form.reference.data or "")
    gate.refused()
    gate.concerns(f"{Family.ref_prefix}-{number}" if number else "another reference")
    change.demand_pace(request.endpoint or "", viewer)
    found = change.open_(
        reference, Emergency(form.reason.data), form.why.data or "", int(form.hours.data or 0), by=viewer
    )
    there = f"/families/{found.ref}"
    if found.opening is None:
        gate.shows(found.family_id, found.ref, reason="In reach already")
        return Done(there, "You can open this {family} without that: nothing was opened")
    hours = counted(int(form.hours.data or 0), "hour", "hours")
    gate.shows(found.family_id, found.ref, kind=AuditKind.EMERGENCY, reason=form.reason.data)
    return Done(there, f"The {{family}} is open to you for {hours}, and the {{early_help_manager}} is told")


def close_page(opening: EmergencyOpening, viewer: Viewer, form: CloseForm) -> str:
    return render("emergencies/close.html", form=form, one=read.one(opening, viewer))


@bp.form(
    "/emergencies/<ref:opening>/close",
    policy=Policy(P.EMERGENCY_CLOSE, EmergencyOpening),
    form=close_form,
    page=close_page,
)
def close(opening: EmergencyOpening, viewer: Viewer, _form: CloseForm) -> Done:
    own = opening.user_id == viewer.user_id
    change.close(opening, by=viewer)
    return Done(url_for("emergencies.open") if own else url_for("emergencies.everywhere"), "Closed")


@bp.get("/emergencies", policy=Policy(P.EMERGENCY_REVIEW))
def everywhere(viewer: Viewer) -> str:
    found = read.everywhere(viewer)
    gate.listed(len(found))
    return render("emergencies/everywhere.html", found=found)


@bp.get("/emergencies/<ref:opening>", policy=REVIEW)
def one(opening: EmergencyOpening, viewer: Viewer) -> str:
    return render("emergencies/one.html", one=read.one(opening, viewer))


def review_page(opening: EmergencyOpening, viewer: Viewer, form: ReviewForm) -> str:
    return render("emergencies/review.html", form=form, one=read.one(opening, viewer))


@bp.form("/emergencies/<ref:opening>/review", policy=REVIEW, form=review_form, page=review_page, keeps_draft=True)
def review(opening: EmergencyOpening, viewer: Viewer, form: ReviewForm) -> Done:
    change.review(opening, form.review.data or "", by=viewer)
    return Done(url_for("emergencies.everywhere"), "Recorded what you found")
