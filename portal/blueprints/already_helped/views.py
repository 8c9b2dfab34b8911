"""Record that a family is in early help already, and later what was not known."""

from portal.blueprints.already_helped import bp
from portal.blueprints.already_helped.forms import AlreadyForm, already_form
from portal.domain.permissions import P
from portal.domain.viewer import Viewer
from portal.models.families import Family
from portal.queries import families
from portal.services import already_helped as change
from portal.web.already import lead_id
from portal.web.pages import Done, render
from portal.web.policy import Policy


def already_page(family: Family, _viewer: Viewer, form: AlreadyForm) -> str:
    return render("already_helped/already.html", header=families.header(family), shown=form.meant, form=form)


@bp.form(
    "/families/<ref:family>/already", policy=Policy(P.ALREADY_HELPED, Family), form=already_form, page=already_page
)
def already(family: Family, viewer: Viewer, form: AlreadyForm) -> Done:
    here = f"/families/{family.ref}"
    if form.meant.brought_in:
        change.fill_in(family, form.known, by=viewer)
        return Done(here, "Saved")
    change.bring_in(
        family,
        form.known,
        coordinator_id=int(form.coordinator.data),
        lead_id=lead_id(form),
        by=viewer,
    )
    return Done(here, "{Early_help} is active. What is not known yet stands on this page")
