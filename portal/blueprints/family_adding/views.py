"""Add a family that is not known here yet; one that may be the same is shown first."""

from collections.abc import Sequence

from portal.blueprints.family_adding import bp
from portal.blueprints.family_adding.forms import FamilyForm, HelpedForm, family_form
from portal.domain.permissions import P
from portal.domain.viewer import Viewer
from portal.policies import rules
from portal.queries import doors
from portal.services import already_helped, look_ups
from portal.services import families as change
from portal.web import already, submissions
from portal.web.found import Found, with_buttons
from portal.web.gate import searched, shows
from portal.web.navigation import landing
from portal.web.pages import Answer, Done, render
from portal.web.policy import Policy


def new_page(viewer: Viewer, form: FamilyForm, alike: Sequence[Found] = ()) -> str:
    return render("family_adding/new.html", form=form, alike=alike, away=landing(viewer, leads=False))


@bp.form("/families/new", policy=Policy(P.FAMILY_ADD), form=family_form, page=new_page)
def new(viewer: Viewer, form: FamilyForm) -> Done | Answer:
    alike = [] if form.another.data else doors.look_up(form.terms, viewer)
    if alike:
        return _offer(viewer, form, alike)
    family = change.add(form.name.data or "", people=form.new_people, homes=form.homes, by=viewer)
    shows(family.id, family.ref)
    here = f"/families/{family.ref}"
    if isinstance(form, HelpedForm) and form.is_helped:
        already_helped.bring_in(
            family,
            already.known(form),
            coordinator_id=int(form.coordinator.data),
            lead_id=already.lead_id(form),
            by=viewer,
        )
        return Done(here, f"{{Family}} {family.ref} added. What is not known yet stands on this page")
    if not rules.allowed(viewer, P.FAMILY_VIEW, family):
        # The front door adds a family it does not open: it goes on as with one that it has just looked up.
        (row,) = look_ups.record(by=viewer, reason=look_ups.ADDING, searched_by=look_ups.BY_NAME, found=[family.id])
        return Done(f"/suggested/new?look_up={row.id}", f"{{Family}} {family.ref} added. Record what you suggested")
    return Done(here, f"{{Family}} {family.ref} added")


def _offer(viewer: Viewer, form: FamilyForm, alike: Sequence[doors.LookUpCard]) -> Answer:
    """Nothing is added yet: show the family that is here, recorded as the look-up it is."""
    searched(len(alike), look_ups.BY_NAME, look_ups.ADDING)
    rows = look_ups.record(
        by=viewer,
        reason=look_ups.ADDING,
        searched_by=look_ups.BY_NAME,
        found=[card.family_id for card in alike],
        sent=submissions.fingerprint(),
    )
    found = with_buttons(alike, rows)
    form.refuse("another", "Look at the {family} that is here already, or select that this is another {family}")
    return Answer(lambda: new_page(viewer, form, found), 422)
