"""A note, and who may read it."""

from portal.domain.viewer import Viewer
from portal.models.families import Family, NoteAudience
from portal.web.forms import LONG, PortalForm, RadiosField, Required, SelectChoice, TextField


class NoteForm(PortalForm):
    text = TextField(
        "What do you want to write down?",
        [Required("Enter a note")],
        longest=LONG,
        called="Note",
        description="Write it as if the family will read it. They can ask to.",
    )
    audience = RadiosField("Who is it for?", [Required("Select who the note is for")], default=NoteAudience.TEAM.value)


def note_form(_family: Family, viewer: Viewer) -> NoteForm:
    form = NoteForm()
    form.audience.choices = [
        SelectChoice(NoteAudience.TEAM.value, "Everybody who works with the {family}"),
        SelectChoice(NoteAudience.ORGANISATION.value, f"Only people of {viewer.organisation}"),
    ]
    return form
