"""A mistake in a family's history is mended by a further line that names it; nothing is edited away."""

from portal.core.db import db
from portal.core.errors import Refused
from portal.domain.event_kinds import E
from portal.domain.events import OF_REQUESTS
from portal.domain.viewer import Viewer
from portal.models.families import Family
from portal.models.record import Event
from portal.services import history, safety


def correct(line: Event, right: str, *, by: Viewer) -> Event:
    """Say what is right instead. Whoever may read the corrected line reads the correction, and nobody else.
    Raises FieldRefused at `text` where more people read it than may know the confidential address that it tells."""
    if line.kind in OF_REQUESTS:
        raise Refused("This is not corrected here: it is told again where it is asked or answered.")
    if not line.keepers_only:
        safety.demand_kept_back(line.family_id, right, field="text")
    apart = safety.kept_apart_of(line)
    if apart is not None:
        correction = safety.give_reason(E.LINE_CORRECTED, apart, right, by=by)
    else:
        family = db.session.get_one(Family, line.family_id)
        correction = history.record(E.LINE_CORRECTED, family, by=by, text=right)
    correction.corrects_id = line.id
    correction.organisation_id, correction.revision_id = line.organisation_id, line.revision_id
    correction.keepers_only = line.keepers_only
    return correction
