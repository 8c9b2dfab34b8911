"""Notes about a family: for its team, or for the writer's own organisation only."""

from portal.core import clock
from portal.core.db import db
from portal.domain.events import E
from portal.domain.viewer import Viewer
from portal.models.families import Family, Note, NoteAudience
from portal.services import history


def write(family: Family, *, text: str, audience: NoteAudience, by: Viewer) -> Note:
    """The line of history says that a note was written and never what it says: who may read the history may not
    be who may read the note."""
    note = Note(
        family_id=family.id,
        author_id=by.user_id,
        organisation_id=by.organisation_id,
        audience=audience,
        text=text,
        written_at=clock.now(),
    )
    db.session.add(note)
    history.record(E.NOTE_WRITTEN, family, by=by)
    return note
