"""Long forms kept while they are written: for whoever writes, and gone once they are sent."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete, select

from portal.core import clock
from portal.core.db import db
from portal.domain.viewer import Viewer
from portal.models.families import Family
from portal.models.record import FormDraft


def keep(form: str, thing: Any, answers: Mapping[str, list[str]], *, by: Viewer) -> None:
    """Everything typed into this form of this thing, in place of what was kept before. No history, no message: it
    is nobody's business until it is sent."""
    found = db.session.scalars(
        select(FormDraft).where(FormDraft.user_id == by.user_id, FormDraft.form == form, FormDraft.subject == thing.ref)
    ).first()
    if found is None:
        family_id = thing.id if isinstance(thing, Family) else thing.family_id
        found = FormDraft(family_id=family_id, user_id=by.user_id, form=form, subject=thing.ref)
        db.session.add(found)
    found.answers, found.saved_at = dict(answers), clock.now()
    db.session.flush()


def discard(form: str, thing: Any, *, by: Viewer) -> None:
    """It was sent, or its writer begins anew."""
    db.session.execute(
        delete(FormDraft).where(FormDraft.user_id == by.user_id, FormDraft.form == form, FormDraft.subject == thing.ref)
    )
