"""Since when, who leads and coordinates, and when the team next reviews; each may be not known."""

from portal.domain.viewer import Viewer
from portal.models.families import Family
from portal.queries import already_helped as read
from portal.services.already_helped import Known
from portal.web import already
from portal.web.forms import PickField, PortalForm, Required


class AlreadyForm(PortalForm):
    edits = True
    told_by_history = True
    started_on = already.started_on()
    lead = already.lead()
    next_review_on = already.next_review_on()
    coordinator = PickField("Who is the {coordinator}?", [Required(already.NEEDED)])
    meant: read.Asked

    @property
    def known(self) -> Known:
        return already.known(self)


def already_form(family: Family, viewer: Viewer) -> AlreadyForm:
    meant = read.of_family(family)
    form = AlreadyForm(
        version=str(family.version),
        started_on=meant.started_on,
        next_review_on=meant.next_review_on,
        coordinator=already.myself(meant, viewer),
    )
    form.meant = meant
    if meant.brought_in:
        del form.lead, form.coordinator
    else:
        already.offer(form, meant)
    return form
