"""Starting, the last part, the manager's agreement and sending."""

from flask import request
from wtforms import HiddenField

from portal.blueprints.drafts.asking import Needed, PartForm
from portal.domain.step_downs import StepDownState
from portal.domain.viewer import Viewer
from portal.domain.wording import MOVES
from portal.models.families import Family
from portal.models.handover import StepDown
from portal.web.errors import AlreadySaved
from portal.web.forms import DateField, LineField, PortalForm, Required, TextField, not_later_than_today

MIDDLE = 1000


class StartForm(PortalForm):
    pass


class StartFoundForm(PortalForm):
    look_up = HiddenField()


class VisitForm(PartForm):
    last_visit_on = DateField(
        "When is your last visit planned?",
        [Needed("Enter the date of the planned last visit")],
        called="The date of the last visit",
        description="Together with the {lead_professional} where you can. For example, 27 3 2025",
    )
    meeting_wishes = TextField(
        "What matters to the {family} for the {step_down_meeting}? (optional)",
        longest=MIDDLE,
        called="What matters for the meeting",
        description="A place or time that suits them, who should come or not come, an interpreter",
    )


class AgreeForm(PortalForm):
    edits = True
    rationale = TextField(
        "Why do you agree to this {step_down}?",
        [Required("Enter why you agree to this {step_down}")],
        longest=MIDDLE,
        called="Why you agree",
        description="One sentence is enough",
    )


class ToldForm(AgreeForm):
    """The same as told to the social worker; only where the installation is set so."""

    agreed_by_name = LineField(
        "Which {social_care_manager} agreed?",
        [Required("Enter who agreed")],
        called="Who agreed",
        longest=200,
    )
    agreed_on = DateField(
        "When did they agree?",
        [Required("Enter the date they agreed"), not_later_than_today],
        called="The date they agreed",
    )
    rationale = TextField(
        "Why do they agree to this {step_down}?",
        [Required("Enter why they agree to this {step_down}")],
        longest=MIDDLE,
        called="Why they agree",
        description="In their words. One sentence is enough",
    )


class OverrideForm(PortalForm):
    edits = True
    protection_override = TextField(
        "Why do these children go straight from a child protection plan to {early_help}?",
        [Required("Enter why these children go straight to {early_help}")],
        longest=MIDDLE,
        called="The reason",
    )


def override_form(step_down: StepDown, _viewer: Viewer) -> OverrideForm:
    return OverrideForm(version=str(step_down.version), protection_override=step_down.protection_override)


class SendForm(PortalForm):
    edits = True


def start_form(_family: Family, _viewer: Viewer) -> StartForm:
    return StartForm()


def start_found_form(_viewer: Viewer) -> StartFoundForm:
    return StartFoundForm()


def visit_form(step_down: StepDown) -> VisitForm:
    return VisitForm(
        version=str(step_down.version),
        last_visit_on=step_down.last_visit_on,
        meeting_wishes=step_down.meeting_wishes,
    )


def agree_form(step_down: StepDown, _viewer: Viewer) -> AgreeForm:
    return AgreeForm(version=str(step_down.version))


def told_form(step_down: StepDown, _viewer: Viewer) -> ToldForm:
    return ToldForm(version=str(step_down.version))


def send_form(step_down: StepDown, _viewer: Viewer) -> SendForm:
    return SendForm(version=str(step_down.version))


def open_while_draft(step_down: StepDown) -> None:
    """A page of a step-down that was sent does not open any more. What somebody still sends from one opened before
    is refused on a page that gives it back."""
    if step_down.state is not StepDownState.DRAFT and request.method == "GET":
        raise AlreadySaved(MOVES["step_down", "edit"].refusal, f"/step-downs/{step_down.ref}")
