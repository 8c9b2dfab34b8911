"""Forms kept until they are sent: for whoever writes, and for them alone."""

from collections.abc import Mapping

from sqlalchemy import delete, select

from portal.core import clock
from portal.core.db import db
from portal.domain.viewer import Viewer
from portal.models.record import FormDraft


def keep(
    form: str, subject: str, answers: Mapping[str, list[str]], *, family_id: int | None = None, by: Viewer
) -> None:
    """Everything typed into this form of this thing, in place of what was kept before. No history, no message: it
    is nobody's business until it is sent."""
    found = db.session.scalars(
        select(FormDraft).where(FormDraft.user_id == by.user_id, FormDraft.form == form, FormDraft.subject == subject)
    ).first()
    if found is None:
        found = FormDraft(family_id=family_id, user_id=by.user_id, form=form, subject=subject)
        db.session.add(found)
    found.answers, found.saved_at = dict(answers), clock.now()
    db.session.flush()


def discard(form: str, subject: str, *, by: Viewer) -> None:
    """It was sent, or its writer begins anew."""
    db.session.execute(
        delete(FormDraft).where(FormDraft.user_id == by.user_id, FormDraft.form == form, FormDraft.subject == subject)
    )
