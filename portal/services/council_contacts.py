"""Whom people are told to ring: the council's own numbers, in place of the server's settings."""

from collections.abc import Mapping

from portal.core.db import db
from portal.core.errors import Refused
from portal.domain.administering import Act, differing, told
from portal.domain.contacts import CONTACTS
from portal.domain.dates import moment
from portal.domain.viewer import Viewer
from portal.facts import administration as changes
from portal.models.record import CouncilContact
from portal.services import administration

SUBJECT = "contacts"


def change(values: Mapping[str, str | None], *, seen: int, by: Viewer) -> bool:
    """Of each contact its value, None for the server's. False where nothing is different. `seen` is the newest change
    of anything that was on the page: where contacts were changed after it, Refused tells by whom."""
    newest = changes.latest_row(SUBJECT)
    if newest is not None and newest.id > seen:
        what = "; ".join(told(newest.before, newest.after))
        raise Refused(f"{newest.by_name} changed these on {moment(newest.at)}. {what}. What you typed is still here.")
    own = {key: db.session.get(CouncilContact, key) for key in CONTACTS}
    was, now = differing({key: row.value if row else None for key, row in own.items()}, dict(values))
    for key, value in now.items():
        row = own[key]
        if value is None and row is not None:
            db.session.delete(row)
        elif row is not None:
            row.value = value
        else:
            db.session.add(CouncilContact(key=key, value=value))
    if now:
        db.session.flush()
        administration.record(Act.CONTACTS_CHANGED, SUBJECT, "contact details", by=by, before=was, after=now)
    return bool(now)
