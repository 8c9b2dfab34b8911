"""Write a note about a family."""

from portal.blueprints.notes import bp
from portal.blueprints.notes.forms import NoteForm, note_form
from portal.domain.permissions import P
from portal.domain.viewer import Viewer
from portal.models.families import Family, NoteAudience
from portal.queries import families
from portal.services import notes as change
from portal.web.pages import Done, render
from portal.web.policy import Policy


def new_page(family: Family, _viewer: Viewer, form: NoteForm) -> str:
    return render("notes/new.html", header=families.header(family), form=form)


@bp.form(
    "/families/<ref:family>/notes/new",
    policy=Policy(P.NOTE_WRITE, Family),
    form=note_form,
    page=new_page,
    keeps_draft=True,
)
def new(family: Family, viewer: Viewer, form: NoteForm) -> Done:
    change.write(family, text=form.text.data or "", audience=NoteAudience(form.audience.data), by=viewer)
    return Done(f"/families/{family.ref}/history", "Note saved")
