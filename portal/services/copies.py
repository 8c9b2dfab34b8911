"""Somebody asked what is held about them: kept is who, how it was made sure that it is them, and what for."""

from portal.core import clock
from portal.core.db import db
from portal.domain.viewer import Viewer
from portal.models.families import Person
from portal.models.subjects import DataCopy


def ask(person: Person, *, why: str, asked_by: str, identity: str, by: Viewer) -> DataCopy:
    made = DataCopy(
        family_id=person.family_id,
        person_id=person.id,
        why=why,
        asked_by=asked_by,
        identity=identity,
        made_by_id=by.user_id,
        made_by_name=by.name,
        made_at=clock.now(),
    )
    db.session.add(made)
    db.session.flush()
    return made
