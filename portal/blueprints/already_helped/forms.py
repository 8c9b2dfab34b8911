"""Since when, who leads and coordinates, and when the team next reviews; each may be not known."""

from portal.domain.viewer import Viewer
from portal.models.families import Family
from portal.queries import already_helped as read
from portal.services.already_helped import Known
from portal.web.forms import DateField, PickField, PortalForm, Required, SelectChoice, not_later_than_today


class AlreadyForm(PortalForm):
    edits = True
    told_by_history = True
    started_on = DateField(
        "When did {early_help} start?",
        [not_later_than_today],
        called="Date early help started",
        description="Leave it empty if it is not known",
    )
    lead = PickField(
        "Who is the {lead_professional}?",
        description="They are not asked again: they lead already. Leave it if nobody does, or it is not known",
    )
    next_review_on = DateField(
        "When does the team next review?",
        called="Date of the next review",
        description="Leave it empty if it is not known",
    )
    coordinator = PickField("Who is the {coordinator}?", [Required("Choose {coordinator:a}")])
    meant: read.Asked

    @property
    def known(self) -> Known:
        return Known(self.started_on.data, self.next_review_on.data)


def already_form(family: Family, viewer: Viewer) -> AlreadyForm:
    """The coordinator who writes it is offered as the family's."""
    meant = read.of_family(family)
    mine = next((str(user_id) for user_id, _ in meant.coordinators if user_id == viewer.user_id), None)
    form = AlreadyForm(
        version=str(family.version),
        started_on=meant.started_on,
        next_review_on=meant.next_review_on,
        coordinator=mine,
    )
    form.meant = meant
    if meant.brought_in:
        del form.lead, form.coordinator
        return form
    form.lead.choices = [
        SelectChoice("", "Nobody, or not known"),
        *(SelectChoice(each.value, each.words) for each in meant.candidates),
    ]
    form.coordinator.choices = [
        SelectChoice("", "Choose a person"),
        *(SelectChoice(str(user_id), name) for user_id, name in meant.coordinators),
    ]
    return form
