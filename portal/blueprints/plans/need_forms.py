"""What is asked when a need ends, or is opened again."""

from portal.blueprints.plans.offering import AS_IF_READ
from portal.domain.viewer import Viewer
from portal.models.teamwork import PlanNeed
from portal.web.forms import LineField, PortalForm, Required, TextField

LONGEST = 500


class MetForm(PortalForm):
    edits = True
    met_reason = TextField(
        "What is different now?",
        validators=[Required("Enter what is different now")],
        longest=LONGEST,
        called="What is different now",
        description="In the family’s own words, if you can.",
    )


def met_form(need: PlanNeed, _viewer: Viewer) -> MetForm:
    return MetForm(version=str(need.version), met_reason=need.met_reason)


class PassedOnForm(PortalForm):
    edits = True
    told_by_history = True
    transferred_to = LineField(
        "To whom was it passed on?",
        validators=[Required("Enter to whom it was passed on")],
        called="To whom it was passed on",
        description="Somebody by name, and their service",
    )
    note = TextField(
        "What was agreed with them and with the family? (optional)",
        longest=LONGEST,
        called="What was agreed",
        description=AS_IF_READ,
    )


def passed_on_form(need: PlanNeed, _viewer: Viewer) -> PassedOnForm:
    return PassedOnForm(version=str(need.version), transferred_to=need.transferred_to)


class NotMetForm(PortalForm):
    edits = True
    not_met_reason = TextField(
        "What could not be provided, and who knows?",
        validators=[Required("Enter what could not be provided, and who knows")],
        longest=LONGEST,
        called="What could not be provided",
        description=AS_IF_READ,
    )


def not_met_form(need: PlanNeed, _viewer: Viewer) -> NotMetForm:
    return NotMetForm(version=str(need.version), not_met_reason=need.not_met_reason)


class ReopenForm(PortalForm):
    edits = True
    told_by_history = True
    reason = TextField(
        "Why is it open again?",
        validators=[Required("Enter why it is open again")],
        longest=LONGEST,
        called="The reason",
        description=AS_IF_READ,
    )


def reopen_form(need: PlanNeed, _viewer: Viewer) -> ReopenForm:
    return ReopenForm(version=str(need.version))
