"""Notes about a family: for its team, or for the writer's own organisation only."""

from portal.core import clock
from portal.core.db import db
from portal.domain.event_kinds import E
from portal.domain.viewer import Viewer
from portal.models.families import Family, Note, NoteAudience
from portal.services import history, safety


def write(family: Family, *, text: str, audience: NoteAudience, by: Viewer) -> Note:
    """Its line of history is read by whom the note is for, and never says what it says: that stands in the note.
    Raises FieldRefused at `text` where it tells a confidential address."""
    safety.demand_kept_back(family.id, text, field="text")
    line = history.record(E.NOTE_WRITTEN, family, by=by)
    if audience is NoteAudience.ORGANISATION:
        line.organisation_id = by.organisation_id
    db.session.flush()
    note = Note(
        family_id=family.id,
        author_id=by.user_id,
        organisation_id=by.organisation_id,
        audience=audience,
        text=text,
        written_at=clock.now(),
        event_id=line.id,
    )
    db.session.add(note)
    return note
