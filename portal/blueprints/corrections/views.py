"""Put a line of history right: the line stays, and a further one names it."""

from flask import g

from portal.blueprints.corrections import bp
from portal.domain.permissions import P
from portal.domain.viewer import Viewer
from portal.models.families import Family
from portal.models.record import Event
from portal.queries import history
from portal.services import corrections as change
from portal.web.forms import PortalForm, Required, TextField
from portal.web.pages import Done, render
from portal.web.policy import Policy


class CorrectionForm(PortalForm):
    text = TextField(
        "What is right?",
        [Required("Enter what is right")],
        called="What is right",
        description="Write it as if the family will read it. They can ask to.",
    )


def correction_form(_event: Event, _viewer: Viewer) -> CorrectionForm:
    return CorrectionForm()


def correction_page(event: Event, _viewer: Viewer, form: CorrectionForm) -> str:
    family = f"{Family.ref_prefix}-{event.family_id}"
    return render("corrections/correct.html", family_ref=family, line=history.one(event, g.words), form=form)


@bp.form(
    "/events/<ref:event>/correct",
    policy=Policy(P.HISTORY_CORRECT, Event),
    form=correction_form,
    page=correction_page,
    keeps_draft=True,
)
def correct(event: Event, viewer: Viewer, form: CorrectionForm) -> Done:
    change.correct(event, form.text.data or "", by=viewer)
    return Done(f"/families/{Family.ref_prefix}-{event.family_id}/history", "Correction saved")
