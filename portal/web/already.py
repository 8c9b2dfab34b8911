"""What is asked about early help that goes on already; of a new family, and of one that is here."""

from typing import Any

from portal.domain.viewer import Viewer
from portal.queries.already_helped import Asked
from portal.services.already_helped import Known
from portal.web.forms import DateField, PickField, SelectChoice, not_later_than_today

NEEDED = "Choose {coordinator:a}"


def started_on() -> DateField:
    return DateField(
        "When did {early_help} start?",
        [not_later_than_today],
        called="Date early help started",
        description="Leave it empty if it is not known",
    )


def lead() -> PickField:
    return PickField(
        "Who is the {lead_professional}?",
        description="They lead already, so they are told and not asked. Leave it if nobody does, or it is not known",
    )


def next_review_on() -> DateField:
    return DateField(
        "When does the team next review?",
        called="Date of the next review",
        description="Leave it empty if it is not known",
    )


def offer(form: Any, meant: Asked) -> None:
    """Fill in who can be chosen."""
    form.lead.choices = [
        SelectChoice("", "Nobody, or not known"),
        *(SelectChoice(each.value, each.words) for each in meant.candidates),
    ]
    form.coordinator.choices = [
        SelectChoice("", "Choose a person"),
        *(SelectChoice(str(user_id), name) for user_id, name in meant.coordinators),
    ]


def myself(meant: Asked, viewer: Viewer) -> str | None:
    """Whoever writes it, where they are a coordinator: offered as the family's."""
    return next((str(user_id) for user_id, _ in meant.coordinators if user_id == viewer.user_id), None)


def known(form: Any) -> Known:
    return Known(form.started_on.data, form.next_review_on.data)


def lead_id(form: Any) -> int | None:
    return int(form.lead.data) if form.lead.data else None
