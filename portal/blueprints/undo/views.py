"""Taking back a change that was just made."""

from flask import url_for

from portal.blueprints.undo import bp
from portal.domain.permissions import P
from portal.domain.viewer import Viewer
from portal.models.families import Family
from portal.models.record import Event
from portal.models.teamwork import PlanAction
from portal.services import undo as change
from portal.web.forms import PortalForm
from portal.web.pages import Done, render
from portal.web.policy import Policy


def undo_form(_event: Event, _viewer: Viewer) -> PortalForm:
    return PortalForm()


def not_undone_page(event: Event, _viewer: Viewer, form: PortalForm) -> str:
    return render("undo/not_undone.html", form=form, subject=event.subject, href=_where(event))


@bp.form("/events/<ref:event>/undo", policy=Policy(P.UNDO, Event), form=undo_form, page=not_undone_page, shown=False)
def undo(event: Event, viewer: Viewer, _form: PortalForm) -> Done:
    change.undo(event, by=viewer)
    return Done(_where(event), f"{event.subject}: the change was undone")


def _where(event: Event) -> str:
    """The page of what was changed."""
    if event.subject.startswith(f"{PlanAction.ref_prefix}-"):
        return url_for("actions.one", action=event.subject)
    return url_for("families.overview", family=f"{Family.ref_prefix}-{event.family_id}")
