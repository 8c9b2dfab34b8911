"""The update of an action: one note, and what became of it."""

from typing import Any

from flask import request
from wtforms.validators import StopValidation

from portal.core import clock
from portal.domain.viewer import Viewer
from portal.models.teamwork import PlanAction
from portal.web.forms import DateField, PortalForm, Required, TextField, not_later_than_today

IN_PROGRESS = "in_progress"


def goes_on() -> bool:
    """Whether the button pressed says that it is still going on."""
    return request.form.get("outcome") == IN_PROGRESS


def _only_when_done(_form: PortalForm, field: Any) -> None:
    """What stands in the boxes of the date says nothing while it is still going on."""
    if goes_on():
        field.errors = []
        field.data = None
        raise StopValidation


class UpdateForm(PortalForm):
    edits = True
    told_by_history = True
    note = TextField(
        "Note",
        called="Note",
        description="You can leave it empty when it is done. Write it as if the family will read it. They can ask to.",
    )
    done_on = DateField(
        "When was it done?",
        validators=[_only_when_done, Required("Enter the date it was done"), not_later_than_today],
        called="The date it was done",
        default=clock.today,
    )


class AgreeForm(PortalForm):
    edits = True


def update_form(action: PlanAction, _viewer: Viewer) -> UpdateForm:
    return UpdateForm(version=str(action.version))


def agree_form(action: PlanAction, _viewer: Viewer) -> AgreeForm:
    return AgreeForm(version=str(action.version))
