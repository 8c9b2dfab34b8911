"""Record a visit, a call or another contact with a family."""

from portal.blueprints.contacts import bp
from portal.blueprints.contacts.forms import ContactForm, contact_form
from portal.core import clock
from portal.domain.permissions import P
from portal.domain.support import Method
from portal.domain.viewer import Viewer
from portal.models.families import Family
from portal.queries import contacts as read
from portal.queries import families
from portal.services import contacts as change
from portal.web.gate import listed
from portal.web.pages import Done, render
from portal.web.policy import Policy


@bp.get("/contacts", policy=Policy(P.ACTION_LIST))
def choose(viewer: Viewer) -> str:
    found = read.families_of(viewer)
    listed(len(found.families))
    return render("contacts/choose.html", found=found)


def new_page(family: Family, _viewer: Viewer, form: ContactForm) -> str:
    return render("contacts/new.html", header=families.header(family), form=form)


@bp.form(
    "/families/<ref:family>/contacts/new",
    policy=Policy(P.CONTACT_RECORD, Family),
    form=contact_form,
    page=new_page,
    keeps_draft=True,
)
def new(family: Family, viewer: Viewer, form: ContactForm) -> Done:
    change.record(
        family,
        on=form.on.data or clock.today(),
        method=Method(form.method.data),
        answered=form.answered.data == "yes",
        seen=form.seen,
        note=form.note.data,
        by=viewer,
        tried_by=int(form.tried_by.data) if form.tried_by.data else None,
        long_ago=bool(form.long_ago.data),
    )
    return Done(f"/families/{family.ref}", "Contact recorded")
