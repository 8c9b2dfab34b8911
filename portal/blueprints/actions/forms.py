"""The update of an action: one note, and what became of it."""

from portal.domain.viewer import Viewer
from portal.models.teamwork import PlanAction
from portal.web.forms import PortalForm, TextField


class UpdateForm(PortalForm):
    edits = True
    note = TextField(
        "Note (optional when it is done)",
        called="Note",
        description="Write it as if the family will read it. They can ask to.",
    )


class AgreeForm(PortalForm):
    edits = True


def update_form(action: PlanAction, _viewer: Viewer) -> UpdateForm:
    return UpdateForm(version=str(action.version))


def agree_form(action: PlanAction, _viewer: Viewer) -> AgreeForm:
    return AgreeForm(version=str(action.version))
